"""What a municipality says about its providers: whom they may speak for, how high, how sure."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from tenants.audit import record
from tenants.ceilings import Ceiling
from tenants.founding import speaks_for
from tenants.identity.addresses import check_issuer
from tenants.identity.assurance import Levels, stored_levels
from tenants.identity.sealing import seal
from tenants.members import Member, find_member
from tenants.roles import Permission
from tenants.scope import execute, fetch, fetch_row, fetch_value

MOST_PROPOSED = 5
"""How many proposals may wait for the platform at a time."""


class ChangedMeanwhile(Exception):
    """Somebody else changed the provider since the form was drawn; nothing was written."""


class ShutsYouOut(Exception):
    """With this the one who asks could not come in to undo it; nothing may be written."""


class NotApproved(Exception):
    """The platform has not approved the provider yet."""


class TooManyProposed(Exception):
    """Several proposals wait already."""


@dataclass(frozen=True)
class Rules:
    """What an accepted provider may vouch for; `organisations` None means every one.

    `levels` None reads its log-ins by the platform's table.
    """

    organisations: tuple[UUID, ...] | None
    ceiling: Ceiling
    levels: Levels | None


@dataclass(frozen=True)
class Accepted:
    """One provider of the open scope's municipality."""

    id: UUID
    name: str
    label: str
    issuer: str
    rules: Rules
    levels: Levels
    """As they hold: the municipality's own, or else the platform's."""
    version: int
    approved_at: datetime | None
    enabled_at: datetime | None


_ACCEPTED = """
SELECT provider.id, name, label, issuer, approved_at, enabled_at, every_organisation, ceiling,
       accepted.assurance AS own_acr, accepted.methods AS own_amr, version,
       provider.assurance AS acr, provider.methods AS amr,
       array(SELECT organisation_id FROM accepted_organisation AS speaks
             WHERE speaks.provider_id = provider.id) AS organisations
FROM accepted_provider AS accepted JOIN provider ON provider.id = accepted.provider_id
WHERE withdrawn_at IS NULL AND ($1::text IS NULL OR name = $1)
ORDER BY label, name
"""


async def accepted() -> list[Accepted]:
    """The municipality's providers, waiting and closed ones too, by label."""
    return [_accepted(row) for row in await fetch(_ACCEPTED, None)]


async def one_accepted(name: str) -> Accepted | None:
    """The municipality's provider of that name."""
    row = await fetch_row(_ACCEPTED, name)
    return _accepted(row) if row else None


async def change_rules(
    provider: Accepted, rules: Rules, *, version: int, by: Member, session: str
) -> None:
    """Let other rules hold from the next request on, if nobody changed them since `version`.

    Raises ChangedMeanwhile, or ShutsYouOut when the holder of `session` would lose this right.
    """
    stored = await fetch_value(
        """UPDATE accepted_provider
           SET every_organisation = $3, ceiling = $4, assurance = $5::jsonb, methods = $6::jsonb,
               version = version + 1
           WHERE provider_id = $1 AND version = $2 RETURNING version""",
        provider.id,
        version,
        rules.organisations is None,
        rules.ceiling,
        json.dumps(rules.levels.acr) if rules.levels else None,
        json.dumps(rules.levels.amr) if rules.levels else None,
    )
    if stored is None:
        raise ChangedMeanwhile()
    await speaks_for(provider.id, rules.organisations or ())
    await _require_still_in(by, session)
    every = rules.organisations is None
    await record(
        by=by,
        verb="provider.changed",
        object_kind="provider",
        object_id=provider.id,
        detail={
            "organisations": "every" if every else [str(one) for one in rules.organisations or ()],
            "ceiling": rules.ceiling,
            "levels": {"acr": rules.levels.acr, "amr": rules.levels.amr} if rules.levels else None,
            "version": stored,
        },
    )


async def open_provider(provider: Accepted, *, by: Member) -> None:
    """Let its people in from now on. Raises NotApproved."""
    opened = await fetch_value(
        """UPDATE accepted_provider SET enabled_at = now(), version = version + 1
           FROM provider WHERE provider.id = provider_id AND provider_id = $1
             AND enabled_at IS NULL AND approved_at IS NOT NULL RETURNING true""",
        provider.id,
    )
    if opened:
        await _record(by, "provider.opened", provider)
    elif provider.approved_at is None:
        raise NotApproved()


async def close_provider(provider: Accepted, *, by: Member, session: str) -> None:
    """Let nobody in with it from the next request on. Raises ShutsYouOut."""
    closed = await fetch_value(
        """UPDATE accepted_provider SET enabled_at = NULL, version = version + 1
           WHERE provider_id = $1 AND enabled_at IS NOT NULL RETURNING true""",
        provider.id,
    )
    if closed:
        await _require_still_in(by, session)
        await _record(by, "provider.closed", provider)


async def propose_provider(
    *,
    by: Member,
    label: str,
    issuer: str,
    client_id: str,
    client_secret: str | None,
    secret_key: str,
) -> str:
    """Ask the platform for a provider; the name that it got. Nothing is called at its address.

    Until the platform has approved it and an administrator opens it, it lets nobody in, and then
    reporters of no organisation yet. Raises LogInRefused for an address that no provider may have
    and TooManyProposed.
    """
    # As in production, wherever this runs: what is typed here may name nothing inside.
    check_issuer(issuer, production=True)
    waiting = await fetch_value(
        """SELECT count(*) FROM accepted_provider JOIN provider ON provider.id = provider_id
           WHERE approved_at IS NULL AND withdrawn_at IS NULL"""
    )
    if waiting >= MOST_PROPOSED:
        raise TooManyProposed()
    provider_id, name = uuid4(), f"{by.municipality.slug[:30]}-{secrets.token_hex(4)}"
    await execute(
        """INSERT INTO provider (id, name, label, issuer, client_id, client_secret,
                                 client_authentication, proposed_for)
           VALUES ($1, $2, $3, $4, $5, $6, $7, ks.current_tenant())""",
        provider_id,
        name,
        label,
        issuer,
        client_id,
        seal(client_secret, secret_key) if client_secret else "",
        "secret" if client_secret else "private_key",
    )
    await execute(
        """INSERT INTO accepted_provider (tenant_id, provider_id)
           VALUES (ks.current_tenant(), $1)""",
        provider_id,
    )
    await record(
        by=by,
        verb="provider.proposed",
        object_kind="provider",
        object_id=provider_id,
        detail={"issuer": issuer},
    )
    return name


async def _require_still_in(by: Member, session: str) -> None:
    now = await find_member(session, by.municipality, seen=False)
    if not isinstance(now, Member) or not now.may(Permission.PROVIDER_MANAGE):
        raise ShutsYouOut()


async def _record(by: Member, verb: str, provider: Accepted) -> None:
    await record(by=by, verb=verb, object_kind="provider", object_id=provider.id)


def _accepted(row: "object") -> Accepted:
    values = dict(row)  # type: ignore[call-overload]
    platform = Levels(json.loads(values["acr"]), json.loads(values["amr"]))
    own = None
    if values["own_acr"] is not None or values["own_amr"] is not None:
        own = stored_levels(values["own_acr"], values["own_amr"], platform)
    every = values["every_organisation"]
    return Accepted(
        id=values["id"],
        name=values["name"],
        label=values["label"],
        issuer=values["issuer"],
        rules=Rules(
            organisations=None if every else tuple(values["organisations"]),
            ceiling=Ceiling(values["ceiling"]),
            levels=own,
        ),
        levels=own or platform,
        version=values["version"],
        approved_at=values["approved_at"],
        enabled_at=values["enabled_at"],
    )


def as_lines(levels: dict[str, int]) -> str:
    """A table of levels as an administrator writes it: `value = level`, one a line."""
    return "\n".join(f"{value} = {level}" for value, level in levels.items())


def from_lines(lines: Sequence[str]) -> dict[str, int]:
    """The table in such lines; ValueError names the number of the first line that is none."""
    found: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        value, sign, level = (part.strip() for part in line.rpartition("="))
        if not line.strip():
            continue
        known = sign and 0 < len(value) <= 200 and value.isprintable() and value not in found
        if not known or level not in ("1", "2", "3", "4") or len(found) >= 20:
            raise ValueError(number)
        found[value] = int(level)
    return found
