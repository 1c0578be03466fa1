"""The providers that people may log in with, and which municipality accepts which."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from tenants.ceilings import Ceiling
from tenants.founding import accept_provider
from tenants.identity.addresses import check_issuer, is_loopback
from tenants.identity.assurance import HIGHEST, LOWEST, Levels
from tenants.identity.client_keys import ensure_client_key
from tenants.identity.refusal import LogInRefused
from tenants.identity.sealing import seal
from tenants.roles import Role
from tenants.scope import (
    execute,
    fetch,
    fetch_row,
    fetch_value,
    operator_scope,
    platform_scope,
    tenant_scope,
)

_NAME = re.compile(r"[a-z0-9-]{2,40}")
_FIELDS = """id, name, label, issuer, client_id, client_secret, client_authentication,
             signing_algorithms, provider.assurance, provider.methods, least_assurance"""
# Nobody logs in with a provider that the platform has not approved, or has withdrawn.
_IN_USE = "withdrawn_at IS NULL AND approved_at IS NOT NULL AND NOT built_in"


class ProviderRefused(ValueError):
    """The provider cannot be added; the message says which value is wrong and why."""


class UnsafeInProduction(RuntimeError):
    """Production must not start: what it would trust, anybody on this machine could be."""


@dataclass(frozen=True)
class Provider:
    """One connection to one OpenID provider.

    `levels` reads what it says of a log-in, unless a municipality has a table of its own; below
    `least_assurance` nobody is let in. `sealed_secret` is encrypted, see `sealing`, and empty
    where we prove who we are with a key of our own.
    """

    id: UUID
    name: str
    label: str
    issuer: str
    client_id: str
    sealed_secret: str = field(repr=False)
    signing_algorithms: tuple[str, ...] = ("RS256", "ES256", "PS256", "EdDSA")
    levels: Levels = field(default_factory=Levels)
    least_assurance: int = LOWEST
    signs_itself: bool = False
    """Whether we prove who we are by `private_key_jwt` instead of the secret."""


async def find_provider(name: str) -> Provider | None:
    """The provider in use of that name."""
    if not _NAME.fullmatch(name):
        return None
    row = await fetch_row(f"SELECT {_FIELDS} FROM provider WHERE name = $1 AND {_IN_USE}", name)
    return _provider(row) if row else None


async def provider_by_id(provider_id: UUID) -> Provider | None:
    row = await fetch_row(
        f"SELECT {_FIELDS} FROM provider WHERE id = $1 AND NOT built_in", provider_id
    )
    return _provider(row) if row else None


async def providers_in_use(issuer: str | None = None) -> list[Provider]:
    """All providers in use, or those of one issuer; by name."""
    rows = await fetch(
        f"""SELECT {_FIELDS} FROM provider
            WHERE {_IN_USE} AND ($1::text IS NULL OR issuer = $1) ORDER BY name""",
        issuer,
    )
    return [_provider(row) for row in rows]


async def accepted_providers() -> list[Provider]:
    """Those that the open scope's municipality lets in; by label."""
    rows = await fetch(
        f"""SELECT {_FIELDS} FROM provider
            JOIN accepted_provider ON accepted_provider.provider_id = provider.id
            WHERE {_IN_USE} AND enabled_at IS NOT NULL ORDER BY label"""
    )
    return [_provider(row) for row in rows]


async def providers_of(person_id: UUID) -> list[Provider]:
    """Those that any municipality of the person lets in, by label. Opens scopes of its own."""
    async with platform_scope():
        rows = await fetch("SELECT DISTINCT tenant_id FROM ks.memberships_of($1)", person_id)
    found: dict[UUID, Provider] = {}
    for row in rows:
        async with tenant_scope(row["tenant_id"]):
            found |= {one.id: one for one in await accepted_providers()}
    return sorted(found.values(), key=lambda one: one.label)


async def add_provider(
    *,
    tenant_slug: str,
    name: str,
    issuer: str,
    client_id: str,
    client_secret: str | None,
    secret_key: str,
    production: bool,
    acr: Sequence[str] = (),
    amr: Mapping[str, int] | None = None,
    join: str | None = None,
    label: str | None = None,
    organisations: Sequence[str] = (),
    ceiling: str = Ceiling.RUNNING,
) -> UUID:
    """Add or renew the provider `name` and let its people into the municipality `tenant_slug`.

    The listed `acr` values get the levels 2, 3, 4 … in the order given, at most 4: weakest first;
    who says none of them is not let in. `amr` gives methods a level. Without a `client_secret` we
    prove who we are with our own key. `organisations` (by name; none is every one) and `ceiling`
    limit whom it may vouch for. `join` is the role that unknown people of the provider get in
    that municipality. Opens an operator's scope and then the municipality's. Raises
    ProviderRefused.
    """
    role = _checked(
        name=name,
        issuer=issuer,
        client_id=client_id,
        client_secret=client_secret,
        join=join,
        production=production,
    )
    if ceiling not in set(Ceiling):
        raise ProviderRefused(f"--ceiling {ceiling!r} is none of {', '.join(Ceiling)}.")
    if not all(LOWEST <= level <= HIGHEST for level in (amr or {}).values()):
        raise ProviderRefused("--amr takes METHOD=LEVEL with a level from 1 to 4.")
    async with operator_scope():
        tenant_id = await fetch_value(
            "SELECT id FROM municipality WHERE slug = $1 AND suspended_at IS NULL", tenant_slug
        )
    if tenant_id is None:
        raise ProviderRefused(f"There is no municipality {tenant_slug!r}.")
    async with tenant_scope(tenant_id):
        speaks = await _organisations_named(organisations) if organisations else None
    async with operator_scope():
        provider_id = await store_provider(
            name=name,
            label=label or name,
            issuer=issuer,
            client_id=client_id,
            sealed_secret=seal(client_secret, secret_key) if client_secret else None,
            levels=Levels(
                {value: min(HIGHEST, level) for level, value in enumerate(acr, start=2)},
                dict(amr or {}),
            ),
            least_assurance=2 if acr else LOWEST,
            only_for=tenant_id,
        )
        if client_secret is None:
            await ensure_client_key(secret_key)
    async with tenant_scope(tenant_id):
        await accept_provider(
            provider_id, join_role=role, organisations=speaks, ceiling=Ceiling(ceiling)
        )
    return provider_id


async def _organisations_named(names: Sequence[str]) -> list[UUID]:
    rows = await fetch(
        "SELECT id, name FROM organisation WHERE name = ANY($1::text[]) AND left_on IS NULL",
        list(names),
    )
    missing = set(names) - {row["name"] for row in rows}
    if missing:
        raise ProviderRefused(f"There is no organisation {', '.join(sorted(missing))!r}.")
    return [row["id"] for row in rows]


async def store_provider(
    *,
    name: str,
    label: str,
    issuer: str,
    client_id: str,
    sealed_secret: str | None,
    levels: Levels | None = None,
    least_assurance: int = LOWEST,
    only_for: UUID | None = None,
) -> UUID:
    """Write the approved provider's row in the open operator's scope; a known name is renewed.

    `only_for` is the municipality whose own it is; one that a second shares is nobody's own.

    A known name keeps its issuer: identities hang on it, so that another issuer under the same
    name would make strangers of everybody. Raises ProviderRefused.
    """
    known = levels or Levels()
    stored = await fetch_value(
        """INSERT INTO provider (id, name, label, issuer, client_id, client_secret,
                                 client_authentication, assurance, methods, least_assurance,
                                 approved_at, proposed_for)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9::jsonb, $10, now(), $11)
           ON CONFLICT (name) DO UPDATE
           SET label = excluded.label, client_id = excluded.client_id,
               client_secret = excluded.client_secret,
               client_authentication = excluded.client_authentication,
               assurance = excluded.assurance, methods = excluded.methods,
               least_assurance = excluded.least_assurance,
               approved_at = coalesce(provider.approved_at, excluded.approved_at),
               withdrawn_at = NULL,
               proposed_for = CASE WHEN provider.proposed_for = excluded.proposed_for
                                   THEN provider.proposed_for END
           WHERE provider.issuer = excluded.issuer
           RETURNING id""",
        uuid4(),
        name,
        label,
        issuer,
        client_id,
        sealed_secret or "",
        "secret" if sealed_secret else "private_key",
        json.dumps(known.acr),
        json.dumps(known.amr),
        least_assurance,
        only_for,
    )
    if stored is None:
        raise ProviderRefused(f"The provider {name!r} exists with another issuer.")
    return UUID(str(stored))


async def approve_provider(name: str, *, secret_key: str, production: bool) -> None:
    """Let the proposed provider `name` be used by the municipality that asked for it.

    The municipality then opens it itself. Opens an operator's scope. Raises ProviderRefused.
    """
    async with operator_scope():
        row = await fetch_row(
            "SELECT issuer, client_authentication FROM provider WHERE name = $1", name
        )
        if row is None:
            raise ProviderRefused(f"There is no provider {name!r}.")
        _check_issuer(row["issuer"], production=production)
        if row["client_authentication"] == "private_key":
            await ensure_client_key(secret_key)
        await execute(
            "UPDATE provider SET approved_at = coalesce(approved_at, now()) WHERE name = $1", name
        )


async def proposed_providers() -> list[dict[str, str]]:
    """What waits for the platform's approval, oldest first. Opens an operator's scope."""
    async with operator_scope():
        rows = await fetch(
            """SELECT provider.name, label, issuer, client_id, municipality.slug AS tenant
               FROM provider LEFT JOIN municipality ON municipality.id = proposed_for
               WHERE approved_at IS NULL AND withdrawn_at IS NULL ORDER BY provider.created_at"""
        )
    return [dict(row) for row in rows]


def assert_production_safe(*, env: str, base_url: str, providers: Iterable[Provider]) -> None:
    """Raise UnsafeInProduction when production would trust this machine or plain http."""
    if env != "production":
        return
    addresses = {"KS_BASE_URL": base_url}
    addresses |= {f"provider {provider.name}": provider.issuer for provider in providers}
    for what, address in addresses.items():
        if urlsplit(address).scheme != "https" or is_loopback(address):
            raise UnsafeInProduction(
                f"{what} is {address}; production needs https and a host that is not this machine."
            )


def _checked(
    *,
    name: str,
    issuer: str,
    client_id: str,
    client_secret: str | None,
    join: str | None,
    production: bool,
) -> Role | None:
    if not _NAME.fullmatch(name):
        raise ProviderRefused("--name takes 2 to 40 of a-z, 0-9 and -.")
    if not client_id or client_secret == "":
        raise ProviderRefused("--client-id and the client's secret must not be empty.")
    _check_issuer(issuer, production=production)
    if join is None:
        return None
    if production:
        raise ProviderRefused("--join lets strangers in: it works in local and test only.")
    if join not in set(Role):
        raise ProviderRefused(f"--join {join!r} is not a role.")
    return Role(join)


def _check_issuer(issuer: str, *, production: bool) -> None:
    try:
        check_issuer(issuer, production=production)
    except LogInRefused as error:
        raise ProviderRefused(f"--issuer {issuer!r}: {error.reason}.") from error


def _provider(row: "object") -> Provider:
    values = dict(row)  # type: ignore[call-overload]
    return Provider(
        id=values["id"],
        name=values["name"],
        label=values["label"],
        issuer=values["issuer"],
        client_id=values["client_id"],
        sealed_secret=values["client_secret"],
        signing_algorithms=tuple(values["signing_algorithms"]),
        levels=Levels(json.loads(values["assurance"]), json.loads(values["methods"])),
        least_assurance=values["least_assurance"],
        signs_itself=values["client_authentication"] == "private_key",
    )
