"""This installation as a provider sees it."""

from typing import Any

from litestar import Request

from service.settings import Settings
from tenants.identity import providers
from tenants.identity.party import RelyingParty
from tenants.scope import platform_scope


def party_of(request: Request[Any, Any, Any]) -> RelyingParty:
    """The relying party of the application that got `request`."""
    settings: Settings = request.app.state.settings
    return RelyingParty(
        base_url=settings.base_url,
        secret_key=settings.secret_key,
        production=settings.env == "production",
    )


async def assert_production_safe(settings: Settings) -> None:
    """Raise UnsafeInProduction if production would trust this machine; needs an open pool."""
    if settings.env != "production":
        return
    async with platform_scope():
        in_use = await providers.providers_in_use()
    providers.assert_production_safe(env=settings.env, base_url=settings.base_url, providers=in_use)
