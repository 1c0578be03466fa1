"""What this code expects of the database: its history, and the tables that its classes describe."""

import pkgutil
from importlib import import_module

from piccolo.table import Table

import migrations.history
import service
import tenants


def history() -> list[str]:
    """The ids of all migrations of this code, oldest first."""
    names = (module.name for module in pkgutil.iter_modules(migrations.history.__path__))
    return sorted(import_module(f"migrations.history.{name}").ID for name in names)


def tables() -> dict[str, set[str]]:
    """The columns of every Piccolo class, by table.

    Piccolo gives a class without a key of its own an `id`, which its table need not have.
    """
    for package in (tenants, service):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.endswith(".tables"):
                import_module(module.name)
    found: dict[str, set[str]] = {}
    waiting = list(Table.__subclasses__())
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        if one.__module__.startswith(("tenants.", "service.")) and one.__name__ != "TenantTable":
            columns = {column._meta.db_column_name for column in one._meta.columns}
            found[one._meta.tablename] = columns - {"id"}
    return found
