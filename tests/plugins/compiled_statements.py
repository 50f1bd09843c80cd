"""Pytest plug-in: the databases of a test process share compiled SQL statements.

SQLAlchemy compiles a statement once per engine, and most tests have engines of their own: without
sharing, a seventh of the processor time of API tests is compilation.
"""

from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine
from sqlalchemy.util import LRUCache


class SharedStatements(LRUCache[Any, Any]):
    """Compiled statements by dialect type, where SQLAlchemy has one dialect object per engine."""

    def get(self, key: Any, default: Any = None) -> Any:
        """Return a compiled statement, or the default."""
        return super().get(_by_type(key), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        """Add a compiled statement."""
        super().__setitem__(_by_type(key), value)


def _by_type(key: Any) -> Any:
    """Replace the dialect, the first part of a key, by what its statements depend on."""
    dialect, *rest = key
    return type(dialect), dialect.paramstyle, dialect.server_version_info, *rest


STATEMENTS = SharedStatements(5000)


def pytest_configure() -> None:
    """Let each new connection use the shared statements."""
    event.listen(Engine, "engine_connect", _share)


def _share(connection: Connection) -> None:
    connection.execution_options(compiled_cache=STATEMENTS)
