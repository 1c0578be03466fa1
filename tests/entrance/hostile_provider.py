"""A provider that lies: signs whatever a test wants, as cleverly as a real attacker could.

Runs inside the test's process, mounted at an https address that the relying party calls as if it
were on the net; every call that is made is written down, also those to addresses where nobody is.
"""

import base64
import hmac
import json
import secrets
import time
from collections.abc import Callable
from hashlib import sha256
from itertools import cycle
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256, SHA512
from joserfc.jwk import ECKey, RSAKey

CLIENT_ID = "kraftsamling-in-hostile-hands"
CLIENT_SECRET = "hemlig: 100 % + mer"

# Making RSA keys is slow; four of them, under ever new names, are strangers enough to each other.
_spare = cycle([RSAKey.generate_key(2048).as_dict(private=True) for _ in range(4)])


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class HostileProvider:
    """Honest until a test turns one of its knobs."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.calls: list[str] = []
        self.nonces: dict[str, str] = {}
        self.challenges: dict[str, str] = {}
        self.rotate()
        self.reset()

    def reset(self) -> None:
        self.subject = f"sub-{secrets.token_hex(6)}"
        self.change_claims: Callable[[dict[str, Any]], Any] = lambda claims: None
        self.change_tokens: Callable[[dict[str, Any]], Any] = lambda tokens: None
        self.change_discovery: Callable[[dict[str, Any]], Any] = lambda document: None
        self.sign: Callable[[dict[str, Any]], str] = self.honest_sign
        self.userinfo: dict[str, Any] = {}
        self.answers: dict[str, httpx2.Response] = {}
        self.calls.clear()

    def rotate(self) -> None:
        """New keys; the old ones are withdrawn."""
        self.key = RSAKey.import_key(next(_spare), {"kid": secrets.token_hex(4), "use": "sig"})
        self.other_key = RSAKey.import_key(next(_spare), {"kid": self.key.kid, "use": "sig"})
        self.ec_key = ECKey.generate_key("P-256", {"kid": secrets.token_hex(4), "use": "sig"})
        self.published: list[dict[str, Any]] = [
            self.key.as_dict(private=False),
            self.ec_key.as_dict(private=False),
        ]

    def honest_sign(self, claims: dict[str, Any]) -> str:
        return self.signed(claims, {})

    def signed(
        self,
        claims: dict[str, Any] | bytes,
        header: dict[str, Any],
        key: RSAKey | bytes | None = None,
    ) -> str:
        """`claims` with `header` laid over the honest one, whatever it says."""
        full = {"alg": "RS256", "typ": "JWT", "kid": self.key.kid} | header
        full = {name: value for name, value in full.items() if value is not None}
        payload = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
        if full.get("alg") == "none":
            return f"{_b64(json.dumps(full).encode())}.{_b64(payload)}."
        return self._signed_by_hand(full, payload, key or self.key)

    def _signed_by_hand(self, header: dict[str, Any], payload: bytes, key: Any) -> str:
        """A library would refuse to make most of these."""
        signing_input = f"{_b64(json.dumps(header).encode())}.{_b64(payload)}"
        if header["alg"] == "HS256":
            mac = hmac.new(key, signing_input.encode(), "sha256").digest()
            return f"{signing_input}.{_b64(mac)}"
        digest = SHA512() if header["alg"] == "RS512" else SHA256()
        signature = key.private_key.sign(signing_input.encode(), padding.PKCS1v15(), digest)
        return f"{signing_input}.{_b64(signature)}"

    def authorize(self, address: str) -> dict[str, str]:
        """What an honest answer to the log-in at `address` holds; a test may bend it."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.nonces[code] = asked["nonce"]
        self.challenges[code] = asked["code_challenge"]
        return {"code": code, "state": asked["state"], "iss": self.issuer}

    def claims(self, code: str) -> dict[str, Any]:
        now = int(time.time())
        return {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonces.get(code, ""),
            "name": "Åsa Påhittad",
            "sid": f"sid-{self.subject}",
        }

    def respond(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.path
        if path in self.answers:
            return self.answers[path]
        if path == "/.well-known/openid-configuration":
            document: dict[str, Any] = {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "jwks_uri": f"{self.issuer}/jwks",
                "end_session_endpoint": f"{self.issuer}/end",
                "id_token_signing_alg_values_supported": ["none", "HS256", "RS256"],
                "authorization_response_iss_parameter_supported": True,
            }
            self.change_discovery(document)
            return httpx2.Response(200, json=document)
        if path == "/jwks":
            return httpx2.Response(200, json={"keys": self.published})
        if path == "/userinfo":
            return httpx2.Response(200, json=self.userinfo)
        if path == "/token":
            return self._token(request)
        return httpx2.Response(404)

    def _token(self, request: httpx2.Request) -> httpx2.Response:
        form = dict(parse_qsl(request.content.decode()))
        code = form.get("code", "")
        digest = _b64(sha256(form.get("code_verifier", "").encode()).digest())
        if self.challenges.pop(code, None) != digest:
            return httpx2.Response(400, json={"error": "invalid_grant"})
        claims = self.claims(code)
        self.change_claims(claims)
        tokens = {
            "access_token": "access",
            "token_type": "Bearer",
            "id_token": self.sign(claims),
        }
        self.change_tokens(tokens)
        return httpx2.Response(200, json=tokens)


class Net(httpx2.AsyncBaseTransport):
    """All the net there is in a test: providers by origin; whoever else is called is nobody."""

    def __init__(self) -> None:
        self.providers: dict[str, HostileProvider] = {}
        self.apps: dict[str, httpx2.ASGITransport] = {}
        self.calls: list[str] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        origin = f"{request.url.scheme}://{request.url.netloc.decode()}"
        self.calls.append(f"{request.method} {request.url}")
        if origin in self.apps:
            return await self.apps[origin].handle_async_request(request)
        if origin not in self.providers:
            raise httpx2.ConnectError("nobody is there")
        await request.aread()
        self.providers[origin].calls.append(f"{request.method} {request.url.path}")
        answer = self.providers[origin].respond(request)
        # A fresh, unread response for each call: a body can be read only once.
        return httpx2.Response(
            answer.status_code,
            headers=answer.headers,
            stream=httpx2.ByteStream(answer.content),
        )
