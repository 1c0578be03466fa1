"""Answer with a whole page or with one fragment of it."""

import time
from typing import Any

from litestar import Request
from litestar.response import Template
from markupsafe import Markup

from tenants.members import Member


def is_fragment(request: Request[Any, Any, Any]) -> bool:
    """Whether htmx asked; the one place that reads its header."""
    return request.headers.get("hx-request") == "true"


def shared_context(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """What every template is given, whatever page it belongs to."""
    visitor = request.scope["state"].get("visitor")
    member = visitor if isinstance(visitor, Member) else None
    municipality = member.municipality if member else None
    return {
        "visitor": visitor,
        "member": member,
        "municipality": municipality,
        "demonstration": bool(municipality and municipality.demonstration),
        "lang": "sv",
        "nav": request.app.state.navigation(member) if member else [],
        "request_path": request.url.path,
        "drawn": int(time.time()),
    }


def page(
    request: Request[Any, Any, Any], template: str, *, status: int = 200, **context: Any
) -> Template:
    """A whole page."""
    return Template(
        template,
        context=shared_context(request) | context,
        status_code=status,
        headers={"Vary": "HX-Request", "Cache-Control": "no-store"},
    )


def fragment(
    request: Request[Any, Any, Any], template: str, *, status: int = 200, **context: Any
) -> Template:
    """One fragment, whose root replaces the element of the same id in the page."""
    return page(request, template, status=status, **context)


def drawn(request: Request[Any, Any, Any], template: str, **context: Any) -> Markup:
    """A fragment as text, drawn from `context` alone: nothing of who asks is in it."""
    engine = request.app.template_engine
    assert engine is not None
    return Markup(engine.get_template(template).render(**context))
