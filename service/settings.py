"""One typed Settings, read once from KS_… variables."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Literal, cast
from urllib.parse import urlsplit

Environment = Literal["production", "local", "test"]


class SettingsError(ValueError):
    """A variable is missing or wrong; the message names it and says what it should hold."""


@dataclass(frozen=True)
class Settings:
    """How this process is connected; `tests`, laptop and hosted service differ by this alone."""

    env: Environment
    port: int
    base_url: str
    database_url: str
    owner_database_url: str
    operator_database_url: str
    broker_url: str
    live_url: str
    smtp_url: str
    secret_key: str
    data_dir: Path
    pool_size: int
    worker_threads: int

    @property
    def host(self) -> str:
        """The one host name (with its port, where it has one) that this service answers to."""
        return urlsplit(self.base_url).netloc.lower()


def is_loopback_or_plain(url: str) -> bool:
    """Whether `url` is http or points at this machine itself: nothing that production may use."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".").lower()
    if parts.scheme != "https" or not host or host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return not ip_address(host).is_global
    except ValueError:
        return False


def read_settings(variables: Mapping[str, str]) -> Settings:
    """Settings from `variables`; raises `SettingsError` with one clear line."""
    env = variables.get("KS_ENV", "local")
    if env not in ("production", "local", "test"):
        raise SettingsError(f"KS_ENV is {env!r}; it must be production, local or test.")
    numbers = {"KS_PORT": 8000, "KS_POOL_SIZE": 10, "KS_WORKER_THREADS": 4}
    for name in numbers:
        text = variables.get(name, str(numbers[name]))
        if not text.isdecimal() or not 0 < int(text) < 65536:
            raise SettingsError(f"{name} is {text!r}; it must be a whole number above zero.")
        numbers[name] = int(text)
    for name in ("KS_DATABASE_URL", "KS_SECRET_KEY"):
        if not variables.get(name):
            raise SettingsError(f"{name} is missing; `make run` sets it, README lists them all.")
    if any(len(key) < 32 for key in variables["KS_SECRET_KEY"].split("|")):
        raise SettingsError(
            "KS_SECRET_KEY is too short; each key in it must hold at least 32 characters."
        )
    database_url = variables["KS_DATABASE_URL"]
    base_url = variables.get("KS_BASE_URL", f"http://localhost:{numbers['KS_PORT']}").rstrip("/")
    if env == "production" and is_loopback_or_plain(base_url):
        raise SettingsError(
            f"KS_BASE_URL is {base_url}; production needs https and a public host name."
        )
    return Settings(
        env=cast(Environment, env),
        port=numbers["KS_PORT"],
        base_url=base_url,
        database_url=database_url,
        owner_database_url=variables.get("KS_OWNER_DATABASE_URL", ""),
        operator_database_url=variables.get("KS_OPERATOR_DATABASE_URL", ""),
        broker_url=variables.get("KS_BROKER_URL", database_url),
        live_url=variables.get("KS_LIVE_URL", database_url),
        smtp_url=variables.get("KS_SMTP_URL", ""),
        secret_key=variables["KS_SECRET_KEY"],
        data_dir=Path(variables.get("KS_DATA_DIR", ".")),
        pool_size=numbers["KS_POOL_SIZE"],
        worker_threads=numbers["KS_WORKER_THREADS"],
    )


@cache
def settings() -> Settings:
    """This process' settings."""
    return read_settings(os.environ)
