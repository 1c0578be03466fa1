"""The web application: the one file that knows every slice and mounts it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Litestar, Router
from litestar.config.csrf import CSRFConfig
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.middleware import DefineMiddleware
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.template import TemplateConfig

from service.entrance.party import assert_production_safe
from service.navigation import navigation
from service.settings import Settings, settings
from service.slices import all_routes
from service.web import api, health, live, look, metrics
from service.web.csrf import OwnPagesOnly
from service.web.errors import show_error
from service.web.forms import FormRequest
from service.web.hosts import OwnHostOnly
from service.web.may import SIGNED_IN, current_member, guard
from service.web.scope import RequestScope
from service.web.security_headers import add_security_headers
from service.web.static_files import static_routes
from service.web.style_guide import style_guide_routes
from tenants.engines import close_engines, open_engines
from tenants.identity.calls import close_calls

TEMPLATES = Path(__file__).parents[1] / "templates"
# Forms are small; a route that takes a file says so itself.
FORM_BYTES = 64 * 1024
# A page that takes longer is no page; whoever asked is told to come back.
LONGEST_STATEMENT_SECONDS = 20


def make_templates() -> Environment:
    """The one Jinja environment: escapes everything and fails on a name that is not given."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    look.set_up(environment)
    return environment


def create_app(configuration: Settings | None = None) -> Litestar:
    """The application as configured; opens its pool and its live listener when it starts."""
    chosen = configuration or settings()

    @asynccontextmanager
    async def connected(app: Litestar) -> AsyncIterator[None]:
        await open_engines(
            chosen.database_url,
            broker_url=chosen.broker_url,
            live_url=chosen.live_url,
            size=chosen.pool_size,
            operator_url=chosen.operator_database_url,
            statement_seconds=LONGEST_STATEMENT_SECONDS,
        )
        await assert_production_safe(chosen)
        hub = live.Hub(chosen.live_url)
        await hub.open()
        app.state.hub = hub
        try:
            yield
        finally:
            await hub.close()
            await close_calls()
            await close_engines()

    csrf = CSRFConfig(
        secret=sha256(b"csrf" + chosen.secret_key.encode()).hexdigest(),
        cookie_name="__Host-csrf",
        cookie_secure=True,
        cookie_httponly=True,
        cookie_samesite="lax",
    )
    app = Litestar(
        route_handlers=[
            *all_routes(),
            *live.routes,
            *health.routes,
            *api.routes,
            *metrics.routes,
            *static_routes,
            *(style_guide_routes if chosen.env != "production" else ()),
        ],
        lifespan=[connected],
        guards=[guard],
        dependencies={"member": Provide(current_member, sync_to_thread=False)},
        request_class=FormRequest,
        middleware=[DefineMiddleware(OwnPagesOnly, config=csrf), DefineMiddleware(RequestScope)],
        before_send=[add_security_headers],
        exception_handlers={HTTPException: show_error, Exception: show_error},
        template_config=TemplateConfig(
            instance=JinjaTemplateEngine.from_environment(make_templates())
        ),
        request_max_body_size=FORM_BYTES,
        openapi_config=OpenAPIConfig(
            title="Kraftsamling",
            version="1",
            render_plugins=[JsonRenderPlugin()],
            openapi_router=Router(
                "/schema", route_handlers=[], opt=SIGNED_IN, include_in_schema=False
            ),
        ),
        logging_config=None,
        debug=False,
    )
    app.state.settings = chosen
    app.state.navigation = navigation
    app.asgi_handler = metrics.Measured(OwnHostOnly(app.asgi_handler, chosen.host))
    return app
