"""What a check of an installation found, and how to mend it."""

from dataclasses import dataclass
from typing import Literal

Grade = Literal["ok", "warning", "error"]


@dataclass(frozen=True)
class Finding:
    """`says` is one Swedish sentence; `mend` what to do, empty when all is well."""

    check: str
    grade: Grade
    says: str
    mend: str = ""
    refuses: bool = False
    """Whether a process should not even start."""

    def as_json(self) -> dict[str, str]:
        return {"check": self.check, "grade": self.grade, "says": self.says, "mend": self.mend}


def well(check: str, says: str) -> Finding:
    return Finding(check, "ok", says)


def warning(check: str, says: str, mend: str) -> Finding:
    return Finding(check, "warning", says, mend)


def error(check: str, says: str, mend: str, *, refuses: bool = False) -> Finding:
    return Finding(check, "error", says, mend, refuses)
