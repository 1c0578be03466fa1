"""Fonts as we serve them: what the pages never draw with is not sent to a phone."""

from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

WEIGHTS = (400, 700)
"""The lightest and the heaviest that the stylesheet asks for."""
FEATURES = ["kern", "tnum"]
"""Even spacing, and figures that stand under each other; nothing else is switched on anywhere."""


def trim_font(source: Path) -> bytes:
    """A variable font as WOFF2 with all its characters, but only `WEIGHTS` and `FEATURES`.

    The same bytes every time, since they are part of the name of what is built.
    """
    font = TTFont(source, recalcTimestamp=False)
    options = Options()
    options.layout_features = FEATURES
    options.hinting = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=font.getBestCmap())
    subsetter.subset(font)
    font = instantiateVariableFont(font, {"wght": WEIGHTS})
    font.flavor = "woff2"
    written = BytesIO()
    font.save(written)
    return written.getvalue()
