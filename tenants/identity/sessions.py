"""Sessions: a random id in the browser, its SHA-256 in the database, and nothing in between.

A session's id is made here and nowhere else, so that a planted cookie never becomes one; who
holds a live one is asked in `tenants.members`, together with what the person is there.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from tenants.scope import execute, fetch, fetch_row

IDLE_LIMIT = timedelta(minutes=30)
ABSOLUTE_LIMIT = timedelta(hours=10)


@dataclass(frozen=True)
class LoggedIn:
    """What a provider vouched for, as a session keeps it."""

    person_id: UUID
    provider_id: UUID
    issuer: str
    subject: str
    provider_session: str | None
    id_token: str
    assurance: int
    """By the provider's own table of levels; `acr` and `amr` are what it said."""
    acr: str | None
    amr: list[str]
    authenticated_at: datetime


@dataclass(frozen=True)
class Ended:
    """A session that was ended here and may be ended at its provider too."""

    provider_id: UUID
    id_token: str | None


def token_hash(token: str) -> bytes:
    return sha256(token.encode()).digest()


async def start_session(by: LoggedIn, *, instead_of: str | None) -> str:
    """A new session's id; the browser's earlier session `instead_of` ends with it."""
    token = secrets.token_urlsafe(32)
    if instead_of:
        await execute("DELETE FROM session WHERE token_hash = $1", token_hash(instead_of))
    await execute(
        "DELETE FROM session WHERE person_id = $1 AND created_at < now() - $2::interval",
        by.person_id,
        ABSOLUTE_LIMIT,
    )
    await execute(
        """INSERT INTO session (token_hash, person_id, provider_id, issuer, subject,
                                provider_session, id_token, assurance, acr, amr,
                                authenticated_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)""",
        token_hash(token),
        by.person_id,
        by.provider_id,
        by.issuer,
        by.subject,
        by.provider_session,
        by.id_token,
        by.assurance,
        by.acr,
        by.amr,
        by.authenticated_at,
    )
    return token


async def holder_of(token: str) -> UUID | None:
    """The person whose live session that is."""
    row = await fetch_row(
        """SELECT person_id FROM session WHERE token_hash = $1
           AND seen_at > now() - $2::interval AND created_at > now() - $3::interval""",
        token_hash(token),
        IDLE_LIMIT,
        ABSOLUTE_LIMIT,
    )
    return row["person_id"] if row else None


async def end_session(token: str) -> Ended | None:
    """End the session of `token`; None when there was none."""
    row = await fetch_row(
        "DELETE FROM session WHERE token_hash = $1 RETURNING provider_id, id_token",
        token_hash(token),
    )
    return Ended(row["provider_id"], row["id_token"]) if row else None


async def forget_expired() -> None:
    """Delete every session past a limit, with what its provider said; in any scope."""
    await execute("DELETE FROM session WHERE seen_at < now() - $1::interval", IDLE_LIMIT)
    await execute("DELETE FROM session WHERE created_at < now() - $1::interval", ABSOLUTE_LIMIT)


async def end_provider_sessions(
    *, issuer: str, subject: str | None, provider_session: str | None, issued_at: datetime
) -> int:
    """End what a provider's log-out names: one of its sessions, or all of a subject.

    Only sessions that began before the log-out was issued, so that an old message that is sent
    again ends nothing new. Returns how many ended.
    """
    ended = await fetch(
        """DELETE FROM session
           WHERE issuer = $1 AND ($2::text IS NULL OR subject = $2)
             AND ($3::text IS NULL OR provider_session = $3)
             AND ($2::text IS NOT NULL OR $3::text IS NOT NULL)
             AND created_at <= $4::timestamptz + interval '60 seconds'
           RETURNING 1""",
        issuer,
        subject,
        provider_session,
        issued_at,
    )
    return len(ended)
