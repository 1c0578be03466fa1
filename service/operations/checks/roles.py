"""The roles of the database can do what they must and nothing past the walls."""

from service.operations.finding import Finding, error, well
from service.settings import Settings
from tenants.inspection import (
    named_whole,
    rights_missing,
    rights_too_many,
    roles_out_of_bounds,
    unwalled,
)
from tenants.scope import open_scope, platform_scope

AS_SUPERUSER = "Kör som databasens superanvändare: "


async def rights(settings: Settings) -> list[Finding]:
    check = "rättigheter"
    async with platform_scope():
        await named_whole(open_scope())
        missing = await rights_missing(open_scope())
        too_many = await rights_too_many(open_scope())
        beyond = await roles_out_of_bounds(open_scope())
    findings = [
        error(check, f"ks_app saknar {one}.", f"{AS_SUPERUSER}GRANT {one} TO ks_app;", refuses=True)
        for one in missing
    ]
    findings += [
        error(check, f"En roll når för långt: {one}.", f"{AS_SUPERUSER}REVOKE {one};")
        for one in too_many
    ]
    findings += [
        error(
            check,
            f"En roll är mer än den ska: {one}.",
            f"{AS_SUPERUSER}ALTER ROLE … NOSUPERUSER NOBYPASSRLS NOCREATEROLE; REVOKE … FROM ….",
            refuses="row-level security" in one or "superuser" in one,
        )
        for one in beyond
    ]
    return findings or [well(check, "Rollerna kan det de ska och inget mer.")]


async def walls(settings: Settings) -> list[Finding]:
    check = "murar"
    async with platform_scope():
        await named_whole(open_scope())
        complaints = await unwalled(open_scope())
    return [
        error(
            check,
            f"En mur mellan kommunerna håller inte: {one}.",
            "Stoppa tjänsten och återställ muren ur migrationen som gjorde tabellen.",
            refuses=True,
        )
        for one in complaints
    ] or [well(check, "Radskyddet är påtvingat på alla kommuners tabeller.")]
