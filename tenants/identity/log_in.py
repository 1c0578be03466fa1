"""Log in with OpenID Connect: authorization code, PKCE S256, state, nonce.

No transaction is open while a provider is called: an attempt is stored, the browser leaves, comes
back, the attempt is taken out (once, by the same browser, for the same provider), the provider is
asked, and only then a second transaction makes the session.
"""

import hmac
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import quote_plus
from uuid import UUID

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from tenants.identity import strict_json
from tenants.identity.assurance import LOWEST, Levels, said_acr, said_amr, stored_levels
from tenants.identity.calls import call
from tenants.identity.client_keys import ASSERTION_TYPE, assertion, signing_client_key
from tenants.identity.discovery import Metadata, discover
from tenants.identity.id_token import Expected, verify
from tenants.identity.next_page import own_path
from tenants.identity.party import RelyingParty
from tenants.identity.people import (
    join_where_welcome,
    link_identity,
    name_in,
    person_of_identity,
)
from tenants.identity.providers import Provider, find_provider
from tenants.identity.refusal import (
    Declined,
    LogInRefused,
    NotSureEnough,
    ProviderSilent,
    UnknownProvider,
)
from tenants.identity.sealing import unseal
from tenants.identity.sessions import LoggedIn, holder_of, start_session
from tenants.municipalities import municipality_by_slug
from tenants.scope import execute, fetch_row, platform_scope, tenant_scope

ATTEMPT_LIVES = "10 minutes"
SCOPES = "openid profile email"
LONGEST_PARAMETER = 4096


@dataclass(frozen=True)
class Started:
    """Where the browser goes now, and the token that tells it apart from other browsers."""

    url: str
    browser: str


@dataclass(frozen=True)
class Finished:
    """The new session's id and the own path to go on to; `linked` when two log-ins became one."""

    session: str
    next: str
    person_id: UUID
    linked: bool


@dataclass(frozen=True)
class _Attempt:
    nonce: str
    verifier: str
    next: str
    least_assurance: int
    max_age: int | None
    link_to: UUID | None


async def start_log_in(
    party: RelyingParty,
    provider_name: str,
    *,
    next_page: str | None,
    browser: str | None,
    least_assurance: int = LOWEST,
    max_age: int | None = None,
    link_to: UUID | None = None,
) -> Started:
    """Begin a log-in. `browser` is what an earlier start gave this browser, so that two tabs can
    log in at once.

    `least_assurance` and `max_age` (seconds since the person proved who they are) are asked of the
    provider and must then hold; `link_to` is the person whose further identity this is to become.
    Raises LogInRefused; needs that no scope is open.
    """
    async with platform_scope():
        provider = await find_provider(provider_name)
    if provider is None:
        raise UnknownProvider(provider_name)
    wanted = own_path(next_page)
    metadata = await discover(provider.issuer, production=party.production)
    state, nonce = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    verifier = secrets.token_urlsafe(64)
    if not browser or not 20 <= len(browser) <= 100:
        browser = secrets.token_urlsafe(32)
    async with platform_scope():
        await execute(
            """INSERT INTO login_attempt (state_hash, browser_hash, provider_id, nonce, verifier,
                                          next, least_assurance, max_age, link_to)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)""",
            _hash(state),
            _hash(browser),
            provider.id,
            nonce,
            verifier,
            wanted,
            least_assurance,
            max_age,
            link_to,
        )
        # Attempts that nobody came back to: swept now and then by whoever comes by.
        if secrets.randbelow(50) == 0:
            await execute(
                f"DELETE FROM login_attempt WHERE started_at < now() - interval '{ATTEMPT_LIVES}'"
            )
    url = prepare_grant_uri(
        metadata.authorization_endpoint,
        provider.client_id,
        "code",
        redirect_uri=party.redirect_uri(provider.name),
        scope=SCOPES,
        state=state,
        nonce=nonce,
        code_challenge=create_s256_code_challenge(verifier),
        code_challenge_method="S256",
        **await _asked_strength(provider, wanted, least_assurance, max_age),
    )
    return Started(url, browser)


async def _asked_strength(
    provider: Provider, wanted: str, least: int, max_age: int | None
) -> dict[str, str]:
    """The parameters that ask for a strong or a fresh log-in; none for an ordinary one."""
    asked: dict[str, str] = {}
    if max_age is not None:
        asked |= {"max_age": str(max_age), "prompt": "login"}
    if least > LOWEST:
        levels = await levels_at(provider, wanted)
        asked["acr_values"] = " ".join(levels.to_ask_for(least))
    elif provider.least_assurance > LOWEST:
        asked["acr_values"] = " ".join(provider.levels.to_ask_for(provider.least_assurance))
    return {name: value for name, value in asked.items() if value}


async def levels_at(provider: Provider, wanted: str) -> Levels:
    """How the municipality that the path `wanted` leads into reads the provider.

    Opens scopes of its own.
    """
    slug = wanted.split("/")[1].partition("?")[0]
    municipality = await municipality_by_slug(slug) if slug else None
    if municipality is None:
        return provider.levels
    async with tenant_scope(municipality.id):
        row = await fetch_row(
            "SELECT assurance, methods FROM accepted_provider WHERE provider_id = $1", provider.id
        )
    return (
        stored_levels(row["assurance"], row["methods"], provider.levels)
        if row
        else (provider.levels)
    )


async def finish_log_in(
    party: RelyingParty,
    provider_name: str,
    *,
    answer: Iterable[tuple[str, str]],
    browser: str | None,
    session: str | None,
) -> Finished:
    """End a log-in with the provider's `answer` (name, value), `session` being the browser's
    earlier session. Raises LogInRefused; needs that no scope is open.
    """
    given = _once_each(answer)
    provider, attempt = await _take_attempt(provider_name, given.get("state"), browser)
    try:
        tokens, claims = await _what_it_says(party, provider, attempt, given)
        try:
            await _check_strength(provider, attempt, claims)
        except NotSureEnough as refusal:
            refusal.subject = claims["sub"]
            raise
        async with platform_scope():
            person_id = await _person(provider, attempt, claims, session)
            token = await start_session(
                LoggedIn(
                    person_id=person_id,
                    provider_id=provider.id,
                    issuer=provider.issuer,
                    subject=claims["sub"],
                    provider_session=_provider_session(claims),
                    id_token=str(tokens["id_token"]),
                    assurance=provider.levels.of(said_acr(claims), said_amr(claims)),
                    acr=said_acr(claims),
                    amr=said_amr(claims),
                    authenticated_at=_authenticated_at(claims),
                ),
                instead_of=session,
            )
    except LogInRefused as refusal:
        refusal.wanted = attempt.next
        raise
    if not party.production:
        await join_where_welcome(person_id, provider.id, next_path=attempt.next)
    return Finished(token, attempt.next, person_id, linked=attempt.link_to is not None)


async def _what_it_says(
    party: RelyingParty, provider: Provider, attempt: _Attempt, given: dict[str, str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The tokens that the code is worth, and the claims of the person, all checked."""
    metadata = await discover(provider.issuer, production=party.production)
    # Before anything is sent anywhere: a code that another provider gave must not reach this one.
    _check_names_itself(metadata, given.get("iss"))
    if "error" in given or not given.get("code"):
        raise Declined("the provider answered with an error")
    tokens = await _tokens(party, provider, metadata, given["code"], attempt.verifier)
    claims = await verify(
        tokens.get("id_token"),
        metadata,
        Expected(
            client_id=provider.client_id,
            algorithms=provider.signing_algorithms,
            nonce=attempt.nonce,
            max_age=attempt.max_age,
        ),
        access_token=tokens.get("access_token"),
    )
    if name_in(claims) is None and metadata.userinfo_endpoint:
        claims = await _userinfo(metadata.userinfo_endpoint, tokens, claims) | claims
    return tokens, claims


async def _check_strength(provider: Provider, attempt: _Attempt, claims: dict[str, Any]) -> None:
    acr, amr = said_acr(claims), said_amr(claims)
    if provider.levels.of(acr, amr) < provider.least_assurance:
        raise NotSureEnough("below what the provider must vouch for")
    if attempt.least_assurance > LOWEST:
        levels = await levels_at(provider, attempt.next)
        if levels.of(acr, amr) < attempt.least_assurance:
            raise NotSureEnough("below what the page asks for")


async def _person(
    provider: Provider, attempt: _Attempt, claims: dict[str, Any], session: str | None
) -> UUID:
    if attempt.link_to is not None:
        # Whoever asked must still be logged in here: the proof of the first side is theirs.
        if session is None or await holder_of(session) != attempt.link_to:
            raise LogInRefused("the session that asked for the link is over")
        return await link_identity(attempt.link_to, provider.issuer, claims["sub"])
    return await person_of_identity(provider.issuer, claims["sub"], claims)


async def _take_attempt(
    provider_name: str, state: str | None, browser: str | None
) -> tuple[Provider, _Attempt]:
    if not state or not browser:
        raise LogInRefused("no state, or another browser")
    async with platform_scope():
        provider = await find_provider(provider_name)
        row = None
        if provider is not None:
            row = await fetch_row(
                f"""DELETE FROM login_attempt
                    WHERE state_hash = $1 AND browser_hash = $2 AND provider_id = $3
                    RETURNING nonce, verifier, next, least_assurance, max_age, link_to,
                              started_at > now() - interval '{ATTEMPT_LIVES}' AS fresh""",
                _hash(state),
                _hash(browser),
                provider.id,
            )
    if provider is None:
        raise UnknownProvider(provider_name)
    if row is None or not row["fresh"]:
        raise LogInRefused("no such attempt of this browser with this provider")
    return provider, _Attempt(**{name: row[name] for name in _Attempt.__dataclass_fields__})


def _once_each(answer: Iterable[tuple[str, str]]) -> dict[str, str]:
    given: dict[str, str] = {}
    for name, value in answer:
        if name in given:
            raise LogInRefused("a parameter was given twice")
        if len(value) > LONGEST_PARAMETER or "\0" in value:
            raise LogInRefused("a parameter is too long")
        if name in ("state", "code", "iss") and not value.isascii():
            raise LogInRefused("a parameter is not plain text")
        given[name] = value
    return given


def _check_names_itself(metadata: Metadata, issuer: str | None) -> None:
    """RFC 9207: required when the provider promises it, checked whenever it is there."""
    if issuer is None:
        if metadata.names_itself:
            raise LogInRefused("the answer does not name its issuer")
    elif not hmac.compare_digest(issuer.encode(), metadata.issuer.encode()):
        raise LogInRefused("the answer comes from another issuer")


async def _tokens(
    party: RelyingParty, provider: Provider, metadata: Metadata, code: str, verifier: str
) -> dict[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": party.redirect_uri(provider.name),
        "code_verifier": verifier,
    }
    auth = None
    if provider.signs_itself:
        async with platform_scope():
            key = await signing_client_key(party.secret_key)
        form |= {
            "client_id": provider.client_id,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion(provider.client_id, metadata.token_endpoint, key),
        }
    else:
        auth = _basic(provider.client_id, unseal(provider.sealed_secret, party.secret_key))
    status, body = await call("POST", metadata.token_endpoint, data=form, auth=auth)
    if status != 200:
        raise LogInRefused(f"the token request was answered with {status}")
    return _object(body)


def _basic(client_id: str, secret: str) -> tuple[str, str]:
    """RFC 6749 2.3.1: both are form-encoded before they become user name and password."""
    return quote_plus(client_id), quote_plus(secret)


async def _userinfo(url: str, tokens: dict[str, Any], claims: dict[str, Any]) -> dict[str, Any]:
    access_token = tokens.get("access_token")
    if not isinstance(access_token, str) or not access_token.isascii():
        raise LogInRefused("no access token for userinfo")
    status, body = await call("GET", url, headers={"authorization": f"Bearer {access_token}"})
    if status != 200:
        raise ProviderSilent(f"userinfo answered {status}")
    answer = _object(body)
    if answer.get("sub") != claims["sub"]:
        raise LogInRefused("userinfo is about somebody else")
    return answer


def _object(body: bytes) -> dict[str, Any]:
    try:
        return strict_json.read_object(body)
    except ValueError as error:
        raise LogInRefused("the provider's answer is not readable") from error


def _provider_session(claims: dict[str, Any]) -> str | None:
    sid = claims.get("sid")
    return sid if isinstance(sid, str) and 0 < len(sid) <= 255 and "\0" not in sid else None


def _authenticated_at(claims: dict[str, Any]) -> datetime:
    at, now = claims.get("auth_time"), time.time()
    if isinstance(at, bool) or not isinstance(at, int | float) or not 0 < at <= now + 60:
        at = now
    return datetime.fromtimestamp(min(at, now), UTC)


def _hash(value: str) -> bytes:
    return sha256(value.encode("utf-8", "surrogatepass")).digest()
