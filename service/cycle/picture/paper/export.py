"""The numbers of a picture as files: of exactly what the view may see, with what they rest on."""

from typing import Any

import msgspec

from service.cycle.mapping.week import local_day
from service.cycle.picture.show import Shown
from service.web.language import _
from service.web.spreadsheet import as_csv
from tenants.scope import fetch

Numbers = dict[str, Any]


def _about(shown: Shown, name: str, municipality: str) -> Numbers:
    return {
        "title": name,
        "municipality": municipality,
        "week": shown.week.isoformat(),
        "compiled_at": shown.compiled_at.isoformat(),
        "method": shown.method,
        "source": _("Rapporter från kommunens aktörer, inte polisens statistik."),
        "caution": _(
            "Färre rapporter är inte lugnare om färre har rapporterat. Kommuner, områden och "
            "aktörer jämförs inte med varandra."
        ),
    }


def rows_of(shown: Shown) -> tuple[list[str], list[list[object]]]:
    """Heads and rows: each cell of the picture, or the merged sums where that is what is seen."""
    if shown.wide is None:
        sums = shown.sums or {}
        heads = [_("Område"), _("Kategori"), _("Från vecka"), _("Till vecka"), _("Händelser")]
        return heads, [
            [
                group["area"] or _("Flera områden"),
                group["category"] or _("Flera kategorier"),
                sums["first"],
                sums["last"],
                group["count"],
            ]
            for group in sums["groups"]
        ]
    wide = shown.wide
    heads = [_("Område"), _("Kategori"), _("Veckan"), _("Fyra veckor"), _("Väntat, fyra veckor"),
             _("Högst väntat"), _("Aktörer, åtta veckor"), _("Täckning i området")]  # fmt: skip
    if not wide["begun"]:
        return heads, []
    cells = wide["cells"]
    return heads, [
        [
            wide["areas"][area]["name"],
            wide["categories"][category]["label"],
            _decimal(cells["week"][i]),
            _decimal(cells["four"][i]),
            _decimal(cells["expected"][i]),
            _decimal(cells["at_most"][i]),
            cells["actors"][i],
            _decimal(wide["by_area"]["coverage"][area]),
        ]
        for i, (area, category) in enumerate(zip(cells["area"], cells["category"], strict=True))
    ]


def _decimal(value: float | None) -> str:
    """As a Swedish spreadsheet writes it; empty where nothing may be said."""
    return "" if value is None else f"{value:.4f}".rstrip("0").rstrip(".").replace(".", ",")


def csv_of(shown: Shown, name: str, municipality: str) -> bytes:
    """The rows, and below them what they rest on."""
    heads, rows = rows_of(shown)
    about = _about(shown, name, municipality)
    notes: list[list[object]] = [[], *([key, value] for key, value in about.items())]
    return as_csv(heads, [*rows, *notes])


def json_of(shown: Shown, name: str, municipality: str) -> bytes:
    """All that the view reads, as the picture stores it."""
    part = shown.wide if shown.wide is not None else shown.sums
    return msgspec.json.encode(_about(shown, name, municipality) | {"content": part})


async def geojson_of(shown: Shown, name: str, municipality: str) -> bytes:
    """RFC 7946: each area with its numbers, and no boundary for one that is no more."""
    rows = await fetch(
        """SELECT key, name, boundary FROM area
           WHERE retired_on IS NULL OR retired_on >= $1""",
        local_day(shown.compiled_at),
    )
    shapes = {row["key"]: msgspec.json.decode(row["boundary"]) for row in rows}
    by_name = {row["name"]: row["key"] for row in rows}
    features = []
    if shown.wide is not None:
        numbers = shown.wide.get("by_area", {})
        for i, area in enumerate(shown.wide["areas"] if shown.wide["begun"] else ()):
            told = {key: values[i] for key, values in numbers.items()}
            features.append(_feature(shapes.get(area["key"]), {"name": area["name"]} | told))
    else:
        for group in (shown.sums or {}).get("groups", ()):
            key = by_name.get(group["area"] or "")
            features.append(_feature(shapes.get(key or ""), dict(group)))
    return msgspec.json.encode(
        {"type": "FeatureCollection", "features": features}
        | {"about": _about(shown, name, municipality)}
    )


def _feature(geometry: Numbers | None, properties: Numbers) -> Numbers:
    return {"type": "Feature", "geometry": geometry, "properties": properties}
