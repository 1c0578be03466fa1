"""What has changed in how the municipality divides its places and its words, as the page says it.

A sum over an area or a category that is no more, or that begins in the middle of the series, is not
a rise or a fall: so the reader is told which, and since when.
"""

from datetime import timedelta

from service.cycle.mapping.week import local_day
from service.web.formats import day
from service.web.language import _, ngettext
from tenants.scope import fetch

TOLD_FOR = timedelta(weeks=26)


async def recent_changes() -> list[str]:
    """A sentence for each area that is no more and each category that is not offered any more."""
    since = local_day() - TOLD_FOR
    areas = await fetch(
        """SELECT name, retired_on FROM area WHERE retired_on > $1 AND replaced_by IS NULL
           ORDER BY retired_on, name""",
        since,
    )
    exchanges = await fetch(
        """SELECT retired_on, count(*) AS number FROM area
           WHERE retired_on > $1 AND replaced_by IS NOT NULL
           GROUP BY retired_on ORDER BY retired_on""",
        since,
    )
    categories = await fetch(
        """SELECT label, hidden_on FROM category WHERE hidden_on > $1
           ORDER BY hidden_on, label""",
        since,
    )
    return [
        *(
            ngettext(
                "%(num)s område byttes mot andra %(day)s. Alla rapporter, också äldre, räknas "
                "sedan dess i de nya områdena, så att veckor före och efter går att jämföra. "
                "Fastställda utgåvor står kvar som de var.",
                "%(num)s områden byttes mot andra %(day)s. Alla rapporter, också äldre, räknas "
                "sedan dess i de nya områdena, så att veckor före och efter går att jämföra. "
                "Fastställda utgåvor står kvar som de var.",
                row["number"],
                day=day(row["retired_on"]),
            )
            for row in exchanges
        ),
        *(
            _(
                "Området %(name)s är inte längre ett eget område sedan %(day)s. Det som har "
                "rapporterats där står kvar, och de områden som har tagit över jämförs först när "
                "de har egna veckor.",
                name=row["name"],
                day=day(row["retired_on"]),
            )
            for row in areas
        ),
        *(
            _(
                "Kategorin %(name)s går inte längre att rapportera sedan %(day)s. Det som har "
                "rapporterats står kvar, och nya kategorier jämförs först när de har egna veckor.",
                name=row["label"],
                day=day(row["hidden_on"]),
            )
            for row in categories
        ),
    ]
