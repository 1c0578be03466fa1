"""The database: does it answer, is it new enough, are its tables those of this code?"""

from service.operations.declared import history, tables
from service.operations.finding import Finding, error, warning, well
from service.settings import Settings
from tenants.bootstrap import MINIMUM_VERSION
from tenants.inspection import columns_missing, who
from tenants.scope import fetch, open_scope, platform_scope

CHECK = "databas"
MIGRATE = "Kör `kraftsamling migrate` (som ks_owner, med KS_OWNER_DATABASE_URL)."


async def server(settings: Settings) -> list[Finding]:
    """The server's version, and who we are there."""
    async with platform_scope():
        role, number, version = await who(open_scope())
    findings = []
    if number < MINIMUM_VERSION:
        findings.append(
            error(
                CHECK,
                f"PostgreSQL är {version}; kommunernas murar kräver 15.18 eller nyare.",
                "Uppgradera servern och starta om.",
                refuses=True,
            )
        )
    if role != "ks_app":
        findings.append(
            error(
                CHECK,
                f"Tjänsten är inloggad som {role}, inte som ks_app.",
                "Sätt KS_DATABASE_URL till en adress med användaren ks_app.",
                refuses=True,
            )
        )
    return findings or [well(CHECK, f"PostgreSQL {version} svarar, inloggad som {role}.")]


async def migrations(settings: Settings) -> list[Finding]:
    """The history has been run to its end, and left every table that this code reads."""
    check = "migrationer"
    async with platform_scope():
        there = {row["name"] for row in await fetch("SELECT name FROM migration")}
        lacking = await columns_missing(open_scope(), tables())
    waiting = [one for one in history() if one not in there]
    if waiting:
        newer = any(one > waiting[0] for one in there)
        how = (
            "är halvkörd: senare steg finns men inte" if newer else "är inte körd till slut: saknar"
        )
        return [
            error(check, f"Databasens historia {how} {', '.join(waiting)}.", MIGRATE, refuses=True)
        ]
    if lacking:
        return [
            error(
                check,
                f"Historien sägs vara körd, men {', '.join(lacking[:5])} saknas.",
                "Återställ databasen från säkerhetskopian eller kör det som fattas för hand.",
                refuses=True,
            )
        ]
    unknown = sorted(there - set(history()))
    if unknown:
        return [
            warning(
                check,
                f"Databasen är nyare än programmet: {', '.join(unknown)}.",
                "Det är rätt mitt i en uppgradering; annars: installera den nyare versionen.",
            )
        ]
    return [well(check, f"{len(there)} steg körda, inget väntar.")]
