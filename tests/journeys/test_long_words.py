"""What people, places and files are called may be one long word: no page is wider for it."""

from uuid import uuid4

from tests.cycle.mapping.batches.files import a_row, as_csv, sent
from tests.journeys.conftest import PHONE, Doorman
from tests.town import Town

WORD = "Fastighetsskötselentreprenadupphandlingsunderlagsförteckningen"


async def test_no_page_is_wider_than_a_phone(found, doorman: Doorman) -> None:
    town: Town = await found("Tallbacka", areas=[f"{WORD[:60]}sgatan", "Torget"])
    rows = [a_row(1, Område="Torget", Typ=WORD, Beskrivning=f"{WORD} {WORD}")]
    batch = await sent(town, as_csv(rows), name=f"felanmälan_{WORD}_{'x' * 90}_2026-11-26.csv")
    await town.post(
        "/rapportera",
        role="reporter",
        report_id=str(uuid4()),
        category="noise",
        area=str(next(iter(town.areas.values()))),
        text=f"{WORD}{WORD}",
    )
    reporter = await doorman.member(town, "reporter", "/rapportera", viewport=PHONE)
    coordinator = await doorman.member(town, "safety_coordinator", "/inkorg", viewport=PHONE)
    wide = []
    for visit, path in (
        (reporter, "/rapportera"),
        (reporter, "/rapporter"),
        (coordinator, "/inkorg"),
        (coordinator, "/kallor/filer"),
        (coordinator, batch.path),
        (coordinator, "/tackning"),
        (coordinator, "/lagesbild"),
        (coordinator, "/kom-igang/omraden"),
        (coordinator, "/rapporter"),
    ):
        await visit.open(f"/{town.slug}{path}")
        await visit.picture(f"langa-ord{path.replace('/', '-')[:30]}")
        width = await visit.page.evaluate("document.documentElement.scrollWidth")
        if width > PHONE["width"]:
            wide.append(f"{path}: {width}")
    assert wide == []
