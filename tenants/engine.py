"""The engine that Piccolo's queries run on: always the connection of the open scope.

Piccolo's own transactions, batches and connections are refused here, because each of them
can leave the tenant's transaction unseen: a nested transaction is a no-op that rewrites the
tenant of the outer one, a batch opens a new connection, a failed commit leaves a dead
transaction behind.
"""

from typing import Any, NoReturn

from piccolo.conf.apps import AppRegistry
from piccolo.engine.postgres import PostgresEngine
from piccolo.querystring import QueryString

from tenants.scope import OutsideScope, open_scope


class ScopedEngine(PostgresEngine):
    """Runs each query in the open scope and nowhere else."""

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> Any:
        sql, arguments = querystring.compile_string(engine_type=self.engine_type)
        return await open_scope().fetch(sql, *arguments)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> Any:
        return await open_scope().fetch(ddl)

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise OutsideScope("Only tenants.scope opens connections and transactions.")

    transaction = _refuse
    atomic = _refuse
    batch = _refuse
    get_new_connection = _refuse
    start_connection_pool = _refuse

    async def get_version(self) -> float:
        return float("inf")  # Checked by `bootstrap`, which holds a connection.


DB = ScopedEngine(config={"database": "kraftsamling"})
APP_REGISTRY = AppRegistry(apps=["migrations.piccolo_app"])
