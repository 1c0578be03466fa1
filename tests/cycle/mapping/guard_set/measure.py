"""How much the guard finds in the labelled set, and how much it marks that is innocent.

The set is invented: Skatteverket's own test numbers, and phone numbers that PTS keeps for fiction.
Each spelling stands alone and in four sentences. The police's published summaries name no
ordinary person, so that every mark in them counts as one too many.
"""

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path

from service.cycle.mapping.guard.look import look_through

HERE = Path(__file__).parent
# The officer on duty and the press numbers are no private person's, but they look like it.
EVERY = 4


@dataclass
class Row:
    """One line of the table: of `asked` strings or sentences, `marked`, of which `certain`."""

    name: str
    asked: int = 0
    marked: int = 0
    certain: int = 0

    @property
    def share(self) -> float:
        return self.marked / self.asked


def spellings() -> list[tuple[str, str]]:
    """(kind, spelling) of the labelled set."""
    lines = (HERE / "spellings.tsv").read_text().splitlines()
    return [(kind, said) for kind, said in (line.split("\t") for line in lines)]


def found() -> list[Row]:
    """A row for each kind: how many of its spellings, in every sentence, are found as that kind."""
    rows: dict[str, Row] = {}
    sentences = (HERE / "sentences.txt").read_text().splitlines()
    for kind, said in spellings():
        row = rows.setdefault(kind, Row(kind))
        for sentence in sentences:
            text = sentence.replace("{}", said)
            start = text.index(said)
            hits = [
                find
                for find in look_through(text)
                if find.kind == kind and find.start < start + len(said) and find.end > start
            ]
            row.asked += 1
            row.marked += bool(hits)
            row.certain += any(find.certain for find in hits)
    return list(rows.values())


def innocent() -> Row:
    """How many innocent sentences of the labelled set are marked."""
    return _marked("innocent", (HERE / "innocent.txt").read_text().splitlines())


def police(file: Path) -> Row:
    """How many of every fourth of the police's summaries are marked."""
    with gzip.open(file, "rt", encoding="utf-8") as opened:
        texts = [row["summary"] for row in csv.DictReader(opened)]
    return _marked("police", texts[::EVERY])


def _marked(name: str, texts: list[str]) -> Row:
    row = Row(name)
    for text in texts:
        finds = look_through(text)
        row.asked += 1
        row.marked += bool(finds)
        row.certain += any(find.certain for find in finds)
    return row
