"""`kraftsamling …`: everything that is started or done from a shell."""

import asyncio
import json
import logging
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import click

from service.logs import start_logging
from service.settings import SettingsError, settings


@click.group()
def main() -> None:
    """Kraftsamling: effektiv samordning för trygghet."""
    # Our matrices are small: threads that wait for each other cost more than they give, and the
    # processes share the machine. Read when numpy is imported, so before any command.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    start_logging(structured=os.environ.get("KS_LOG") == "json")


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


def _begin(part: str) -> None:
    """What every process does first; exits with one line when it should not run at all."""
    from service.operations.starting import CannotStart, require_startable
    from service.operations.tracing import start_tracing

    chosen = settings()
    start_logging(structured=chosen.structured_logs)
    start_tracing(chosen, part)
    if part != "web" and chosen.metrics_port:
        from prometheus_client import start_http_server

        start_http_server(chosen.metrics_port, addr=chosen.listen)
    try:
        require_startable(chosen)
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

    _begin("web")
    chosen = settings()
    uvicorn.run(
        create_app(),
        host=chosen.listen,
        port=chosen.port,
        proxy_headers=bool(chosen.trusted_proxies),
        forwarded_allow_ips=chosen.trusted_proxies or None,
        log_config=None,
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

    _begin("worker")
    work(settings())


@main.command()
def scheduler() -> None:
    """Send what is to be done at certain times."""
    from service.scheduler import schedule

    _begin("scheduler")
    schedule(settings())


@main.command()
def local() -> None:
    """Serve the local OpenID provider and the mail box; refuses to start in production."""
    from service.local.serve import serve

    serve(settings())


@main.command()
@click.option("--superuser-url", default="postgresql:///postgres?host=/var/run/postgresql")
@click.option(
    "--server", default="127.0.0.1:5432", show_default=True, help="As the roles reach it."
)
@click.option("--database", default="kraftsamling", show_default=True)
@click.option("--secrets", required=True, type=click.Path(path_type=Path, file_okay=False))
def bootstrap(superuser_url: str, server: str, database: str, secrets: Path) -> None:
    """Make roles and an empty database, and write the files that KS_…_FILE name. Once."""
    from service.operations.bootstrap import AlreadyThere, bootstrap_server

    try:
        asyncio.run(bootstrap_server(superuser_url, server, database, secrets))
    except AlreadyThere as refusal:
        click.echo(str(refusal), err=True)
        raise SystemExit(2) from None


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


@main.command()
@click.option("--stanza", default="kraftsamling", show_default=True)
@click.option("--config", default="/etc/pgbackrest.conf", type=click.Path(path_type=Path))
@click.option("--programs", required=True, type=click.Path(path_type=Path), help="Where pg_ctl is.")
@click.option("--user", default="postgres", show_default=True, help="The database's own user.")
@click.option("--until", type=click.DateTime(["%Y-%m-%dT%H:%M:%S"]), help="In UTC.")
def drill(stanza: str, config: Path, programs: Path, user: str, until: datetime | None) -> None:
    """Bring the backup back beside the running service and prove that it holds; then remove it."""
    from service.operations.drill import Backup, DrillFailed
    from service.operations.drill import drill as practise

    _find_installation()
    moment = until.replace(tzinfo=UTC) if until else None
    try:
        proof = asyncio.run(practise(settings(), Backup(stanza, config, programs, user, moment)))
    except DrillFailed as failure:
        click.echo(str(failure), err=True)
        raise SystemExit(1) from None
    click.echo("\n".join(proof.lines))


@main.command()
@click.option("--tenant", required=True, help="The municipality, as in its addresses.")
@click.option("--copy", required=True, help="The restored copy, as a role that reads it.")
def restore(tenant: str, copy: str) -> None:
    """Bring one municipality back from a copy of the database; all others go on."""
    from service.operations.restore import restore as bring_back
    from tenants.restoring import CannotRestore

    _find_installation()
    try:
        restored, log = asyncio.run(bring_back(settings(), tenant, copy))
    except CannotRestore as refusal:
        click.echo(str(refusal), err=True)
        raise SystemExit(2) from None
    click.echo(f"{tenant} är återställd: {sum(restored.rows.values())} rader.")
    if restored.reopened:
        click.echo(f"Medlemskap som hade avslutats och gäller igen: {restored.reopened}.")
    click.echo("\n".join(log))


@main.group()
def demo() -> None:
    """The invented municipalities."""


@demo.command()
def seed() -> None:
    """Fill an empty database with nine invented municipalities' three years."""
    from service.demo.seed import seed as fill

    _within_pool(fill)


@demo.command()
def rises() -> None:
    """Which of the planted rises the picture finds, in which week and by which method."""
    from service.demo.find_rises import find_rises, table

    _find_installation()

    async def follow() -> None:
        found = await find_rises(lambda town: click.echo(f"{town} …", err=True))
        click.echo(table(found))

    _within_pool(follow)


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

    # Whoever reports meanwhile goes first.
    os.nice(10)
    _find_installation()
    try:
        summary = _within_pool(lambda: import_file(file))
    except BrokenFile as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from None
    click.echo(json.dumps(summary.as_json(), ensure_ascii=False) if as_json else summary.as_text())


@main.group("fetch")
def fetch_() -> None:
    """Ask a source outside now, if its turn has come."""


@fetch_.command("police")
def fetch_police() -> None:
    """The police's newest events, for all municipalities that take them."""
    from service.sources.police.fetch import fetch_events
    from service.sources.police.turn import NotYet
    from service.web.formats import moment

    _find_installation()
    if not settings().police_url:
        click.echo("KS_POLICE_EVENTS_URL är inte satt; ingenting hämtas.", err=True)
        raise SystemExit(2)
    fetched = _within_pool(lambda: fetch_events(settings()))
    if isinstance(fetched, NotYet):
        click.echo(f"Det är inte dags än; tidigast {moment(fetched.until)}.", err=True)
        raise SystemExit(3)
    click.echo(fetched.as_text() if fetched else "Inget nytt; /kallor och loggen säger varför.")


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


@main.group()
def audit() -> None:
    """The municipalities' audit logs."""


@audit.command("verify")
@click.option("--tenant", default=None, help="One municipality's slug; without it all of them.")
@click.option("--head", default=None, help="NUMBER:HASH that was noted before, of --tenant.")
def audit_verify(tenant: str | None, head: str | None) -> None:
    """Whether sealed lines are as they were sealed; ends with 1 when one is not."""
    from tenants.audit.verify import report_all

    if head is not None and (tenant is None or not head.partition(":")[0].isdecimal()):
        click.echo("--head takes NUMBER:HASH, together with --tenant.", err=True)
        raise SystemExit(2)
    _find_installation()
    sound, lines = _within_pool(lambda: report_all(tenant, head))
    for line in lines:
        click.echo(line)
    if not lines:
        click.echo(f"There is no municipality {tenant!r}.", err=True)
        raise SystemExit(2)
    raise SystemExit(0 if sound else 1)


@main.group()
def disclosure() -> None:
    """What the public has been told."""


@disclosure.command("audit")
@click.option("--tenant", default=None, help="One municipality's slug; without it all of them.")
def disclosure_audit(tenant: str | None) -> None:
    """Whether a hidden count can be worked out from all publications; ends with 1 when one can."""
    from service.cycle.feedback.report_disclosure import report_all

    _find_installation()
    sound, lines = _within_pool(lambda: report_all(tenant))
    for line in lines:
        click.echo(line)
    if not lines:
        click.echo(f"There is no municipality {tenant!r}.", err=True)
        raise SystemExit(2)
    raise SystemExit(0 if sound else 1)


@disclosure.command("rotate-key")
@click.argument("slug")
def disclosure_rotate(slug: str) -> None:
    """A new secret for the noise of periods that close from now on; closed ones keep theirs."""
    from service.cycle.feedback.report_disclosure import rotate

    _find_installation()
    version = _within_pool(lambda: rotate(slug, settings().secret_key))
    if version is None:
        click.echo(f"There is no municipality {slug!r}.", err=True)
        raise SystemExit(2)
    click.echo(f"Version {version} holds from the next period that closes.")


@main.group()
def editions() -> None:
    """The editions of the municipalities' pictures."""


@editions.command("verify")
@click.option("--tenant", default=None, help="One municipality's slug; without it all of them.")
def editions_verify(tenant: str | None) -> None:
    """Whether each gives its hash again from the counts that it froze; ends with 1 if not."""
    from service.cycle.picture.editions.verify import report_all

    _find_installation()
    sound, lines = _within_pool(lambda: report_all(tenant))
    for line in lines:
        click.echo(line)
    if not lines:
        click.echo(f"There is no municipality {tenant!r}.", err=True)
        raise SystemExit(2)
    raise SystemExit(0 if sound else 1)


@main.group()
def secrets() -> None:
    """What is stored encrypted."""


@secrets.command("reseal")
def secrets_reseal() -> None:
    """Seal all of it with the first key of KS_SECRET_KEY, so that the keys after it can go."""
    from tenants.identity.reseal import reseal
    from tenants.identity.sealing import SealBroken
    from tenants.record_secrets import reseal_record_secrets

    async def all_of_it() -> int:
        key = settings().secret_key
        return await reseal(key) + await reseal_record_secrets(key)

    _find_installation()
    try:
        count = _within_pool(all_of_it)
    except SealBroken as error:
        click.echo(f"Not done; keep the old key: {error}.", err=True)
        raise SystemExit(2) from None
    click.echo(f"{count} secrets are sealed with the newest key.")


@main.group()
def tenant() -> None:
    """Municipalities: let in, suspend, take back."""


@tenant.command("list")
def tenant_list() -> None:
    """Those in the service, and those that ask to come in."""
    from tenants.municipalities import known_municipalities
    from tenants.scope import platform_scope
    from tenants.signup.ask import waiting

    async def read() -> list[str]:
        async with platform_scope():
            known = [
                f"{one.slug}\t{'suspended' if suspended else 'in use'}"
                for one, suspended in await known_municipalities()
            ]
            return known + [f"{one.code}\tasks to come in\t{one.id}" for one in await waiting()]

    _find_installation()
    for line in _within_pool(read):
        click.echo(line)


@tenant.command("approve")
@click.argument("slug")
def tenant_approve(slug: str) -> None:
    """Let in the municipality that asks; its contact is invited by letter."""
    from service.platform.approve import approve_by_slug
    from tenants.signup.ask import InUse, NoSignUp

    _find_installation()
    try:
        _within_pool(lambda: approve_by_slug(slug, secret_key=settings().secret_key))
    except NoSignUp:
        click.echo(f"No sign-up of {slug!r} waits with its agreement accepted.", err=True)
        raise SystemExit(2) from None
    except InUse:
        click.echo(f"{slug!r} is in the service already.", err=True)
        raise SystemExit(2) from None


@tenant.command("suspend")
@click.argument("slug")
@click.option("--reason", required=True, help="Stands in the municipality's own log.")
def tenant_suspend(slug: str, reason: str) -> None:
    """Refuse all of its sessions, streams, links and jobs; nothing is removed."""
    from tenants.operator.suspend import suspend

    _find_installation()
    if not _within_pool(lambda: suspend(slug, person_id=None, reason=reason)):
        click.echo(f"There is no municipality {slug!r} in use.", err=True)
        raise SystemExit(2)


@tenant.command("resume")
@click.argument("slug")
def tenant_resume(slug: str) -> None:
    """Take a suspended municipality back."""
    from tenants.operator.suspend import resume

    _find_installation()
    if not _within_pool(lambda: resume(slug, person_id=None)):
        click.echo(f"There is no suspended municipality {slug!r}.", err=True)
        raise SystemExit(2)


@main.group()
def operator() -> None:
    """Those who run the platform."""


@operator.command("appoint")
@click.option("--issuer", required=True)
@click.option("--subject", required=True)
@click.option("--name", required=True)
def operator_appoint(issuer: str, subject: str, name: str) -> None:
    """Make the person that ISSUER knows as SUBJECT an operator."""
    from tenants.operator.appoint import appoint

    _find_installation()
    _within_pool(lambda: appoint(issuer=issuer, subject=subject, name=name))


@operator.command("dismiss")
@click.option("--issuer", required=True)
@click.option("--subject", required=True)
def operator_dismiss(issuer: str, subject: str) -> None:
    """End it, from the next request on."""
    from tenants.operator.appoint import dismiss

    _find_installation()
    if not _within_pool(lambda: dismiss(issuer=issuer, subject=subject)):
        click.echo("There is no such operator.", err=True)
        raise SystemExit(2)


def entry() -> None:
    """The console script: a wrong setting is one line, not a traceback."""
    try:
        main()
    except SettingsError as error:
        click.echo(str(error), err=True)
        sys.exit(2)


if __name__ == "__main__":
    entry()
