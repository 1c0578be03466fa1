"""Debian's glewlwyd, a provider in C with a JOSE stack of its own, on loopback.

It is set up through its own administration, as an operator would: a configuration and a database
of our own, an OpenID plugin, a client and a person.
"""

import secrets
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import anyio
import httpx
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

PROGRAM = "glewlwyd"
TABLES = Path("/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3")
# What the package puts into every new database; ours lives as long as the test.
FIRST_ADMINISTRATOR = {"username": "admin", "password": "password"}
CLIENT_ID, SECRET = "kraftsamling", secrets.token_urlsafe(16)

CONFIGURATION = """
port={port}
external_url="http://127.0.0.1:{port}"
login_url="login.html"
api_prefix="api"
static_files_path="/usr/share/glewlwyd/webapp/"
log_mode="console"
log_level="WARNING"
cookie_domain="127.0.0.1"
cookie_secure=0
session_expiration=2419200
session_key="GLEWLWYD2_SESSION_ID"
admin_scope="g_admin"
profile_scope="g_profile"
login_api_enabled=true
user_module_path="/usr/lib/glewlwyd/user"
user_middleware_module_path="/usr/lib/glewlwyd"
client_module_path="/usr/lib/glewlwyd/client"
user_auth_scheme_module_path="/usr/lib/glewlwyd/scheme"
plugin_module_path="/usr/lib/glewlwyd/plugin"
hash_algorithm="SHA512"
bind_address="127.0.0.1"
database = {{ type = "sqlite3" path = "{database}" }};
"""


def is_here() -> bool:
    """Whether the package is installed: `make test` does that where it may."""
    return shutil.which(PROGRAM) is not None and TABLES.exists()


def prepare(folder: Path, port: int) -> list[str]:
    """Write a configuration and an empty database; the command that serves them."""
    database = folder / "glewlwyd.db"
    with sqlite3.connect(database) as connection:
        connection.executescript(TABLES.read_text())
    configuration = folder / "glewlwyd.conf"
    configuration.write_text(CONFIGURATION.format(port=port, database=database))
    return [PROGRAM, "--config-file", str(configuration)]


def issuer(port: int) -> str:
    return f"http://127.0.0.1:{port}/api/oidc"


@asynccontextmanager
async def _administrator(port: int) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/api") as client:
        for _ in range(200):
            try:
                answer = await client.post("/auth/", json=FIRST_ADMINISTRATOR)
            except httpx.TransportError:
                await anyio.sleep(0.05)
            else:
                assert answer.status_code == 200, answer.text
                yield client
                return
        raise AssertionError("glewlwyd does not answer.")


async def furnish(port: int, *, redirect_uri: str, after_log_out: str, people: list[str]) -> None:
    """The plugin with a new key, our client, and people who all have the password `hemligt`."""
    async with _administrator(port) as client:
        for path, thing in (
            ("/mod/plugin/", _plugin(port)),
            ("/client/", _client(redirect_uri, after_log_out)),
            *(("/user/", _person(name)) for name in people),
        ):
            answer = await client.post(path, json=thing)
            assert answer.status_code == 200, f"{path}: {answer.text}"


async def rotate_key(port: int) -> None:
    """Another key under the same plugin; the old one is gone."""
    async with _administrator(port) as client:
        plugin = _plugin(port)
        assert (await client.put("/mod/plugin/oidc", json=plugin)).status_code == 200
        assert (await client.put("/mod/plugin/oidc/reset", json={})).status_code == 200


def _plugin(port: int) -> dict[str, Any]:
    key = rsa.generate_private_key(65537, 2048)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return {
        "module": "oidc",
        "name": "oidc",
        "display_name": "oidc",
        "enabled": True,
        "parameters": {
            "iss": issuer(port),
            "jwt-type": "rsa",
            "jwt-key-size": "256",
            "key": private.decode(),
            "cert": public.decode(),
            "default-kid": secrets.token_hex(4),
            "jwks-show": True,
            "access-token-duration": 3600,
            "refresh-token-duration": 3600,
            "code-duration": 60,
            "refresh-token-rolling": True,
            "allow-non-oidc": False,
            "auth-type-code-enabled": True,
            "auth-type-token-enabled": False,
            "auth-type-id-token-enabled": True,
            "auth-type-none-enabled": False,
            "auth-type-password-enabled": False,
            "auth-type-client-enabled": False,
            "auth-type-refresh-enabled": False,
            "pkce-allowed": True,
            "pkce-method-plain-allowed": False,
            "session-management-allowed": True,
            "subject-type": "public",
            "scope": [],
            "additional-parameters": [],
            "claims": [],
            "name-claim": "mandatory",
            "session-cookie-name": "GLEWLWYD2_OIDC_SESSION",
            "session-cookie-expiration": 3600,
        },
    }


def _client(redirect_uri: str, after_log_out: str) -> dict[str, Any]:
    return {
        "client_id": CLIENT_ID,
        "name": "Kraftsamling",
        "confidential": True,
        "password": SECRET,
        "client_secret": SECRET,
        "redirect_uri": [redirect_uri],
        "post_logout_redirect_uri": after_log_out,
        "authorization_type": ["code"],
        "token_endpoint_auth_method": ["client_secret_basic"],
        "scope": [],
        "enabled": True,
    }


def _person(name: str) -> dict[str, Any]:
    return {
        "username": name,
        "name": f"Prov {name}",
        "password": "hemligt123",
        "scope": ["openid"],
        "enabled": True,
    }


async def answer_as(browser: httpx.AsyncClient, address: str, name: str) -> str:
    """Do at `address` what a person does on glewlwyd's pages; where it then leads."""
    asked = await browser.get(address)
    assert asked.status_code == 302, asked.text
    place = urlsplit(asked.headers["location"])
    if "login.html" not in place.path:
        return str(asked.headers["location"])
    api = f"http://{urlsplit(address).netloc}/api"
    person = {"username": name, "password": "hemligt123"}
    assert (await browser.post(f"{api}/auth/", json=person)).status_code == 200
    query = {key: values[0] for key, values in parse_qs(place.query).items()}
    granted = await browser.put(
        f"{api}/auth/grant/{CLIENT_ID}", json={"scope": query.get("scope", "openid")}
    )
    assert granted.status_code == 200, granted.text
    done = await browser.get(query["callback_url"] + "&g_continue")
    assert done.status_code == 302, done.text
    return str(done.headers["location"])
