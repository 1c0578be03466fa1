"""Keys of an organisation's own systems: shown once, kept as their hash, each with an end.

A key speaks for one organisation in one municipality. It is no person's: what it hands in is noted
as handed in by the key, which is a person that can not log in.
"""

import secrets
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

from tenants import audit
from tenants.members import Member, MunicipalityRef
from tenants.people.policy import may_reach, own_organisations, reaches_all
from tenants.roles import Permission, Role
from tenants.scope import execute, fetch, fetch_row, fetch_value

# A prefix and a checksum let a scanner tell a key that was left in a file from any other text.
PREFIX = "kraft_"
LONGEST = timedelta(days=366)
MOST_OF_AN_ORGANISATION = 20
# What a key may do: hand in, and read back what its own organisation handed in.
GIVES = frozenset({Permission.REPORT_HAND_IN, Permission.REPORT_READ_OWN})


class NotYours(LookupError):
    """There is no such key or organisation for the one who asks."""


class TooMany(ValueError):
    """The organisation has as many keys as it may have."""


@dataclass(frozen=True)
class ApiKey:
    """A key as a list shows it; the key itself is known to who made it alone."""

    id: UUID
    name: str
    organisation: str
    hint: str
    made_by: str
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None

    @property
    def live(self) -> bool:
        return self.revoked_at is None and self.expires_at > datetime.now(UTC)


def new_secret() -> str:
    """``kraft_`` + 43 random signs + ``_`` + 8 of CRC-32."""
    body = PREFIX + secrets.token_urlsafe(32)
    return f"{body}_{zlib.crc32(body.encode()):08x}"


def hash_of(secret: str) -> bytes | None:
    """SHA-256 of a key; None for what can not be one, so that nothing is asked for it."""
    body, _, check = secret.rpartition("_")
    if not body.startswith(PREFIX) or not secret.isascii() or len(secret) > 100:
        return None
    if f"{zlib.crc32(body.encode()):08x}" != check:
        return None
    return sha256(secret.encode()).digest()


async def make_key(
    *, by: Member, organisation_id: UUID, name: str, lasts: timedelta
) -> tuple[UUID, str]:
    """A new key of the organisation: its id, and the key, which nobody can be shown again.

    Raises NotYours or TooMany.
    """
    if not await may_reach(by, organisation_id):
        raise NotYours(str(organisation_id))
    # Two who make keys at once are counted one after the other.
    taking_part = await fetch_value(
        """SELECT true FROM organisation
           WHERE id = $1 AND (left_on IS NULL OR left_on > ks.today()) FOR UPDATE""",
        organisation_id,
    )
    if not taking_part:
        raise NotYours(str(organisation_id))
    live = await fetch_value(
        """SELECT count(*) FROM api_key
           WHERE organisation_id = $1 AND expires_at > now()
             AND NOT EXISTS (SELECT FROM api_key_end WHERE api_key_id = api_key.id)""",
        organisation_id,
    )
    if live >= MOST_OF_AN_ORGANISATION:
        raise TooMany(str(organisation_id))
    secret, key_id, person_id = new_secret(), uuid4(), uuid4()
    hashed = hash_of(secret)
    assert hashed is not None
    await execute("INSERT INTO person (id, name) VALUES ($1, $2)", person_id, name)
    await execute(
        """INSERT INTO api_key (tenant_id, id, organisation_id, person_id, name, hash, hint,
                                made_by, expires_at)
           VALUES (ks.current_tenant(), $1, $2, $3, $4, $5, $6, $7, now() + $8)""",
        key_id,
        organisation_id,
        person_id,
        name,
        hashed,
        secret[: len(PREFIX) + 4],
        by.person_id,
        min(lasts, LONGEST),
    )
    await audit.record(by=by, verb="api_key.make", object_kind="api_key", object_id=key_id)
    return key_id, secret


async def revoke_key(*, by: Member, key_id: UUID) -> None:
    """It opens nothing from the next request on; revoked twice it is once. Raises NotYours."""
    organisation_id = await fetch_value("SELECT organisation_id FROM api_key WHERE id = $1", key_id)
    if organisation_id is None or not await may_reach(by, organisation_id):
        raise NotYours(str(key_id))
    first = await fetch_value(
        """INSERT INTO api_key_end (tenant_id, api_key_id, revoked_by)
           VALUES (ks.current_tenant(), $1, $2)
           ON CONFLICT (tenant_id, api_key_id) DO NOTHING RETURNING true""",
        key_id,
        by.person_id,
    )
    if first:
        await audit.record(by=by, verb="api_key.revoke", object_kind="api_key", object_id=key_id)


async def keys_within_reach(by: Member) -> list[ApiKey]:
    """The keys that `by` may revoke, those that open something first."""
    rows = await fetch(
        """SELECT api_key.id, api_key.name, organisation.name AS organisation, hint,
                  person.name AS made_by, made_at, expires_at, used_at, revoked_at
           FROM api_key JOIN organisation ON organisation.id = organisation_id
           JOIN person ON person.id = made_by
           LEFT JOIN api_key_end ON api_key_end.api_key_id = api_key.id
           WHERE $1 OR organisation_id = ANY($2::uuid[])
           ORDER BY revoked_at IS NOT NULL, expires_at < now(), made_at DESC LIMIT 200""",
        reaches_all(by),
        list(await own_organisations(by)),
    )
    return [ApiKey(**row) for row in rows]


async def holder_of_key(hashed: bytes, municipality: MunicipalityRef) -> Member | None:
    """Who the key is, as a member that may do what a key may; None when it opens nothing."""
    row = await fetch_row(
        """SELECT api_key.id, api_key.person_id, api_key.name, organisation_id,
                  organisation.name AS organisation, organisation.is_authority,
                  used_at IS NULL OR used_at < now() - interval '1 minute' AS stale
           FROM api_key JOIN organisation ON organisation.id = organisation_id
           WHERE hash = $1 AND expires_at > now()
             AND NOT EXISTS (SELECT FROM api_key_end WHERE api_key_id = api_key.id)
             AND (organisation.left_on IS NULL OR organisation.left_on > ks.today())""",
        hashed,
    )
    if row is None:
        return None
    if row["stale"]:
        await execute("UPDATE api_key SET used_at = now() WHERE id = $1", row["id"])
    return Member(
        person_id=row["person_id"],
        name=row["name"],
        municipality=municipality,
        roles=frozenset({Role.REPORTER}),
        organisation_id=row["organisation_id"],
        organisation_name=row["organisation"],
        is_authority=row["is_authority"] == "yes",
        permissions=GIVES,
        key_id=row["id"],
    )


async def forget_answers() -> None:
    """What was answered to a key more than a day ago is sent as new, so it is not kept."""
    await execute("DELETE FROM api_answer WHERE answered_at < now() - interval '1 day'")
