"""An edition as a document: headings, paragraphs, figures and tables in order, in plain values.

What is written by people goes in as text and is never read as markup.
"""

from typing import Any

from markupsafe import Markup

from service.cycle.picture import explain, lay_out, signal_rows
from service.cycle.picture.draw_map import draw_map
from service.cycle.picture.editions import lay_out as edition_lay_out
from service.cycle.picture.editions.read import EditionHead, capacity_label
from service.cycle.picture.method_page import METHODS
from service.cycle.picture.paper.drawings import described, for_paper
from service.cycle.picture.show import Shown
from service.web.formats import clock, day, moment, number, percent
from service.web.language import _

Block = dict[str, Any]
LISTED = 20


class Document:
    """Blocks in reading order, each a dict with its `kind`."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []

    def heading(self, text: str, level: int = 1) -> None:
        self.blocks.append({"kind": "heading", "level": level, "text": _plain(text)})

    def paragraph(self, text: object, *, small: bool = False) -> None:
        if text:
            self.blocks.append({"kind": "paragraph", "text": _plain(text), "small": small})

    def items(self, texts: list[str]) -> None:
        if texts:
            self.blocks.append({"kind": "list", "items": [_plain(text) for text in texts]})

    def figure(self, drawn: Markup | None, caption: str, alt: str = "") -> None:
        """`alt` is what it shows in words; without it what the drawing says of itself."""
        svg = for_paper(drawn)
        if svg is not None:
            words = alt or described(drawn) or caption
            self.blocks.append(
                {"kind": "figure", "svg": svg, "caption": caption, "alt": _plain(words)}
            )

    def table(
        self, caption: str, heads: list[str], rows: list[list[Any]], right: tuple[int, ...] = ()
    ) -> None:
        if rows:
            self.blocks.append(
                {
                    "kind": "table",
                    "caption": caption,
                    "heads": heads,
                    "rows": [[_plain(cell) for cell in row] for row in rows],
                    "right": list(right),
                    "wide": _widest(rows),
                }
            )


def _widest(rows: list[list[Any]]) -> int:
    """The column that takes the room which the others leave."""
    lengths = [max(len(_plain(row[at])) for row in rows) for at in range(len(rows[0]))]
    return lengths.index(max(lengths))


def _plain(text: object) -> str:
    return Markup(str(text)).striptags() if isinstance(text, Markup) else str(text)


async def document_of(
    head: EditionHead, shown: Shown, *, municipality: str, code: str
) -> dict[str, Any]:
    """The document of the edition as `shown` has it; the same for the same edition."""
    paper = Document()
    if shown.wide is None:
        _sums(paper, shown)
    elif not shown.wide["begun"]:
        paper.paragraph(_("Det fanns inga rapporter att göra en bild av."))
    else:
        await _wide(paper, head, shown, code)
    _proof(paper, head)
    return {
        "title": f"{head.name}, {municipality}",
        "name": head.name,
        "municipality": municipality,
        "number": head.number,
        "frozen": _(
            "Fastställd %(day)s klockan %(time)s",
            day=day(head.frozen_at),
            time=clock(head.frozen_at),
        ),
        "signatures": [
            _("%(name)s, %(capacity)s, %(at)s", name=one.name,
              capacity=capacity_label(one.capacity), at=day(one.at))
            for one in head.signatures
        ]
        + [
            _("Väntar på underskrift: %(capacity)s", capacity=capacity_label(one))
            for one in head.unsigned
        ],
        "replaced": _("Den här utgåvan är ersatt av en senare version.")
        if head.superseded_by
        else "",
        "page_of": _("Sida"),
        "contents": _("Innehåll"),
        "blocks": paper.blocks,
    }  # fmt: skip


async def _wide(paper: Document, head: EditionHead, shown: Shown, code: str) -> None:
    wide = shown.wide or {}
    paper.heading(_("Sammanfattning"))
    if head.kind == "weekly":
        paper.paragraph(explain.headline(wide))
        paper.paragraph(explain.lead(wide))
    else:
        paper.paragraph(edition_lay_out.period_sentence(wide))
    paper.paragraph(explain.coverage_sentence(wide["actors"]) + ".")
    for heading, text in head.written:
        paper.heading(heading, 2)
        for part in text.split("\n"):
            paper.paragraph(part)
    if said := edition_lay_out.judged(wide):
        paper.heading(_("Gruppens bedömning"), 2)
        paper.items(said)
    _priorities(paper, wide)
    _signals(paper, wide)
    drawn = await draw_map(code, wide, head.compiled_at)
    if drawn is not None:
        paper.heading(_("Karta"))
        paper.figure(
            drawn,
            _("Områden efter antal rapporter under fyra veckor. Streckat: osäkert underlag."),
            _map_in_words(wide),
        )
    paper.heading(_("Områden"))
    paper.table(
        _("Områden, alla kategorier tillsammans"),
        [_("Område"), _("I veckan"), _("Väntat"), _("Täckning"), _("4 veckor"), _("Aktörer")],
        lay_out.area_rows(wide, whole=True),
        right=(1, 2, 3, 4, 5),
    )
    _when(paper, shown, wide)
    paper.heading(_("Kategorier"))
    paper.table(
        _("Kategorier, alla områden tillsammans"),
        [_("Kategori"), _("I veckan"), _("Väntat"), _("Aktörer, 8 veckor")],
        lay_out.category_rows(wide),
        right=(1, 2, 3),
    )
    if "period" in wide and head.kind != "weekly":
        _period(paper, wide)
    _method(paper, wide)


def _priorities(paper: Document, wide: dict[str, Any]) -> None:
    rows = lay_out.rows(wide)
    paper.heading(_("Det som går före"))
    for row in rows[:5]:
        paper.heading(f"{row.place}. {row.title}", 2)
        paper.paragraph(row.sentence)
        for words in (row.hot, row.shared, *row.doubts):
            paper.paragraph(words, small=True)
    paper.table(
        _("Prioritering, med osäkerhet"),
        [_("Plats"), _("Kategori och område"), _("Nivå i veckan"), _("Ökning"), _("Allvar"),
         _("Aktörer"), _("Poäng"), _("Troliga platser")],
        [
            [str(row.place), row.title, row.level, row.increase,
             _("%(weight)s av %(most)s", weight=row.weight, most=row.weight_most),
             str(row.actors), row.score, row.likely]
            for row in rows[:LISTED]
        ],
        right=(2, 3, 4, 5, 6, 7),
    )  # fmt: skip
    paper.paragraph(lay_out.weights_sentence(wide), small=True)
    paper.paragraph(explain.equal_weights(wide), small=True)


def _signals(paper: Document, wide: dict[str, Any]) -> None:
    paper.heading(_("Signaler"))
    found = [
        _("%(title)s. %(sentence)s", title=row.title, sentence=row.sentence)
        for row in signal_rows.signals(wide, {})
    ]
    found += [
        _("%(title)s. %(sentence)s", title=row["title"], sentence=row["sentence"])
        for row in (*signal_rows.clusters(wide), *signal_rows.pooled(wide))
    ]
    paper.items(found)
    if not found:
        paper.paragraph(signal_rows.nothing(wide["method"]))
    paper.paragraph(signal_rows.method(wide["method"]), small=True)
    watched = [f"{row['title']}. {row['sentence']}" for row in signal_rows.watched(wide)]
    if watched:
        paper.heading(_("Bevakas"), 2)
        paper.items(watched)
    second = signal_rows.second_opinion(wide)
    if second:
        paper.heading(_("Summor över det normala"), 2)
        paper.items(second)


def _map_in_words(wide: dict[str, Any]) -> str:
    numbers = wide["by_area"]
    named = [
        f"{area['name']} {number(numbers['four'][i], 0)}" for i, area in enumerate(wide["areas"])
    ]
    return _("Rapporter under fyra veckor per område: %(list)s.", list=", ".join(named))


def _when(paper: Document, shown: Shown, wide: dict[str, Any]) -> None:
    paper.heading(_("Utveckling över tid"))
    paper.figure(lay_out.series(shown), _("Händelser per vecka, med det väntade som yta."))
    if wide["change"]:
        paper.paragraph(signal_rows.change(wide))
        paper.items(list(signal_rows.claims(wide)))
    paper.table(
        _("Händelser per vecka"),
        [_("Vecka"), _("Händelser"), _("Väntat"), _("Täckning")],
        lay_out.series_rows(shown)[:26],
        right=(1, 2, 3),
    )
    paper.heading(_("Veckodag och timme"))
    paper.figure(lay_out.hours(wide), _("Händelser per timme och veckodag."))
    paper.paragraph(explain.hours(wide["hours"]))


def _period(paper: Document, wide: dict[str, Any]) -> None:
    paper.heading(_("Perioden"))
    for what, heading in (("categories", _("Per kategori")), ("areas", _("Per område"))):
        paper.heading(heading, 2)
        paper.figure(
            edition_lay_out.period_pairs(wide, what, f"paper-{what}"),
            _("Perioden bredvid samma veckor året före, hos dem som hördes båda åren."),
        )
        paper.table(
            heading,
            [_("Namn"), _("Alla rapporter"), _("Året före"), _("Perioden"),
             _("Gånger så många (95 %%)")],
            edition_lay_out.period_rows(wide, what),
            right=(1, 2, 3, 4),
        )  # fmt: skip
    work = wide.get("work")
    if work:
        paper.heading(_("Beslutat och följt upp"), 2)
        told = {
            "done": _("genomförd"),
            "partly": _("delvis genomförd"),
            "not_done": _("inte genomförd"),
        }
        paper.items(
            [f"§ {one['paragraph']}/{one['year']}: {one['title'] or _('Prioritet')}"
             for one in work["decisions"]]
            + [f"{one['title']}: {told[one['outcome']]}" for one in work["follow_ups"]]
        )  # fmt: skip
        if not (work["decisions"] or work["follow_ups"]):
            paper.paragraph(_("Inget beslut och ingen uppföljning under perioden."))


def _method(paper: Document, wide: dict[str, Any]) -> None:
    paper.heading(_("Metod och källor"))
    paper.paragraph(
        _("Bilden bygger på vad aktörerna har rapporterat och räknar med vilka som har hörts. "
          "Den säger inget om dem som inte har rapporterat, och den rangordnar ingen.")
    )  # fmt: skip
    for one in METHODS:
        paper.heading(one.title, 2)
        paper.paragraph(one.text)
    paper.paragraph(
        _("Källor: kommunens rapportörer. Karta: SCB, GSHHG, GeoNames. "
          "Täckning i snitt: %(share)s.",
          share=percent(sum(wide["by_area"]["coverage"]) / max(len(wide["areas"]), 1))),
        small=True,
    )  # fmt: skip


def _sums(paper: Document, shown: Shown) -> None:
    sums = shown.sums or {}
    paper.heading(_("Fyra veckor tillsammans"))
    paper.paragraph(explain.coverage_sentence(sums["actors"]) + ".")
    paper.table(
        _("Händelser under fyra veckor, per område och kategori"),
        [_("Område"), _("Kategori"), _("Händelser")],
        lay_out.group_rows(sums),
        right=(2,),
    )
    if not sums["groups"]:
        paper.paragraph(_("Färre än tre rapporter kom in, eller alla kom från en enda aktör."))


def _proof(paper: Document, head: EditionHead) -> None:
    paper.heading(_("Så kan bilden prövas"))
    if head.hash is None:
        paper.paragraph(_("Utgåvan är från tiden innan räkningarna frystes, och kan inte prövas."))
        return
    paper.paragraph(
        _("Räkningarna bakom bilden är frysta med den. Ur dem räknas den om, och samma "
          "kontrollsumma ska komma ut, också när rapporterna är gallrade.")
    )  # fmt: skip
    paper.blocks.append({"kind": "code", "text": head.hash})
    paper.paragraph(
        _("Metod %(method)s, program %(code)s, talen från %(at)s.",
          method=head.method, code=head.code, at=moment(head.compiled_at)),
        small=True,
    )  # fmt: skip
