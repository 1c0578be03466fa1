"""What a person sees and ends of their own: where they are logged in, and as whom."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tenants.identity.sessions import ABSOLUTE_LIMIT, IDLE_LIMIT, token_hash
from tenants.scope import execute, fetch, fetch_row


@dataclass(frozen=True)
class OwnSession:
    """One browser that is logged in; `here` is the one that asks."""

    id: UUID
    provider: str
    created_at: datetime
    seen_at: datetime
    here: bool


@dataclass(frozen=True)
class OwnIdentity:
    """One log-in that is this person, by the labels of the providers that share its issuer."""

    label: str
    linked_at: datetime


@dataclass(frozen=True)
class Proof:
    """When and by which provider the holder of a session proved who they are."""

    provider_name: str
    authenticated_at: datetime


async def own_sessions(person_id: UUID, token: str) -> list[OwnSession]:
    """The person's live sessions, the latest used first; in any scope."""
    rows = await fetch(
        """SELECT session.id, label, session.created_at, seen_at, token_hash = $2 AS here
           FROM session JOIN provider ON provider.id = provider_id
           WHERE person_id = $1 AND seen_at > now() - $3::interval
             AND session.created_at > now() - $4::interval ORDER BY here DESC, seen_at DESC""",
        person_id,
        token_hash(token),
        IDLE_LIMIT,
        ABSOLUTE_LIMIT,
    )
    return [
        OwnSession(row["id"], row["label"], row["created_at"], row["seen_at"], row["here"])
        for row in rows
    ]


async def own_identities(person_id: UUID) -> list[OwnIdentity]:
    """The log-ins that are this person, oldest first; in any scope."""
    rows = await fetch(
        """SELECT linked_at, coalesce((SELECT string_agg(DISTINCT label, ', ') FROM provider
                                       WHERE provider.issuer = identity.issuer), issuer) AS label
           FROM identity WHERE person_id = $1 ORDER BY linked_at, issuer""",
        person_id,
    )
    return [OwnIdentity(row["label"], row["linked_at"]) for row in rows]


async def end_own_session(person_id: UUID, session_id: UUID) -> bool:
    """End one of the person's own sessions; whether there was one."""
    done = await execute(
        "DELETE FROM session WHERE person_id = $1 AND id = $2", person_id, session_id
    )
    return done == "DELETE 1"


async def end_other_sessions(person_id: UUID, token: str) -> None:
    """End every session of the person but the one that asks."""
    await execute(
        "DELETE FROM session WHERE person_id = $1 AND token_hash <> $2",
        person_id,
        token_hash(token),
    )


async def proof_of(token: str) -> Proof | None:
    """How the holder of the session got in."""
    row = await fetch_row(
        """SELECT provider.name, authenticated_at FROM session
           JOIN provider ON provider.id = provider_id WHERE token_hash = $1""",
        token_hash(token),
    )
    return Proof(row["name"], row["authenticated_at"]) if row else None
