"""SQLite databases of the pose coach, one per tenant: their tables have no column for it."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from adapters.sql.engines import open_engine
from adapters.sql.errors import storage_errors
from adapters.sql.tables import create_tables
from domain.ids import TenantId


class TenantFiles:
    """Opens `{name}.{tenant}.sqlite3` in a folder, with its tables, on first use."""

    def __init__(self, home: Path, name: str, metadata: sa.MetaData, what: str) -> None:
        self._home = home
        self._name = name
        self._metadata = metadata
        self._what = what
        self._engines: dict[TenantId, sa.Engine] = {}
        self._lock = Lock()

    @contextmanager
    def reading(self, tenant_id: TenantId) -> Generator[sa.Connection]:
        """Open a transaction that reads. Raises StorageUnavailable."""
        with storage_errors(self._what), self._engine(tenant_id).begin() as connection:
            yield connection

    @contextmanager
    def writing(self, tenant_id: TenantId) -> Generator[sa.Connection]:
        """Open a transaction that no other one writes beside. Raises StorageUnavailable."""
        with storage_errors(self._what):
            engine = self._engine(tenant_id).execution_options(begin="BEGIN IMMEDIATE")
            with engine.begin() as connection:
                yield connection

    def close(self) -> None:
        """Close all databases."""
        with self._lock:
            for engine in self._engines.values():
                engine.dispose()
            self._engines.clear()

    def _engine(self, tenant_id: TenantId) -> sa.Engine:
        with self._lock:
            if tenant_id not in self._engines:
                path = self._home / f"{self._name}.{tenant_id}.sqlite3"
                engine = open_engine(sa.URL.create("sqlite", database=str(path)), schema="")
                event.listen(engine, "connect", _enforce_foreign_keys)
                with engine.execution_options(begin="BEGIN IMMEDIATE").begin() as connection:
                    create_tables(connection, self._metadata)
                self._engines[tenant_id] = engine
            return self._engines[tenant_id]


def _enforce_foreign_keys(connection: Any, _entry: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()
