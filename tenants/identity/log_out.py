"""Log out: here, then at the provider; or because the provider says so."""

from datetime import UTC, datetime
from typing import Any

from authlib.common.urls import add_params_to_uri

from tenants.identity.bucket import first_time, sweep
from tenants.identity.discovery import discover
from tenants.identity.id_token import Expected, unverified_claims, verify_log_out
from tenants.identity.party import RelyingParty
from tenants.identity.providers import provider_by_id, providers_in_use
from tenants.identity.refusal import LogInRefused
from tenants.identity.sessions import end_provider_sessions, end_session
from tenants.scope import platform_scope


async def log_out(party: RelyingParty, session: str) -> str | None:
    """End the session, then the address where the browser ends it at the provider too.

    None when there was no session, or the provider offers no such address or does not answer:
    here the person is logged out all the same. Needs that no scope is open.
    """
    async with platform_scope():
        ended = await end_session(session)
        provider = await provider_by_id(ended.provider_id) if ended else None
    if ended is None or provider is None:
        return None
    try:
        metadata = await discover(provider.issuer, production=party.production)
    except LogInRefused:
        return None
    if metadata.end_session_endpoint is None:
        return None
    parameters = [
        ("client_id", provider.client_id),
        ("post_logout_redirect_uri", party.after_log_out),
    ]
    if ended.id_token:
        parameters.append(("id_token_hint", ended.id_token))
    return str(add_params_to_uri(metadata.end_session_endpoint, parameters))


async def log_out_by_provider(party: RelyingParty, token: Any) -> int:
    """End what a back-channel logout token names; how many sessions that were.

    Raises LogInRefused for anything that is not such a token, fresh and seen for the first time.
    """
    issuer = unverified_claims(token).get("iss")
    if not isinstance(issuer, str) or not 0 < len(issuer) <= 2000 or "\0" in issuer:
        raise LogInRefused("no issuer")
    async with platform_scope():
        candidates = await providers_in_use(issuer)
    if not candidates:
        raise LogInRefused("no provider of that issuer")
    audience = unverified_claims(token).get("aud")
    named = audience if isinstance(audience, list) else [audience]
    ours = next((one for one in candidates if one.client_id in named), candidates[0])
    metadata = await discover(ours.issuer, production=party.production)
    claims = await verify_log_out(
        token,
        metadata,
        Expected(client_id=ours.client_id, algorithms=ours.signing_algorithms),
    )
    async with platform_scope():
        fresh = await first_time("log-out", f"{issuer} {claims['jti']}")
        ended = 0
        if fresh:
            await sweep()
            ended = await end_provider_sessions(
                issuer=issuer,
                subject=claims.get("sub"),
                provider_session=claims.get("sid"),
                issued_at=datetime.fromtimestamp(float(claims["iat"]), UTC),
            )
    if not fresh:
        raise LogInRefused("this log-out was sent before")
    return ended
