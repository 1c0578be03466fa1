"""The data-processing agreement, a text of our own; each version stays as it was agreed to."""

from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "templates" / "entrance" / "agreements"
CURRENT = "2026-11"


def paragraphs(version: str = CURRENT) -> list[str]:
    """The agreement's paragraphs; one that begins with `# ` is a heading. Raises KeyError."""
    return [part.strip() for part in _text(version).split("\n\n") if part.strip()]


def fingerprint(version: str = CURRENT) -> bytes:
    """SHA-256 of the agreement's text."""
    return sha256(_text(version).encode()).digest()


def _text(version: str) -> str:
    if version not in {path.stem for path in FOLDER.glob("*.txt")}:
        raise KeyError(version)
    return (FOLDER / f"{version}.txt").read_text(encoding="utf-8")
