"""A real OpenID provider for this machine: the same log-in as in earnest, with invented people.

Its own application on its own loopback port, reached through discovery, PKCE, signed tokens and
rotating keys like any other provider. Whoever reaches it can be anybody, so it refuses to exist
in production. What it remembers of a log-in lives in memory; keys and the client's secret lie in
DATA_DIR, readable by their owner alone, and are random for each installation.
"""

import os

if os.environ.get("KS_ENV") == "production":
    raise ImportError("The local provider lets anybody be anybody: not in production.")

import base64
import binascii
import hmac
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus, urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Litestar, MediaType, Request, Response, get, post
from litestar.response import Redirect

from service.local.private_file import kept_secret
from service.local.provider_keys import ALGORITHMS, SigningKeys
from service.local.provider_people import LocalPerson, by_municipality, local_people
from service.settings import Settings
from service.web import language
from service.web.language import _, later
from tenants.identity.addresses import is_loopback
from tenants.identity.assurance import Levels
from tenants.identity.providers import store_provider
from tenants.identity.sealing import seal
from tenants.scope import execute, fetch_value, operator_scope

NAME = "local"
LABEL = "Lokal inloggning"
CLIENT_ID = "kraftsamling"
SURE = "urn:kraftsamling:lokal:saker"
"""What a log-in is called here when more than the ordinary was asked for."""
CODE_LIVES = 60.0
"""seconds"""
QUESTION_LIVES = 600.0
"""seconds that the log-in page may stay open"""
TOKEN_LIVES = 300
"""seconds"""
MOST_OPEN = 10_000
TOO_LATE = later("Inloggningen har gått ut. Gå tillbaka till Kraftsamling och börja om.")
TEMPLATES = Path(__file__).parents[2] / "templates"
STYLE = Path(__file__).with_name("provider.css")

Asked = Request[Any, Any, Any]


class NotHere(RuntimeError):
    """The local provider was asked to start where it must not."""


@dataclass(frozen=True)
class Question:
    """What the relying party asked for; answered when somebody is chosen."""

    redirect_uri: str
    state: str | None
    nonce: str | None
    challenge: str
    acr: str | None
    until: float


@dataclass(frozen=True)
class Grant:
    """A code that was given out, or the access token that it became."""

    person: LocalPerson
    question: Question
    session: str
    at: int
    until: float


@dataclass
class Provider:
    """One provider: its name, its only client, its keys, and what it remembers."""

    issuer: str
    relying_party: str
    """the product's own address, without a final slash"""
    secret: str
    keys: SigningKeys
    people: Callable[[], Iterable[LocalPerson]]
    questions: dict[str, Question] = field(default_factory=dict)
    codes: dict[str, Grant] = field(default_factory=dict)
    tokens: dict[str, Grant] = field(default_factory=dict)

    @property
    def redirect_uri(self) -> str:
        return f"{self.relying_party}/auth/callback/{NAME}"

    def person(self, subject: str) -> LocalPerson | None:
        return next((one for one in self.people() if one.subject == subject), None)


def local_issuer(settings: Settings) -> str:
    """Where the local provider of this installation lives: the port after the product's."""
    # An address, not a name: no resolver's order of IPv6 and IPv4 comes between.
    return f"http://127.0.0.1:{settings.port + 1}"


def create_provider(
    settings: Settings,
    *,
    issuer: str | None = None,
    people: Callable[[], Iterable[LocalPerson]] | None = None,
) -> Litestar:
    """The provider as an ASGI application; `app.state.provider` holds its keys and its memory.

    Raises NotHere in production or off this machine.
    """
    issuer = issuer or local_issuer(settings)
    if settings.env == "production" or os.environ.get("KS_ENV") == "production":
        raise NotHere("The local provider does not start in production.")
    if not is_loopback(issuer):
        raise NotHere("The local provider lives on a loopback address only.")
    provider = Provider(
        issuer=issuer,
        relying_party=settings.base_url,
        secret=client_secret(settings.data_dir),
        keys=SigningKeys(settings.data_dir / "provider-keys.json"),
        people=people or (lambda: local_people(settings.data_dir)),
    )
    app = Litestar(
        [discovery, published_keys, authorize, show_people, choose, token, userinfo, end, style],
        openapi_config=None,
        logging_config=None,
        request_max_body_size=64 * 1024,
    )
    app.state.provider = provider
    app.state.templates = _templates()
    return app


def client_secret(data_dir: Path) -> str:
    """What the product shows the local provider to prove who it is."""
    return kept_secret(data_dir / "provider-client-secret")


async def register_local_provider(settings: Settings) -> Any:
    """Write or renew the provider's row; its id. Needs an operator's connection.

    When the port changed since last time, everybody keeps the identity they had.
    """
    if settings.env == "production":
        raise NotHere("The local provider is not registered in production.")
    issuer = local_issuer(settings)
    async with operator_scope():
        before = await fetch_value("SELECT issuer FROM provider WHERE name = $1", NAME)
        if before is not None and before != issuer:
            await execute("UPDATE provider SET issuer = $2 WHERE name = $1", NAME, issuer)
            await execute("UPDATE identity SET issuer = $2 WHERE issuer = $1", before, issuer)
        return await store_provider(
            name=NAME,
            label=LABEL,
            issuer=issuer,
            client_id=CLIENT_ID,
            sealed_secret=seal(client_secret(settings.data_dir), settings.secret_key),
            levels=Levels({SURE: 3}),
        )


@get("/.well-known/openid-configuration", sync_to_thread=False)
def discovery(request: Asked) -> Response[dict[str, Any]]:
    issuer = _of(request).issuer
    return Response(
        {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "jwks_uri": f"{issuer}/jwks",
            "end_session_endpoint": f"{issuer}/end-session",
            "scopes_supported": ["openid", "profile"],
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": list(ALGORITHMS),
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            "claims_supported": ["sub", "name", "nonce", "sid", "auth_time", "acr", "at_hash"],
        }
    )


@get("/jwks", sync_to_thread=False)
def published_keys(request: Asked) -> Response[dict[str, Any]]:
    return Response(_of(request).keys.published(), headers={"Cache-Control": "no-store"})


@get("/authorize", sync_to_thread=False)
def authorize(request: Asked) -> Response[Any]:
    """Check what is asked, remember it, and ask who it is."""
    provider = _of(request)
    pairs = list(request.query_params.multi_items())
    asked = dict(pairs)
    if len(asked) != len(pairs) or asked.get("client_id") != CLIENT_ID:
        return _stop(request, _("Förfrågan är inte giltig."))
    if asked.get("redirect_uri") != provider.redirect_uri:
        return _stop(request, _("Adressen att komma tillbaka till är inte den avtalade."))
    question = Question(
        redirect_uri=provider.redirect_uri,
        state=asked.get("state"),
        nonce=asked.get("nonce"),
        challenge=asked.get("code_challenge", ""),
        acr=(asked.get("acr_values") or "").split(" ")[0] or None,
        until=time.monotonic() + QUESTION_LIVES,
    )
    if asked.get("response_type") != "code":
        return _answer(provider, question, error="unsupported_response_type")
    if "openid" not in asked.get("scope", "").split():
        return _answer(provider, question, error="invalid_scope")
    if asked.get("code_challenge_method") != "S256" or len(question.challenge) != 43:
        return _answer(provider, question, error="invalid_request")
    if asked.get("prompt") == "none":
        return _answer(provider, question, error="login_required")
    name = secrets.token_urlsafe(24)
    _remember(provider.questions, name, question)
    return Redirect(f"/log-in?question={name}", status_code=303)


@get("/log-in", sync_to_thread=False)
def show_people(request: Asked) -> Response[str]:
    """The people to log in as, by municipality."""
    provider, name = _of(request), request.query_params.get("question", "")
    if name not in provider.questions:
        return _stop(request, _(TOO_LATE))
    wanted = request.query_params.get("q", "")[:100]
    groups = by_municipality(provider.people(), wanted)
    return _page(request, "local_provider.html", question=name, wanted=wanted, groups=groups)


@post("/log-in", status_code=303)
async def choose(request: Asked) -> Response[Any]:
    """Log in as the one who was chosen: back to the product with a code."""
    provider, form = _of(request), await request.form()
    question = provider.questions.get(str(form.get("question", "")))
    person = provider.person(str(form.get("subject", "")))
    if question is None or person is None or question.until < time.monotonic():
        return _stop(request, _(TOO_LATE))
    del provider.questions[str(form["question"])]
    code = secrets.token_urlsafe(32)
    grant = Grant(
        person=person,
        question=question,
        session=secrets.token_urlsafe(16),
        at=int(time.time()),
        until=time.monotonic() + CODE_LIVES,
    )
    _remember(provider.codes, _hash(code), grant)
    return _answer(provider, question, code=code)


@post("/token", status_code=200)
async def token(request: Asked) -> Response[dict[str, Any]]:
    """Change a code, once, for the tokens."""
    provider, form = _of(request), await request.form()
    if not _is_client(request, provider):
        return Response(
            {"error": "invalid_client"}, status_code=401, headers={"WWW-Authenticate": "Basic"}
        )
    if form.get("grant_type") != "authorization_code":
        return Response({"error": "unsupported_grant_type"}, status_code=400)
    grant = provider.codes.pop(_hash(str(form.get("code", ""))), None)
    verifier = str(form.get("code_verifier", ""))
    if (
        grant is None
        or grant.until < time.monotonic()
        or form.get("redirect_uri") != grant.question.redirect_uri
        or not hmac.compare_digest(_s256(verifier), grant.question.challenge)
    ):
        return Response({"error": "invalid_grant"}, status_code=400)
    access_token = secrets.token_urlsafe(32)
    _remember(provider.tokens, _hash(access_token), grant)
    return Response(
        {
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": TOKEN_LIVES,
            "scope": "openid profile",
            "id_token": provider.keys.sign(_claims(provider, grant, access_token)),
        },
        headers={"Cache-Control": "no-store"},
    )


@get("/userinfo", sync_to_thread=False)
def userinfo(request: Asked) -> Response[dict[str, Any]]:
    given = request.headers.get("authorization", "")
    access_token = given.removeprefix("Bearer ")
    grant = None if given == access_token else _of(request).tokens.get(_hash(access_token))
    if grant is None or grant.at + TOKEN_LIVES < time.time():
        return Response({}, status_code=401, headers={"WWW-Authenticate": "Bearer"})
    return Response({"sub": grant.person.subject, "name": grant.person.name})


@get("/end-session", sync_to_thread=False)
def end(request: Asked) -> Response[Any]:
    """Nobody stays logged in here, so there is nothing to end: only the way back."""
    provider, asked = _of(request), request.query_params
    back = asked.get("post_logout_redirect_uri")
    if asked.get("client_id") == CLIENT_ID and back == f"{provider.relying_party}/":
        state = asked.get("state")
        return Redirect(f"{back}?{urlencode({'state': state})}" if state else back, status_code=303)
    return _stop(request, _("Du är utloggad."), status=200)


@get("/provider.css", sync_to_thread=False, media_type=MediaType.CSS)
def style() -> str:
    return STYLE.read_text()


def _claims(provider: Provider, grant: Grant, access_token: str) -> dict[str, Any]:
    now = int(time.time())
    half = sha256(access_token.encode()).digest()[:16]
    claims: dict[str, Any] = {
        "iss": provider.issuer,
        "sub": grant.person.subject,
        "aud": CLIENT_ID,
        "iat": now,
        "exp": now + TOKEN_LIVES,
        "auth_time": grant.at,
        "sid": grant.session,
        "name": grant.person.name,
        "at_hash": _base64(half),
    }
    if grant.question.nonce is not None:
        claims["nonce"] = grant.question.nonce
    if grant.question.acr is not None:
        claims["acr"] = grant.question.acr
    return claims


def _answer(provider: Provider, question: Question, **parameters: str) -> Response[Any]:
    """Back to the product, naming ourselves (RFC 9207)."""
    if question.state is not None:
        parameters["state"] = question.state
    parameters["iss"] = provider.issuer
    return Redirect(
        f"{question.redirect_uri}?{urlencode(parameters)}",
        status_code=303,
        headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"},
    )


def _is_client(request: Asked, provider: Provider) -> bool:
    scheme, *encoded = request.headers.get("authorization", "").split(" ", 1)
    try:
        given = base64.b64decode("".join(encoded), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return False
    name, *rest = given.split(":", 1)
    secret = "".join(rest)
    same = hmac.compare_digest(unquote_plus(secret).encode(), provider.secret.encode())
    return scheme.lower() == "basic" and unquote_plus(name) == CLIENT_ID and same


def _remember(memory: dict[str, Any], name: str, value: Any) -> None:
    """Keep `value`, and no more than 10,000 of its kind: the oldest goes first."""
    memory[name] = value
    while len(memory) > MOST_OPEN:
        del memory[next(iter(memory))]


def _stop(request: Asked, message: str, *, status: int = 400) -> Response[str]:
    return _page(request, "local_provider_stop.html", status=status, message=message)


def _page(request: Asked, template: str, *, status: int = 200, **context: Any) -> Response[str]:
    provider = _of(request)
    own = urlsplit(provider.relying_party)
    text = request.app.state.templates.get_template(f"entrance/{template}").render(
        product=f"{provider.relying_party}/", **context
    )
    return Response(
        text,
        status_code=status,
        media_type=MediaType.HTML,
        headers={
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            # The form's answer leads on to the product, so that is named beside ourselves.
            "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; "
            f"form-action 'self' {own.scheme}://{own.netloc}; frame-ancestors 'none'",
        },
    )


def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    language.set_up(environment)
    return environment


def _of(request: Asked) -> Provider:
    provider: Provider = request.app.state.provider
    return provider


def _s256(verifier: str) -> str:
    return _base64(sha256(verifier.encode()).digest())


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _hash(value: str) -> str:
    return sha256(value.encode()).hexdigest()
