"""The municipality as a map: quiet ground, areas in plum, numbered places that lead to the list.

The ground is drawn once for each municipality and window and kept; values are drawn on top of it.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any, Protocol

from markupsafe import Markup

from service.statistics.coverage import UNCERTAIN_BELOW
from service.web.draw import svg
from service.web.draw.lens import Lens, find_lens
from service.web.draw.projection import Bounds, Projection, Ring, bounds_of, look_at, rings_of
from service.web.draw.svg import Point
from service.web.formats import number
from service.web.language import _

PIN = 15.5
SOURCE = "SCB, GSHHG, GeoNames"


class Ground(Protocol):
    """What is known of a municipality's land; ``service.geography.base_map`` gives it."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def land(self) -> list[Any]: ...
    @property
    def surroundings(self) -> list[Any]: ...
    @property
    def lakes(self) -> list[Any]: ...
    @property
    def localities(self) -> list[Any]: ...
    @property
    def bounds(self) -> Bounds: ...


@dataclass(frozen=True)
class Place:
    """One area. ``step`` is 0–5 (``step_of``), ``coverage`` 0–1 or None; ``boundary`` is GeoJSON.

    ``numbers``: its ranks in the list as (number, address, name for screen readers), such as
    ``(1, "#p1", "Samlingar, Centrum")``. ``kind`` is the area's: a ``rest`` is never filled, since
    it is most of the map and its colour would drown the others.
    """

    name: str
    latitude: float
    longitude: float
    boundary: dict[str, Any]
    step: int = 0
    coverage: float | None = None
    kind: str = "locality"
    locality: str = ""
    numbers: Sequence[tuple[int, str, str]] = ()
    high: bool = False  # lies high together with its neighbours
    address: str = ""
    """Where the area leads; whoever uses the keyboard has the same in the table beside it."""
    signal: str = ""
    """What stands out there, in words; it is marked with a dot."""

    @property
    def unsure(self) -> bool:
        return self.coverage is not None and self.coverage < UNCERTAIN_BELOW


def municipality_map(ground: Ground, places: Sequence[Place], key: str, title: str = "") -> Markup:
    """Both drawings, 460 and 350 units wide. Names, scale and source are drawn in."""
    return svg.both(
        draw_map(ground, places, f"{key}-w", title, width=460, height=480),
        draw_map(ground, places, f"{key}-n", title, width=350, height=380),
    )


def draw_map(
    ground: Ground, places: Sequence[Place], key: str, title: str, width: int, height: int
) -> Markup:
    """One drawing; role ``group`` when a place leads to the list, else ``img``."""
    cells = [place for place in places if place.kind != "rest"]
    corners = [corner for place in cells for ring in rings_of(place.boundary) for corner in ring]
    inner = bounds_of(corners) if corners else ground.bounds
    view = look_at(inner, ground.bounds, width, height)
    height = int(view.height)
    lens = find_lens(view, cells)
    body = [_hatches(key), svg.rect("sea", 0, 0, width, height), draw_ground(ground, view)]
    body += [_cell(place, view, key) for place in cells]
    body += [mark for place in cells for mark in _signal(place, view, lens)]
    pins = _spread([pin for place in places for pin in _pins(place, view, lens)], width, height)
    if lens is not None:
        body += _draw_lens(lens, ground, cells, key)
    body += _names(ground, places, view, lens, pins)
    body += [_scale(view), svg.text(SOURCE, 8, height - 9, "", "source")]
    linked = any(address for _x, _y, _number, address, _name in pins)
    linked = linked or any(place.address for place in cells)
    body += [_pin(*pin) for pin in sorted(pins, key=lambda pin: pin[2])]
    return svg.drawing(
        width,
        height,
        body,
        key=key,
        style="map",
        role="group" if linked else "img",
        title=title or _("Karta över %(name)s", name=ground.name),
        description=_("Numren är desamma som i listan. Samma uppgifter finns i tabellen."),
    )


_kept: OrderedDict[tuple[Any, ...], Markup] = OrderedDict()


def draw_ground(ground: Ground, view: Projection) -> Markup:
    """Land, neighbouring land and lakes; kept for the 64 windows last used (some 10 ms each)."""
    where = (ground.code, view, len(ground.land))
    if where in _kept:
        _kept.move_to_end(where)
        return _kept[where]
    drawn = Markup("").join(
        (
            svg.path("other", view.outline(ground.surroundings)),
            svg.path("land", view.outline(ground.land), fill_rule="evenodd"),
            svg.path("lake", view.outline(ground.lakes)),
        )
    )
    _kept[where] = drawn
    if len(_kept) > 64:
        _kept.popitem(last=False)
    return drawn


def _hatches(key: str) -> Markup:
    """Dark lines for light cells, light lines for dark ones."""
    return svg.hatch(f"{key}-h", size=4) + svg.hatch(f"{key}-k", size=4, style="hatch light")


def _cell(place: Place, view: Projection, key: str) -> Markup:
    rings: list[Ring] = rings_of(place.boundary)
    outline = view.outline(rings, detail=0.4, smallest=0.1)
    style = f"cell q{place.step}" + (" unsure" if place.unsure else "")
    drawn = svg.path(style, outline, fill_rule="evenodd")
    if place.high:
        drawn += svg.path("high", outline)
    if place.unsure:
        drawn += svg.path(
            "", outline, fill=f"url(#{key}-{'k' if place.step > 2 else 'h'})", fill_rule="evenodd"
        )
    if not place.address:
        return drawn
    # Joined by hand: a town has hundreds of these in a page that must be quick.
    link = svg.attributes(class_="area", href=place.address, tabindex="-1", aria_label=place.name)
    return Markup(f"<a{link}>{drawn}</a>")


def _signal(place: Place, view: Projection, lens: Lens | None) -> list[Markup]:
    """A dot beside the middle of the area, so that a number there can still be read."""
    if not place.signal:
        return []
    x, y = view.point(place.longitude, place.latitude)
    if lens is not None and lens.holds(place):
        x, y = lens.view.point(place.longitude, place.latitude)
    dot = svg.circle("signal", x + PIN, y - PIN, 5)
    return [Markup("<g><title>{}</title>{}</g>").format(place.signal, dot)]


Pin = tuple[float, float, int, str, str]


def _pins(place: Place, view: Projection, lens: Lens | None) -> list[Pin]:
    x, y = view.point(place.longitude, place.latitude)
    if lens is not None and lens.holds(place):
        x, y = lens.view.point(place.longitude, place.latitude)
    return [(x, y, number_, address, name) for number_, address, name in place.numbers]


def _spread(pins: list[Pin], width: float, height: float) -> list[Pin]:
    """Push numbers apart until all can be read and pressed; they stay near their place."""
    spots = [[pin[0] + 0.01 * pin[2], pin[1]] for pin in pins]
    for _round in range(60):
        moved = False
        for i, one in enumerate(spots):
            for other in spots[i + 1 :]:
                dx, dy = other[0] - one[0], other[1] - one[1]
                apart = hypot(dx, dy) or 0.01
                lack = 2 * PIN - apart
                if lack > 0.1:
                    moved = True
                    push_x, push_y = dx / apart * lack / 2, dy / apart * lack / 2
                    one[0], one[1] = one[0] - push_x, one[1] - push_y
                    other[0], other[1] = other[0] + push_x, other[1] + push_y
        for spot in spots:
            spot[0] = min(max(spot[0], PIN + 2), width - PIN - 2)
            spot[1] = min(max(spot[1], PIN + 2), height - PIN - 22)
        if not moved:
            break
    return [(x, y, *pin[2:]) for (x, y), pin in zip(spots, pins, strict=True)]


def _pin(x: float, y: float, place_number: int, address: str, name: str) -> Markup:
    drawn = svg.polygon("", svg.hexagon(x, y, PIN)) + svg.text(place_number, x, y + 5.3, "middle")
    if not address:
        return Markup('<g class="pin">{}</g>').format(drawn)
    return Markup('<a class="pin" href="{}" aria-label="{}. {}">{}</a>').format(
        address, place_number, name, drawn
    )


def _draw_lens(lens: Lens, ground: Ground, cells: Sequence[Place], key: str) -> list[Markup]:
    frame = svg.hexagon(lens.x, lens.y, lens.radius)
    inside = Markup("").join(
        [
            svg.polygon("sea", frame),
            draw_ground(ground, lens.view),
            *(_cell(place, lens.view, key) for place in cells),
        ]
    )
    return [
        *(svg.path("ray", svg.polyline(ray)) for ray in lens.rays()),
        svg.path("lens-edge", svg.polyline(svg.hexagon(*lens.town, lens.reach), closed=True)),
        Markup('<defs><clipPath id="{}-c">{}</clipPath></defs>').format(
            key, svg.polygon("", frame)
        ),
        Markup('<g clip-path="url(#{}-c)">{}</g>').format(key, inside),
        svg.path("lens-edge", svg.polyline(frame, closed=True)),
        svg.text(
            _("%(name)s, förstorat", name=lens.name), lens.x, lens.y + lens.radius + 15, "middle"
        ),
    ]


def _names(
    ground: Ground,
    places: Sequence[Place],
    view: Projection,
    lens: Lens | None,
    pins: Sequence[Pin],
) -> list[Markup]:
    """Names of localities, the most populated first; one that would cover something is left out."""
    taken: list[Bounds] = [(x - PIN, y - PIN, x + PIN, y + PIN) for x, y, *_rest in pins]
    # The scale and the source keep their corners.
    taken += [(view.width - 110, view.height - 40, view.width, view.height)]
    taken += [(0, view.height - 24, 150, view.height)]
    if lens is not None:
        r = lens.radius
        taken.append((lens.x - r * 0.87, lens.y - r, lens.x + r * 0.87, lens.y + r + 20))
        taken.append(
            (
                lens.town[0] - lens.reach,
                lens.town[1] - lens.reach,
                lens.town[0] + lens.reach,
                lens.town[1] + lens.reach,
            )
        )
    body: list[Markup] = []
    for town in sorted(ground.localities, key=lambda town: -town.population)[:14]:
        x, y = view.point(town.longitude, town.latitude)
        wide = 7.4 * len(town.name)
        near = lens is not None and hypot(x - lens.town[0], y - lens.town[1]) < lens.reach
        away = lens.reach + 2 if lens is not None and near else 14.0
        for at_x, at_y in _spots(x, y, wide, away):
            area = (at_x - wide / 2, at_y - 13, at_x + wide / 2, at_y + 4)
            seen = (
                area[0] > 2
                and area[1] > 2
                and area[2] < view.width - 2
                and area[3] < view.height - 2
            )
            if seen and not any(_meet(area, other) for other in taken):
                taken.append(area)
                body.append(svg.text(town.name, at_x, at_y, "middle"))
                break
    return body


def _spots(x: float, y: float, wide: float, away: float) -> list[Point]:
    """Where a name can stand: over, under, right, left; then the same beyond a number."""
    return [
        spot
        for far in (away, away + 9)
        for spot in (
            (x, y - far),
            (x, y + far + 10),
            (x + wide / 2 + far, y + 4),
            (x - wide / 2 - far, y + 4),
        )
    ]


def _meet(a: Bounds, b: Bounds) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _scale(view: Projection) -> Markup:
    """A bar of 1, 2 or 5 × 10ⁿ km, at most a quarter of the drawing."""
    length = 0.1
    for candidate in (0.2, 0.5, 1, 2, 5, 10, 20, 50, 100):
        if candidate * view.per_km <= view.width / 4:
            length = candidate
    right, y = view.width - 12.0, view.height - 12.0
    left = right - length * view.per_km
    bar = svg.path(
        "scale-bar", svg.polyline([(left, y - 5), (left, y), (right, y), (right, y - 5)])
    )
    return bar + svg.text(
        _("%(length)s km", length=number(length)), (left + right) / 2, y - 8, "middle"
    )
