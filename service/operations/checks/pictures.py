"""Pictures are compiled in time, in every municipality."""

from datetime import timedelta

from service.operations.finding import Finding, warning, well
from service.settings import Settings
from tenants.municipalities import all_municipalities
from tenants.scope import fetch_value, platform_scope, tenant_scope

WAITS = timedelta(minutes=5)


async def compiled_in_time(settings: Settings) -> list[Finding]:
    check = "lägesbilder"
    async with platform_scope():
        municipalities = await all_municipalities()
    late = []
    for municipality in municipalities:
        async with tenant_scope(municipality.id):
            oldest = await fetch_value(
                """SELECT now() - min(asked_at) FROM job
                   WHERE verb = 'picture.compile' AND finished_at IS NULL"""
            )
        if oldest is not None and oldest > WAITS:
            late.append(f"{municipality.name} ({oldest.total_seconds() / 60:.0f} min)")
    if late:
        return [
            warning(
                check,
                f"Rapporter väntar på att räknas in: {', '.join(late[:5])}"
                + (f" och {len(late) - 5} till." if len(late) > 5 else "."),
                "Se att en arbetare lever och vad dess logg säger om picture.compile.",
            )
        ]
    return [well(check, f"Alla {len(municipalities)} kommuners bilder är i tid.")]
