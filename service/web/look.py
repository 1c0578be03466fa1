"""What every template can use without asking: texts, formats, addresses of files, icons, drawings."""

from jinja2 import Environment

from service.web import assets, draw, language
from service.web.formats import FORMATS
from service.web.icons import category_sign


def furnish(environment: Environment) -> None:
    """Furnish the environment. Globals, not context, so that macros imported without it see them."""
    language.set_up(environment)
    assets.set_up(environment)
    formats = {act.__name__: act for act in FORMATS}
    environment.filters.update(formats, initials=initials)
    environment.globals.update(formats, category_sign=category_sign, draw=draw)
    environment.trim_blocks = environment.lstrip_blocks = True


def initials(name: str) -> str:
    """``AL`` of Anna Lind: the first letters of the first and the last word."""
    words = name.split()
    return "".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words)).upper()
