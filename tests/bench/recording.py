"""Writes down the very statements that a real request sends, so that the floor sends them too."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg

METHODS = ("execute", "fetch", "fetchrow", "fetchval", "executemany")
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


@dataclass(frozen=True)
class Statement:
    """One call on a connection; `arguments` as asyncpg was given them."""

    method: str
    sql: str
    arguments: tuple[Any, ...]


@contextmanager
def recorded() -> Iterator[list[Statement]]:
    """Every statement that this process sends through asyncpg, in order."""
    statements: list[Statement] = []
    originals = {method: getattr(asyncpg.Connection, method) for method in METHODS}

    def wrapped(method: str) -> Any:
        async def call(self: Any, sql: str, *arguments: Any, **options: Any) -> Any:
            statements.append(Statement(method, sql, arguments))
            return await originals[method](self, sql, *arguments, **options)

        return call

    for method in METHODS:
        setattr(asyncpg.Connection, method, wrapped(method))
    try:
        yield statements
    finally:
        for method, original in originals.items():
            setattr(asyncpg.Connection, method, original)


class Replay:
    """Statements to send again and again, with new ids where each request had ids of its own.

    Made from two recordings of the same act: an id that is in the first and not in the second
    belongs to the request (a report, an audit line, a job, a message); all else stays.
    """

    def __init__(self, first: list[Statement], second: list[Statement]) -> None:
        if [one.sql for one in first] != [one.sql for one in second]:
            raise ValueError("The same act sent different statements.")
        in_second = set(_ids(second))
        own = dict.fromkeys(found for found in _ids(first) if found not in in_second)
        self.ids = len(own)
        number = {found: index for index, found in enumerate(own)}
        self.statements = [
            (one.method, one.sql, [_recipe(value, number) for value in one.arguments])
            for one in first
        ]

    def fill(self) -> Iterator[tuple[str, str, list[Any]]]:
        """The statements with a fresh set of ids."""
        fresh = [uuid4() for _ in range(self.ids)]
        for method, sql, recipes in self.statements:
            yield method, sql, [_cook(recipe, fresh) for recipe in recipes]


def _ids(statements: list[Statement]) -> Iterator[str]:
    for statement in statements:
        for value in statement.arguments:
            if isinstance(value, UUID | str):
                yield from _UUID.findall(str(value))


def _recipe(value: Any, number: dict[str, int]) -> Any:
    """(kind, …): a constant, the n-th id, or a text with ids in it."""
    if isinstance(value, UUID) and str(value) in number:
        return ("id", number[str(value)])
    if isinstance(value, str):
        pieces: list[Any] = []
        end = 0
        for found in _UUID.finditer(value):
            if found[0] in number:
                pieces += [value[end : found.start()], number[found[0]]]
                end = found.end()
        if pieces:
            return ("text", [*pieces, value[end:]])
    return ("constant", value)


def _cook(recipe: Any, fresh: list[UUID]) -> Any:
    kind, content = recipe
    if kind == "constant":
        return content
    if kind == "id":
        return fresh[content]
    return "".join(piece if isinstance(piece, str) else str(fresh[piece]) for piece in content)
