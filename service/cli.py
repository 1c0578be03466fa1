"""`kraftsamling …`: everything that is started or done from a shell."""

import asyncio
import json
import logging
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, BinaryIO

import click

from service.settings import SettingsError, settings


@click.group()
def main() -> None:
    """Kraftsamling: effektiv samordning för trygghet."""
    # Our matrices are small: threads that wait for each other cost more than they give, and the
    # processes share the machine. Read when numpy is imported, so before any command.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # These log addresses and queries, which may hold codes.
    for noisy in ("httpx", "httpx2", "httpcore2", "periodiq", "psycopg.pool"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # Each loss of a connection in ten lines; who uses it says it in one.
    logging.getLogger("pika").setLevel(logging.CRITICAL)


def _find_installation() -> None:
    """Without settings of our own, take those of the installation that runs on DATA_DIR."""
    if os.environ.get("KS_DATABASE_URL") or os.environ.get("KS_DATABASE_URL_FILE"):
        return
    from service.local.data_folder import default_data_folder
    from service.local.refusal import Refused
    from service.local.running import variables_of

    folder = os.environ.get("DATA_DIR")
    try:
        os.environ.update(variables_of(Path(folder) if folder else default_data_folder()))
    except Refused as refusal:
        click.echo(str(refusal), err=True)
        raise SystemExit(2) from None


def _within_pool(work: Any) -> Any:
    """Run an async function with this process' connections open around it."""

    async def opened() -> Any:
        from tenants.engines import close_engines, open_engines

        chosen = settings()
        await open_engines(
            chosen.database_url,
            broker_url=chosen.broker_url,
            live_url=chosen.live_url,
            size=4,
            operator_url=chosen.operator_database_url,
        )
        try:
            return await work()
        finally:
            await close_engines()

    return asyncio.run(opened())


def _require_startable() -> None:
    from service.operations.starting import CannotStart, require_startable

    try:
        require_startable(settings())
    except CannotStart as refusal:
        click.echo(str(refusal), err=True)
        raise SystemExit(2) from None


@main.command()
@click.option("--port", envvar="PORT", type=int, default=8000, show_default=True)
@click.option("--data-dir", envvar="DATA_DIR", type=click.Path(path_type=Path), default=None)
@click.option("--tls", envvar="TLS", is_flag=True, help="Serve with a self-made certificate.")
def run(port: int, data_dir: Path | None, tls: bool) -> None:
    """Start everything on this machine: database, web, worker, scheduler, provider, mail box."""
    from service.local.supervise import run as supervise

    raise SystemExit(supervise(port=port, data_dir=data_dir, tls=tls))


@main.command()
@click.option("--certificate", type=click.Path(path_type=Path))
@click.option("--key", type=click.Path(path_type=Path))
def web(certificate: Path | None, key: Path | None) -> None:
    """Serve the pages."""
    import uvicorn

    from service.app import create_app

    _require_startable()
    chosen = settings()
    uvicorn.run(
        create_app(),
        host=chosen.listen,
        port=chosen.port,
        proxy_headers=bool(chosen.trusted_proxies),
        forwarded_allow_ips=chosen.trusted_proxies or None,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=3,
        server_header=False,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )


@main.command()
def worker() -> None:
    """Do background jobs."""
    from service.worker import work

    _require_startable()
    work(settings())


@main.command()
def scheduler() -> None:
    """Send what is to be done at certain times."""
    from service.scheduler import schedule

    _require_startable()
    schedule(settings())


@main.command()
def local() -> None:
    """Serve the local OpenID provider and the mail box; refuses to start in production."""
    from service.local.serve import serve

    serve(settings())


@main.command()
def migrate() -> None:
    """Bring the database up to date."""
    from migrations.run import migrate as bring_up_to_date

    asyncio.run(bring_up_to_date(settings().owner_database_url))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor(as_json: bool) -> None:
    """Check this installation: what is wrong, and how to mend it. Exit code 1 on an error."""
    from service.operations import doctor as examination

    logging.getLogger().setLevel(logging.ERROR)
    _find_installation()
    findings = asyncio.run(examination.examine(settings()))
    click.echo(examination.as_json(findings) if as_json else examination.as_text(findings))
    raise SystemExit(any(one.grade == "error" for one in findings))


@main.group()
def demo() -> None:
    """The invented municipalities."""


@demo.command()
def seed() -> None:
    """Fill an empty database with nine invented municipalities' three years."""
    from service.demo.seed import seed as fill

    _within_pool(fill)


@main.command()
@click.argument("parts", nargs=-1)
def bench(parts: tuple[str, ...]) -> None:
    """Measure this checkout against floors of the same run; `make bench` sets up what it needs."""
    # The measurements live beside the tests, which no installation carries.
    root = Path(__file__).parents[1]
    raise SystemExit(subprocess.call([sys.executable, "-m", "tests.bench.run", *parts], cwd=root))


@main.group("import")
def import_() -> None:
    """Bring foreign records in."""


@import_.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def police(file: Path, as_json: bool) -> None:
    """The police's open events: the API's JSON, or the archive's CSV, gzipped or not."""
    from service.sources.police.importing import BrokenFile, import_file

    _find_installation()
    try:
        summary = _within_pool(lambda: import_file(file))
    except BrokenFile as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from None
    click.echo(json.dumps(summary.as_json(), ensure_ascii=False) if as_json else summary.as_text())


@main.command()
@click.argument("file", type=click.File("rb"))
@click.option("--method", type=click.Choice(["farrington", "ears"]), default="farrington")
@click.option("--settings", "table", type=click.Path(path_type=Path), help="CSV of settings.")
@click.option("--config", "name", help="The row of --settings to use.")
@click.option("--b", "years", type=click.IntRange(1, 50), help="Years to compare with.")
@click.option("--w", "half_width", type=click.IntRange(0, 25), help="Weeks around the same week.")
@click.option("--freq", type=click.Choice(["52", "12"]), default="52", show_default=True)
@click.option("--last", type=click.IntRange(min=1), default=104, show_default=True)
def signals(
    file: BinaryIO,
    method: str,
    table: Path | None,
    name: str | None,
    years: int | None,
    half_width: int | None,
    freq: str,
    last: int,
) -> None:
    """Limits and alarms of the series in FILE (CSV; - for standard input), as CSV."""
    from service import signals_file

    asked = signals_file.Asked(years, half_width, int(freq), last)
    try:
        if (table is None) != (name is None):
            raise signals_file.Malformed("--settings och --config hör ihop")
        series = signals_file.read_series(file)
        if method == "ears":
            rows = list(signals_file.ears_rows(series, asked))
        else:
            chosen = (
                signals_file.read_settings(table, name, asked)
                if table and name
                else signals_file.standard(asked)
            )
            rows = list(
                signals_file.farrington_rows(series, chosen, name or signals_file.DEFAULT, asked)
            )
    except signals_file.Malformed as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from None
    signals_file.write(rows, sys.stdout)


@main.group()
def provider() -> None:
    """Identity providers."""


@provider.command("add")
@click.option("--tenant", required=True)
@click.option("--name", required=True)
@click.option("--label", default=None, help="What people see; the name where it is left out.")
@click.option("--issuer", required=True)
@click.option("--client-id", required=True)
@click.option("--client-secret-file", type=click.Path(exists=True, path_type=Path), default=None)
@click.option("--private-key", is_flag=True, help="Prove who we are by a key of ours, no secret.")
@click.option("--acr", multiple=True, help="Demanded values, weakest first: levels 2, 3, 4.")
@click.option("--amr", multiple=True, help="METHOD=LEVEL for a provider that names methods.")
@click.option("--organisation", multiple=True, help="Whom it may speak for; all when left out.")
@click.option("--ceiling", default="running", show_default=True, help="Highest kind of role.")
@click.option("--join", default=None, help="Role for unknown people; local and test only.")
def provider_add(
    tenant: str,
    name: str,
    label: str | None,
    issuer: str,
    client_id: str,
    client_secret_file: Path | None,
    private_key: bool,
    acr: tuple[str, ...],
    amr: tuple[str, ...],
    organisation: tuple[str, ...],
    ceiling: str,
    join: str | None,
) -> None:
    """Let a municipality's people log in with a provider of theirs."""
    from tenants.identity.providers import add_provider

    if private_key == (client_secret_file is not None):
        raise click.UsageError("Give --client-secret-file or --private-key, one of them.")
    levels = dict(one.rpartition("=")[::2] for one in amr)
    if not all(method and level.isdecimal() for method, level in levels.items()):
        raise click.UsageError("--amr takes METHOD=LEVEL.")
    _provider_act(
        lambda: add_provider(
            tenant_slug=tenant,
            name=name,
            label=label,
            issuer=issuer,
            client_id=client_id,
            client_secret=client_secret_file.read_text().strip() if client_secret_file else None,
            secret_key=settings().secret_key,
            production=settings().env == "production",
            acr=list(acr),
            amr={method: int(level) for method, level in levels.items()},
            organisations=organisation,
            ceiling=ceiling,
            join=join,
        )
    )


@provider.command("proposed")
def provider_proposed() -> None:
    """What municipalities have asked for and nobody has looked at yet."""
    from tenants.identity.providers import proposed_providers

    for one in _provider_act(proposed_providers):
        click.echo(json.dumps(one, ensure_ascii=False))


@provider.command("approve")
@click.argument("name")
def provider_approve(name: str) -> None:
    """Let a proposed provider be used, once its address has been checked with the municipality."""
    from tenants.identity.providers import approve_provider

    _provider_act(
        lambda: approve_provider(
            name, secret_key=settings().secret_key, production=settings().env == "production"
        )
    )


@provider.command("rotate-key")
def provider_rotate_key() -> None:
    """Make a new key of ours, published now and signed with in an hour."""
    from tenants.identity.client_keys import rotate_client_key

    click.echo(_provider_act(lambda: rotate_client_key(settings().secret_key)))


def _provider_act(act: Callable[[], Awaitable[Any]]) -> Any:
    """Do it where the installation runs; a refusal is one line and ends with 2."""
    from tenants.identity.providers import ProviderRefused

    _find_installation()
    try:
        return _within_pool(act)
    except ProviderRefused as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from None


def entry() -> None:
    """The console script: a wrong setting is one line, not a traceback."""
    try:
        main()
    except SettingsError as error:
        click.echo(str(error), err=True)
        sys.exit(2)


if __name__ == "__main__":
    entry()
