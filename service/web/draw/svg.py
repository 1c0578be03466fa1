"""The few shapes that every drawing is made of. Presentation lies in the stylesheet, as classes."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

Point = tuple[float, float]


def write(value: float) -> str:
    """A coordinate with one decimal, none when it is whole: a drawing is mostly numbers."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def attributes(**values: object) -> Markup:
    """``x1="4" class="dot"``; None is left out, ``class_`` is class and ``_`` a hyphen."""
    # Thousands are written for one page, so the text is joined by hand and each value escaped.
    return Markup(
        "".join(
            f' {name.rstrip("_").replace("_", "-")}="'
            f'{write(value) if isinstance(value, float) else escape(value)}"'
            for name, value in values.items()
            if value is not None and value != ""
        )
    )


def shape(name: str, **values: object) -> Markup:
    """An element without content."""
    return Markup(f"<{name}{attributes(**values)}/>")


def line(style: str, x1: float, y1: float, x2: float, y2: float) -> Markup:
    return shape("line", class_=style, x1=float(x1), y1=float(y1), x2=float(x2), y2=float(y2))


def rect(
    style: str, x: float, y: float, width: float, height: float, fill: str | None = None
) -> Markup:
    return shape(
        "rect",
        class_=style,
        x=float(x),
        y=float(y),
        width=float(width),
        height=float(height),
        fill=fill,
    )


def circle(style: str, x: float, y: float, radius: float) -> Markup:
    return shape("circle", class_=style, cx=float(x), cy=float(y), r=float(radius))


def text(content: object, x: float, y: float, anchor: str = "", style: str = "") -> Markup:
    """Text at its baseline; ``anchor`` is start (default), middle or end."""
    return Markup("<text{}>{}</text>").format(
        attributes(class_=style, x=float(x), y=float(y), text_anchor=anchor), content
    )


def polyline(points: Iterable[Point], closed: bool = False) -> str:
    """Path data ``M1,2L3,4Z``."""
    data = "L".join(f"{write(x)},{write(y)}" for x, y in points)
    return f"M{data}{'Z' if closed else ''}" if data else ""


def path(style: str, data: str, **more: object) -> Markup:
    return shape("path", class_=style, d=data, **more) if data else Markup()


def polygon(style: str, points: Iterable[Point]) -> Markup:
    return shape(
        "polygon", class_=style, points=" ".join(f"{write(x)},{write(y)}" for x, y in points)
    )


def hexagon(x: float, y: float, radius: float) -> list[Point]:
    """The six corners of a hexagon that stands on a point, as the numbers of places do."""
    half, high = radius * 0.866, radius / 2
    return [
        (x, y - radius),
        (x + half, y - high),
        (x + half, y + high),
        (x, y + radius),
        (x - half, y + high),
        (x - half, y - high),
    ]


def hatch(key: str, size: int = 6, style: str = "hatch") -> Markup:
    """The hatch that says "uncertain basis", to be used as ``fill="url(#key)"``."""
    return Markup(
        '<defs><pattern id="{0}" width="{1}" height="{1}" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><line class="{2}" x1="0" x2="0" y1="0" y2="{1}"/>'
        "</pattern></defs>"
    ).format(key, size, style)


def drawing(
    width: float,
    height: float,
    body: Iterable[Markup],
    *,
    key: str,
    title: str,
    description: str = "",
    style: str = "ch",
    role: str = "img",
    fixed: bool = False,
) -> Markup:
    """A whole drawing with its name and description.

    ``key`` must be unique in the page. ``fixed`` keeps the drawing at its size in pixels instead of
    filling the column. A drawing that holds links has the role ``group``: ``img`` would hide them.
    """
    named = f"{key}-t {key}-d" if description else f"{key}-t"
    desc = Markup('<desc id="{}-d">{}</desc>').format(key, description) if description else Markup()
    size = {"width": float(width), "height": float(height)} if fixed else {}
    return Markup('<svg{}><title id="{}-t">{}</title>{}{}</svg>').format(
        attributes(
            class_=style,
            viewBox=f"0 0 {write(width)} {write(height)}",
            **size,
            role=role,
            aria_labelledby=named,
        ),
        key,
        title,
        desc,
        Markup("").join(body),
    )


def mark(width: float, height: float, body: Iterable[Markup]) -> Markup:
    """A small drawing that only repeats what the text beside it says: silent for screen readers."""
    return Markup('<svg{} aria-hidden="true">{}</svg>').format(
        attributes(
            class_="ch",
            viewBox=f"0 0 {write(width)} {write(height)}",
            width=float(width),
            height=float(height),
        ),
        Markup("").join(body),
    )


def both(wide: Markup, narrow: Markup) -> Markup:
    """Two drawings of the same thing; the stylesheet shows the one that the room has place for."""
    return Markup('<div class="w-only">{}</div><div class="n-only">{}</div>').format(wide, narrow)


def nice_top(values: Sequence[float], steps: int = 5) -> tuple[float, float]:
    """(top, step) of an axis from 0 that holds the values; the step is 1, 2 or 5 × 10ⁿ."""
    highest = max(values, default=0) or 1
    step = 1.0
    while highest > step * steps:
        step = step * 2 if str(step)[0] in "15" else step * 2.5
    whole = int(-(-highest // step))
    return max(whole, 1) * step, step


__all__ = [
    "Point",
    "attributes",
    "both",
    "circle",
    "drawing",
    "hatch",
    "hexagon",
    "line",
    "mark",
    "nice_top",
    "path",
    "polygon",
    "polyline",
    "rect",
    "shape",
    "text",
    "write",
]
