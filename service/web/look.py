"""What every template can use: texts, formats, addresses of files, icons, drawings."""

from jinja2 import Environment

from service.web import assets, draw, formats, language


def set_up(environment: Environment) -> None:
    """Furnish the environment with globals, so that macros imported without context see them."""
    for part in (language, formats, assets):
        part.set_up(environment)
    environment.globals.update(draw=draw)
