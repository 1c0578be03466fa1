"""The identity providers answer, and what we keep for them can be read and is not too old."""

from datetime import UTC, datetime, timedelta

from service.operations.finding import Finding, error, warning, well
from service.settings import Settings
from tenants.identity.discovery import discover
from tenants.identity.providers import (
    Provider,
    UnsafeInProduction,
    assert_production_safe,
    providers_in_use,
)
from tenants.identity.refusal import LogInRefused
from tenants.identity.sealing import SealBroken, unseal
from tenants.scope import fetch, platform_scope

OLD = timedelta(days=365)


async def _in_use() -> list[Provider]:
    async with platform_scope():
        return await providers_in_use()


async def discovery(settings: Settings) -> list[Finding]:
    check = "inloggning"
    providers = await _in_use()
    findings = []
    for provider in providers:
        try:
            await discover(provider.issuer, production=settings.env == "production")
        except LogInRefused as refusal:
            findings.append(
                error(
                    check,
                    f"Leverantören {provider.name} ({provider.issuer}) duger inte: "
                    f"{refusal.reason}.",
                    "Ingen kan logga in med den förrän dess upptäcktsadress "
                    "(/.well-known/openid-configuration) svarar rätt.",
                )
            )
    return findings or [well(check, f"{len(providers)} leverantörer svarar.")]


async def production(settings: Settings) -> list[Finding]:
    """Production trusts nobody who could be a program on this machine."""
    check = "produktion"
    try:
        assert_production_safe(
            env=settings.env, base_url=settings.base_url, providers=await _in_use()
        )
    except UnsafeInProduction as unsafe:
        return [
            error(
                check,
                str(unsafe),
                "Ta bort leverantören (sätt withdrawn_at) eller rätta KS_BASE_URL.",
                refuses=True,
            )
        ]
    return [well(check, f"KS_ENV är {settings.env}; inget lokalt betros i produktion.")]


async def keys(settings: Settings) -> list[Finding]:
    """Secrets at rest open with today's KS_SECRET_KEY, and none is older than a year."""
    check = "nycklar"
    findings = []
    for provider in await _in_use():
        try:
            unseal(provider.sealed_secret, settings.secret_key)
        except SealBroken:
            findings.append(
                error(
                    check,
                    f"Hemligheten för {provider.name} går inte att läsa med denna KS_SECRET_KEY.",
                    "Sätt tillbaka den förra nyckeln, eller lägg till leverantören på nytt "
                    "(`kraftsamling provider add`).",
                )
            )
    async with platform_scope():
        rows = await fetch(
            """SELECT name, created_at FROM provider
               WHERE withdrawn_at IS NULL AND approved_at IS NOT NULL AND NOT built_in"""
        )
    ages = {f"hemligheten för {row['name']}": row["created_at"] for row in rows}
    if settings.secret_key_changed_at is not None:
        ages["KS_SECRET_KEY"] = settings.secret_key_changed_at
    now = datetime.now(UTC)
    findings += [
        warning(
            check,
            f"{what[:1].upper()}{what[1:]} är {(now - since).days} dagar gammal.",
            "Byt den; en nyckel ska inte bli äldre än ett år.",
        )
        for what, since in ages.items()
        if now - since > OLD
    ]
    return findings or [well(check, "Alla går att läsa och ingen är äldre än ett år.")]
