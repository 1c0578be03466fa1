"""Sources outside that are asked at certain times still answer."""

from service.operations.finding import Finding, warning, well
from service.settings import Settings
from service.sources.police.feed import read_feed
from service.web.formats import moment
from tenants.scope import platform_scope

CHECK = "källor"


async def heard(settings: Settings) -> list[Finding]:
    if not settings.police_url:
        return [well(CHECK, "Polisens händelser hämtas inte (KS_POLICE_EVENTS_URL är tom).")]
    async with platform_scope():
        feed = await read_feed()
    if feed.silent:
        since = moment(feed.answered_at) if feed.answered_at else "aldrig"
        return [
            warning(
                CHECK,
                f"Polisens händelser har inte hämtats på ett dygn; senast {since}. {feed.failure}",
                "Kontrollera KS_POLICE_EVENTS_URL, att maskinen når dit och att schemaläggare och "
                "arbetare lever. `kraftsamling fetch police` försöker nu, om det är dags.",
            )
        ]
    if feed.answered_at is None:
        return [well(CHECK, "Polisens händelser har inte hunnit hämtas än.")]
    return [well(CHECK, f"Polisens händelser hämtades senast {moment(feed.answered_at)}.")]
