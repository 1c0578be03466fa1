"""Reading: the lines of the log that fit a filter, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tenants.scope import fetch


@dataclass(frozen=True)
class Filter:
    """What is asked for; None asks for everything. `until` is not included."""

    since: datetime | None = None
    until: datetime | None = None
    person_id: UUID | None = None
    verb: str | None = None
    object_kind: str | None = None
    object_id: str | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """Which questions were asked, for the line that says that the log was read."""
        return {name: True for name in self.__dataclass_fields__ if getattr(self, name) is not None}


@dataclass(frozen=True)
class Line:
    """One line. `person` is a name, None where nobody did it; `seal` its number, None before."""

    id: UUID
    at: datetime
    person: str | None
    verb: str
    object_kind: str
    object_id: str | None
    detail: str
    address: str | None
    client: str | None
    reason: str | None
    seal: int | None


async def read(wanted: Filter, *, limit: int) -> list[Line]:
    """At most `limit` lines of the open scope's municipality."""
    rows = await fetch(
        """SELECT event.id, at, person.name AS person, verb, object_kind, object_id, detail,
                  address, client, reason, audit_seal.number AS seal
           FROM audit_event AS event
           LEFT JOIN person ON person.id = event.person_id
           LEFT JOIN audit_seal ON audit_seal.event_id = event.id
           WHERE ($1::timestamptz IS NULL OR at >= $1) AND ($2::timestamptz IS NULL OR at < $2)
             AND ($3::uuid IS NULL OR event.person_id = $3)
             AND ($4::text IS NULL OR verb = $4) AND ($5::text IS NULL OR object_kind = $5)
             AND ($6::text IS NULL OR object_id = $6)
           ORDER BY at DESC, event.id DESC LIMIT $7""",
        wanted.since,
        wanted.until,
        wanted.person_id,
        wanted.verb,
        wanted.object_kind,
        wanted.object_id,
        limit,
    )
    return [Line(**dict(row)) for row in rows]


@dataclass(frozen=True)
class Choices:
    """What the log can be asked for."""

    people: list[tuple[UUID, str]]
    verbs: list[str]
    kinds: list[str]


async def choices() -> Choices:
    """Who did something in the open scope's municipality, and which words its log holds."""
    people = await fetch(
        """SELECT id, name FROM person WHERE id IN (SELECT DISTINCT person_id FROM audit_event)
           ORDER BY name, id"""
    )
    words = await fetch("SELECT DISTINCT verb, object_kind FROM audit_event")
    return Choices(
        [(row["id"], row["name"]) for row in people],
        sorted({row["verb"] for row in words}),
        sorted({row["object_kind"] for row in words}),
    )
