"""The only door to the data: one scope = one municipality = one transaction = one RLS setting.

A scope begins its transaction at the first query and holds it until it is settled. Queries
outside a scope, scopes inside scopes and queries after the settling raise `OutsideScope`:
what is not walled in does not run at all.
"""

import asyncio
import contextvars
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID

import asyncpg

from tenants.tracing import statement

logger = logging.getLogger(__name__)

_open: contextvars.ContextVar["Scope | None"] = contextvars.ContextVar("scope", default=None)
_pool: asyncpg.Pool | None = None
_operator_dsn: str | None = None
_bounds = ""
# So long a request waits for a connection, then it is told to come back.
WAIT_SECONDS = 5.0
# Longer than any statement of a request may take.
CLOSING_SECONDS = 25.0


class OutsideScope(RuntimeError):
    """A query was made where no scope is open, or a scope was opened inside another."""


class CommitFailed(RuntimeError):
    """The transaction could not be committed; nothing of it is stored."""


class Busy(RuntimeError):
    """All connections were in use for too long; the same may work a moment later."""


DATABASE_AWAY = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    CommitFailed,
    Busy,
)
"""What a scope raises when the database is gone, full or starting; trying again later is right."""


async def _skip_reset(_: asyncpg.Connection) -> None:
    """A scope only ever uses SET LOCAL, so a returned connection holds nothing to reset."""


async def open_pool(
    dsn: str, *, size: int = 10, operator_dsn: str | None = None, statement_seconds: int = 0
) -> None:
    """Open this process' connections as `ks_app`; belongs to the running event loop.

    `operator_dsn` logs in as `ks_operator` and is used by `operator_scope` alone. The database
    itself ends a statement after `statement_seconds`; 0 leaves that to the server's own setting.
    """
    global _pool, _operator_dsn, _bounds
    if _pool is not None:
        raise RuntimeError("The pool is open already.")
    _pool = await asyncpg.create_pool(
        dsn,
        min_size=min(2, size),
        max_size=size,
        reset=_skip_reset,
        command_timeout=60,
        server_settings={"application_name": "kraftsamling"},
        **({"statement_cache_size": 0} if await is_pooled(dsn) else {}),
    )
    _operator_dsn = operator_dsn
    # In the transaction, since a pooling proxy passes on no setting of the session.
    _bounds = f"; SET LOCAL statement_timeout = {int(statement_seconds) * 1000}"
    if not statement_seconds:
        _bounds = ""


async def _free_connection(pool: asyncpg.Pool) -> Any:
    try:
        return await pool.acquire(timeout=WAIT_SECONDS)
    except TimeoutError as error:
        raise Busy("No connection was free.") from error


async def is_pooled(dsn: str) -> bool:
    """Whether a proxy such as PgBouncer stands before the server.

    It may give each transaction another server connection, so that a prepared statement is
    gone at the next one. The server itself says its own process id twice; a proxy makes one up.
    """
    connection = await asyncpg.connect(dsn, statement_cache_size=0, timeout=10)
    try:
        return connection.get_server_pid() != await connection.fetchval("SELECT pg_backend_pid()")
    finally:
        await connection.close()


async def close_pool() -> None:
    """Close the connections once those in use have come back, or after a while without them.

    What is cut off then is rolled back: a process that is told to stop does so.
    """
    global _pool
    pool, _pool = _pool, None
    if pool is not None:
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSING_SECONDS):
                await pool.close()  # Ends every connection when it is cut short.


# In the same message as BEGIN, so that it costs no round trip of its own.
_FOR_A_MEMBER = """;
SELECT set_config('ks.tenant_id', coalesce((
    SELECT '{tenant}' FROM ks.session
    WHERE token_hash = '\\x{holder}'::bytea AND EXISTS (
        SELECT 1 FROM ks.memberships_of(session.person_id) AS own WHERE own.tenant_id = '{tenant}')
), ''), true)"""

_FOR_A_KEY = """;
SELECT set_config('ks.tenant_id', coalesce((
    SELECT '{tenant}' WHERE ks.key_opens('\\x{key}'::bytea, '{tenant}')), ''), true)"""


class Scope:
    """One transaction, behind one municipality's wall or (tenant None) on platform tables only."""

    def __init__(
        self,
        tenant_id: UUID | None,
        dsn: str | None = None,
        *,
        holder: bytes | None = None,
        key: bytes | None = None,
    ) -> None:
        """`holder`, the hash of a session's id, makes the wall open only for one of its members;
        `key`, the hash of a system's key, only for a key of that municipality.

        The database asks that itself while the transaction opens, beside and before whatever the
        application decides about permissions; for everybody else no municipality is set, so that
        nothing of it is there to be shown.
        """
        self.tenant_id = tenant_id
        self._holder = holder
        self._key = key
        self.settled = False
        self._dsn = dsn
        self._connection: Any = None
        # Litestar resolves dependencies in tasks of their own: they share the transaction in turn.
        self._turn = asyncio.Lock()
        self._after_commit: list[Callable[[], None]] = []

    async def _ready(self) -> asyncpg.Connection:
        if self.settled:
            raise OutsideScope("This scope is settled; its transaction is over.")
        if self._connection is None:
            begin = "BEGIN"
            if self.tenant_id is not None:
                # SET takes no parameters; a UUID object prints as hexadecimal and dashes only.
                tenant = UUID(str(self.tenant_id))
                if self._key is not None:
                    begin += _FOR_A_KEY.format(tenant=tenant, key=self._key.hex())
                elif self._holder is None:
                    begin += f"; SET LOCAL ks.tenant_id = '{tenant}'"
                else:
                    begin += _FOR_A_MEMBER.format(tenant=tenant, holder=self._holder.hex())
            if self._dsn is not None:
                connection = await asyncpg.connect(self._dsn)
            elif _pool is not None:
                connection = await _free_connection(_pool)
            else:
                raise OutsideScope("The pool is not open in this process.")
            self._connection = connection
            await connection.execute(begin + _bounds)
        return self._connection

    async def fetch(self, sql: str, *arguments: Any) -> list[asyncpg.Record]:
        async with self._turn:
            connection = await self._ready()
            with statement(sql):
                return await connection.fetch(sql, *arguments)

    async def fetch_row(self, sql: str, *arguments: Any) -> asyncpg.Record | None:
        async with self._turn:
            connection = await self._ready()
            with statement(sql):
                return await connection.fetchrow(sql, *arguments)

    async def fetch_value(self, sql: str, *arguments: Any) -> Any:
        async with self._turn:
            connection = await self._ready()
            with statement(sql):
                return await connection.fetchval(sql, *arguments)

    async def execute(self, sql: str, *arguments: Any) -> str:
        async with self._turn:
            connection = await self._ready()
            with statement(sql):
                return await connection.execute(sql, *arguments)

    async def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        async with self._turn:
            connection = await self._ready()
            with statement(sql):
                await connection.executemany(sql, rows)

    async def copy_records(
        self, table: str, columns: Sequence[str], records: Iterable[Sequence[Any]]
    ) -> None:
        async with self._turn:
            connection = await self._ready()
            await connection.copy_records_to_table(table, columns=columns, records=records)

    def after_commit(self, call: Callable[[], None]) -> None:
        self._after_commit.append(call)

    async def settle(self, *, commit: bool) -> None:
        """End the transaction and give the connection back; a second call does nothing.

        Raises `CommitFailed` when the database did not store what was asked for.
        """
        if self.settled:
            return
        self.settled = True
        connection, self._connection = self._connection, None
        if connection is None:
            if commit:
                self._run_after_commit()
            return
        try:
            if commit:
                # An aborted transaction answers COMMIT with ROLLBACK and without an error.
                try:
                    answer = await connection.execute("COMMIT")
                except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
                    raise CommitFailed(str(error)) from error
                if answer != "COMMIT":
                    raise CommitFailed("The transaction had failed before the commit.")
            elif not connection.is_closed():
                with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                    await connection.execute("ROLLBACK")
        finally:
            await self._give_back(connection)
        if commit:
            self._run_after_commit()

    async def _give_back(self, connection: Any) -> None:
        if connection.is_closed() or connection.is_in_transaction():
            connection.terminate()
        if self._dsn is not None:
            if not connection.is_closed():
                await connection.close()
        elif _pool is not None:
            await _pool.release(connection)

    def _run_after_commit(self) -> None:
        for call in self._after_commit:
            try:
                call()
            except Exception:
                # What is committed stands: a failing hint must not turn it into an error.
                logger.exception("A call after the commit failed.")


@asynccontextmanager
async def entered(scope: Scope, *, settle: bool = True) -> AsyncIterator[Scope]:
    """Make `scope` the open one for this task; with `settle`, commit or roll back at the end."""
    outer = _open.get()
    # A settled one is over: a stream or an audit line after the answer opens its own.
    if outer is not None and not outer.settled:
        raise OutsideScope("A scope is open already; scopes do not nest.")
    token = _open.set(scope)
    try:
        yield scope
    except BaseException:
        await scope.settle(commit=False)
        raise
    else:
        await scope.settle(commit=settle)
    finally:
        _open.reset(token)


@asynccontextmanager
async def outside_scope() -> AsyncIterator[None]:
    """Settle the open scope now and go on without one.

    For what must hold no transaction, such as a call to another server; scopes of its own may
    be opened inside.
    """
    scope = open_scope()
    await scope.settle(commit=True)
    token = _open.set(None)
    try:
        yield
    finally:
        _open.reset(token)


def tenant_scope(tenant_id: UUID) -> Any:
    """One municipality's data, for one transaction: commits at the end, rolls back on an error."""
    return entered(Scope(UUID(str(tenant_id))))


def platform_scope() -> Any:
    """Platform tables only: no municipality is set, so that tenant tables show nothing."""
    return entered(Scope(None))


def operator_scope() -> Any:
    """As `ks_operator`: may found municipalities and providers, sees no municipality's content."""
    if _operator_dsn is None:
        raise OutsideScope("No operator's connection is configured in this process.")
    return entered(Scope(None, dsn=_operator_dsn))


def owner_scope(dsn: str) -> Any:
    """As `ks_owner`, for migrations alone: its tables are walled from it too."""
    return entered(Scope(None, dsn=dsn))


def open_scope() -> Scope:
    """The open scope; raises `OutsideScope` when there is none."""
    scope = _open.get()
    if scope is None:
        raise OutsideScope("A query needs an open scope: `async with tenant_scope(id):`.")
    return scope


def current_tenant() -> UUID:
    """The municipality whose scope is open; raises `OutsideScope` when there is none."""
    tenant_id = open_scope().tenant_id
    if tenant_id is None:
        raise OutsideScope("The open scope is the platform's, not a municipality's.")
    return tenant_id


async def fetch(sql: str, *arguments: Any) -> list[asyncpg.Record]:
    return await open_scope().fetch(sql, *arguments)


async def fetch_row(sql: str, *arguments: Any) -> asyncpg.Record | None:
    return await open_scope().fetch_row(sql, *arguments)


async def fetch_value(sql: str, *arguments: Any) -> Any:
    return await open_scope().fetch_value(sql, *arguments)


async def execute(sql: str, *arguments: Any) -> str:
    return await open_scope().execute(sql, *arguments)


async def execute_many(sql: str, rows: Iterable[Sequence[Any]]) -> None:
    await open_scope().execute_many(sql, rows)


async def copy_records(
    *, table: str, columns: Sequence[str], records: Iterable[Sequence[Any]]
) -> None:
    """COPY into a temporary table; PostgreSQL refuses COPY into a walled one."""
    await open_scope().copy_records(table, columns, records)


def after_commit(call: Callable[[], None]) -> None:
    """Run `call` once the open scope's transaction is stored, and not otherwise."""
    open_scope().after_commit(call)
