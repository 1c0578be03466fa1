"""The providers that people may log in with, and which municipality accepts which."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from tenants.founding import accept_provider
from tenants.identity.addresses import check_issuer, is_loopback
from tenants.identity.refusal import LogInRefused
from tenants.identity.sealing import seal
from tenants.roles import Role
from tenants.scope import fetch, fetch_row, fetch_value, operator_scope, tenant_scope

_NAME = re.compile(r"[a-z0-9-]{2,40}")
_FIELDS = "id, name, label, issuer, client_id, client_secret, signing_algorithms, assurance"


class ProviderRefused(ValueError):
    """The provider cannot be added; the message says which value is wrong and why."""


class UnsafeInProduction(RuntimeError):
    """Production must not start: what it would trust, anybody on this machine could be."""


@dataclass(frozen=True)
class Provider:
    """One connection to one OpenID provider.

    `assurance` gives each accepted acr value its level 1 to 4; empty takes a log-in without acr.
    `sealed_secret` is encrypted, see `sealing`.
    """

    id: UUID
    name: str
    label: str
    issuer: str
    client_id: str
    sealed_secret: str = field(repr=False)
    signing_algorithms: tuple[str, ...] = ("RS256", "ES256", "PS256", "EdDSA")
    assurance: dict[str, int] = field(default_factory=dict)


async def find_provider(name: str) -> Provider | None:
    """The provider in use of that name."""
    if not _NAME.fullmatch(name):
        return None
    row = await fetch_row(
        f"""SELECT {_FIELDS} FROM provider
            WHERE name = $1 AND withdrawn_at IS NULL AND NOT built_in""",
        name,
    )
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
            WHERE withdrawn_at IS NULL AND NOT built_in AND ($1::text IS NULL OR issuer = $1)
            ORDER BY name""",
        issuer,
    )
    return [_provider(row) for row in rows]


async def accepted_providers() -> list[Provider]:
    """Those that the open scope's municipality lets in; by label."""
    rows = await fetch(
        f"""SELECT {_FIELDS} FROM provider
            JOIN accepted_provider ON accepted_provider.provider_id = provider.id
            WHERE withdrawn_at IS NULL AND NOT built_in ORDER BY label"""
    )
    return [_provider(row) for row in rows]


async def add_provider(
    *,
    tenant_slug: str,
    name: str,
    issuer: str,
    client_id: str,
    client_secret: str,
    secret_key: str,
    production: bool,
    acr: Sequence[str] = (),
    join: str | None = None,
    label: str | None = None,
) -> UUID:
    """Add or renew the provider `name` and let its people into the municipality `tenant_slug`.

    The listed `acr` values get the levels 2, 3, 4 … in the order given, at most 4: weakest first.
    `join` is the role that unknown people of the provider get in that municipality. Opens an
    operator's scope and then the municipality's. Raises ProviderRefused.
    """
    role = _checked(
        name=name,
        issuer=issuer,
        client_id=client_id,
        client_secret=client_secret,
        join=join,
        production=production,
    )
    async with operator_scope():
        tenant_id = await fetch_value(
            "SELECT id FROM municipality WHERE slug = $1 AND suspended_at IS NULL", tenant_slug
        )
        if tenant_id is None:
            raise ProviderRefused(f"There is no municipality {tenant_slug!r}.")
        provider_id = await store_provider(
            name=name,
            label=label or name,
            issuer=issuer,
            client_id=client_id,
            sealed_secret=seal(client_secret, secret_key),
            assurance={value: min(4, level) for level, value in enumerate(acr, start=2)},
        )
    async with tenant_scope(tenant_id):
        await accept_provider(provider_id, join_role=role)
    return provider_id


async def store_provider(
    *,
    name: str,
    label: str,
    issuer: str,
    client_id: str,
    sealed_secret: str,
    assurance: dict[str, int] | None = None,
) -> UUID:
    """Write the provider's row in the open operator's scope; a known name is renewed.

    A known name keeps its issuer: identities hang on it, so that another issuer under the same
    name would make strangers of everybody. Raises ProviderRefused.
    """
    stored = await fetch_value(
        """INSERT INTO provider (id, name, label, issuer, client_id, client_secret, assurance)
           VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb)
           ON CONFLICT (name) DO UPDATE
           SET label = excluded.label, client_id = excluded.client_id,
               client_secret = excluded.client_secret, assurance = excluded.assurance,
               withdrawn_at = NULL
           WHERE provider.issuer = excluded.issuer
           RETURNING id""",
        uuid4(),
        name,
        label,
        issuer,
        client_id,
        sealed_secret,
        json.dumps(assurance or {}),
    )
    if stored is None:
        raise ProviderRefused(f"The provider {name!r} exists with another issuer.")
    return UUID(str(stored))


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
    client_secret: str,
    join: str | None,
    production: bool,
) -> Role | None:
    if not _NAME.fullmatch(name):
        raise ProviderRefused("--name takes 2 to 40 of a-z, 0-9 and -.")
    if not client_id or not client_secret:
        raise ProviderRefused("--client-id and the client's secret must not be empty.")
    try:
        check_issuer(issuer, production=production)
    except LogInRefused as error:
        raise ProviderRefused(f"--issuer {issuer!r}: {error.reason}.") from error
    if join is None:
        return None
    if production:
        raise ProviderRefused("--join lets strangers in: it works in local and test only.")
    if join not in set(Role):
        raise ProviderRefused(f"--join {join!r} is not a role.")
    return Role(join)


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
        assurance=json.loads(values["assurance"]),
    )
