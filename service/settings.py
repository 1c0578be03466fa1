"""One typed Settings, read once from KS_… variables."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Literal, cast
from urllib.parse import urlsplit

Environment = Literal["production", "local", "test"]

DATABASE = ("postgresql://", "postgres://")
CHANNELS = (*DATABASE, "redis://", "rediss://")
BROKERS = (*CHANNELS, "amqp://", "amqps://")
FROM_FILES = (
    "KS_DATABASE_URL",
    "KS_OWNER_DATABASE_URL",
    "KS_OPERATOR_DATABASE_URL",
    "KS_BROKER_URL",
    "KS_LIVE_URL",
    "KS_SMTP_URL",
    "KS_SECRET_KEY",
)
"""Settings that may hold a secret, and so may be read from a file that KS_X_FILE names."""
_CONTACT = re.compile(r"[!-~]+@[!-~]+\.[A-Za-z]{2,}", re.ASCII)


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
    # Where the pages are served: loopback, unless a proxy on another machine is to reach them.
    listen: str = "127.0.0.1"
    # Whose word on a visitor's address is taken, as addresses or networks; nobody's by default.
    trusted_proxies: str = ""
    # From where /metrics may be read.
    metrics_from: str = "127.0.0.1,::1"
    # Where a worker or scheduler, which serves no pages, shows its own figures; 0 is nowhere.
    metrics_port: int = 0
    # One JSON object a line, for a collector.
    structured_logs: bool = False
    traces_url: str = ""
    # Where the police's newest events are fetched from, and whom its keepers may write to about it;
    # without an address nothing is fetched.
    police_url: str = ""
    police_contact: str = ""
    # When the file that holds the secret key was last written, where it lies in a file.
    secret_key_changed_at: datetime | None = None

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
    variables = _with_files(variables)
    env = variables.get("KS_ENV", "local")
    if env not in ("production", "local", "test"):
        raise SettingsError(f"KS_ENV is {env!r}; it must be production, local or test.")
    numbers = _numbers(variables)
    log = variables.get("KS_LOG", "json" if env == "production" else "text")
    if log not in ("json", "text"):
        raise SettingsError(f"KS_LOG is {log!r}; it must be json or text.")
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
    police_url, police_contact = _police(variables, production=env == "production")
    return Settings(
        env=cast(Environment, env),
        port=numbers["KS_PORT"],
        base_url=base_url,
        database_url=_engine("KS_DATABASE_URL", database_url, DATABASE),
        owner_database_url=variables.get("KS_OWNER_DATABASE_URL", ""),
        operator_database_url=variables.get("KS_OPERATOR_DATABASE_URL", ""),
        broker_url=_engine("KS_BROKER_URL", variables.get("KS_BROKER_URL", database_url), BROKERS),
        live_url=_engine("KS_LIVE_URL", variables.get("KS_LIVE_URL", database_url), CHANNELS),
        smtp_url=variables.get("KS_SMTP_URL", ""),
        secret_key=variables["KS_SECRET_KEY"],
        data_dir=Path(variables.get("KS_DATA_DIR", ".")),
        pool_size=numbers["KS_POOL_SIZE"],
        worker_threads=numbers["KS_WORKER_THREADS"],
        listen=_address("KS_LISTEN", variables.get("KS_LISTEN", "127.0.0.1")),
        trusted_proxies=_networks("KS_TRUSTED_PROXIES", variables.get("KS_TRUSTED_PROXIES", "")),
        metrics_from=_networks(
            "KS_METRICS_FROM", variables.get("KS_METRICS_FROM", "127.0.0.1,::1")
        ),
        metrics_port=numbers["KS_METRICS_PORT"],
        structured_logs=log == "json",
        traces_url=_traces(variables.get("KS_TRACES_URL", "")),
        police_url=police_url,
        police_contact=police_contact,
        secret_key_changed_at=_changed_at(variables.get("KS_SECRET_KEY_FILE", "")),
    )


def _numbers(variables: Mapping[str, str]) -> dict[str, int]:
    numbers = {"KS_PORT": 8000, "KS_POOL_SIZE": 10, "KS_WORKER_THREADS": 4, "KS_METRICS_PORT": 0}
    for name, usual in numbers.items():
        text = variables.get(name, str(usual))
        if not text.isdecimal() or not (0 < int(text) < 65536 or text == str(usual)):
            raise SettingsError(f"{name} is {text!r}; it must be a whole number above zero.")
        numbers[name] = int(text)
    return numbers


def _with_files(variables: Mapping[str, str]) -> dict[str, str]:
    """Each KS_X_FILE read into KS_X, so that no secret need stand in an environment."""
    read = dict(variables)
    for name in FROM_FILES:
        path = variables.get(f"{name}_FILE")
        if not path:
            continue
        if variables.get(name):
            raise SettingsError(f"{name} and {name}_FILE are both set; keep one of them.")
        try:
            read[name] = Path(path).read_text().strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{name}_FILE: {path} cannot be read.") from error
        if not read[name]:
            raise SettingsError(f"{name}_FILE: {path} is empty.")
    return read


def _changed_at(path: str) -> datetime | None:
    return datetime.fromtimestamp(Path(path).stat().st_mtime, UTC) if path else None


def _engine(name: str, url: str, schemes: tuple[str, ...]) -> str:
    """`url`, if it names an engine that can be that; the complaint shows no password."""
    try:
        scheme = urlsplit(url).scheme
        port = urlsplit(url).port
    except ValueError:
        raise SettingsError(f"{name} is no URL; it begins with {' or '.join(schemes)}.") from None
    if f"{scheme}://" not in schemes or (port is not None and not port):
        raise SettingsError(
            f"{name} begins with {scheme or 'nothing'}://; it must be {' or '.join(schemes)}."
        )
    return url


def _address(name: str, text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise SettingsError(f"{name} is {text!r}; it must be an address such as 0.0.0.0.") from None


def _networks(name: str, text: str) -> str:
    try:
        for one in filter(None, (part.strip() for part in text.split(","))):
            ip_network(one)
    except ValueError:
        raise SettingsError(
            f"{name} is {text!r}; it lists addresses or networks with commas."
        ) from None
    return text


def _traces(url: str) -> str:
    if url and urlsplit(url).scheme not in ("http", "https"):
        raise SettingsError(f"KS_TRACES_URL is {url!r}; it must be http:// or https://.")
    return url


def _police(variables: Mapping[str, str], *, production: bool) -> tuple[str, str]:
    url = variables.get("KS_POLICE_EVENTS_URL", "").strip()
    contact = variables.get("KS_POLICE_EVENTS_CONTACT", "").strip()
    if not url:
        return "", ""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
        usable = usable and not (production and is_loopback_or_plain(url))
    except ValueError:
        usable = False
    if not usable or not url.isascii() or parts.username is not None or parts.fragment:
        raise SettingsError(
            f"KS_POLICE_EVENTS_URL is {url!r}; it must be https:// and a public host name."
        )
    if not _CONTACT.fullmatch(contact):
        raise SettingsError(
            "KS_POLICE_EVENTS_CONTACT must be an e-mail address: who is called must know by whom."
        )
    return url, contact


@cache
def settings() -> Settings:
    """This process' settings."""
    return read_settings(os.environ)
