"""Database of accounts, keys and sign-ins, which unlike events can be changed and deleted.

In PostgreSQL migrations create the tables in their own schema, with row-level security by tenant.
In SQLite they are created when the database is opened.
"""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

import sqlalchemy as sa

from adapters.sql.engines import is_postgresql, make_once, open_engine
from adapters.sql.errors import storage_errors
from adapters.users.tables import METADATA
from domain.ids import TenantId
from domain.tenants.tenant_id import parse_tenant_id

SCHEMA: Final = "identity"
NAMED: Final = "The accounts"

ACT: Final = sa.text(
    "SELECT set_config('role', 'kinelog_app', true), set_config('kinelog.tenant', :tenant, true)"
)
"""Assumes the application role within one tenant, until the end of the transaction."""


class IdentityDatabase:
    """Transactions on the tables of accounts, keys and sign-ins. Thread-safe.

    `url` is a SQLite URL, or any libpq connection string of a migrated PostgreSQL database and a
    user that may assume the role `kinelog_app`. At most `connections` are open. Raises
    StorageUnavailable.
    """

    def __init__(self, url: str | sa.URL, *, connections: int = 8) -> None:
        self._engine = open_engine(url, schema=SCHEMA, connections=connections)
        self._writer = self._engine.execution_options(begin="BEGIN IMMEDIATE")
        self._is_postgresql = is_postgresql(self._engine)
        if not self._is_postgresql:
            with storage_errors(NAMED):
                make_once(self._engine, schema=SCHEMA, marker_table="", make=METADATA.create_all)

    @contextmanager
    def of_tenant(self, tenant_id: TenantId) -> Generator[sa.Connection]:
        """Open a read-write transaction on a tenant's rows."""
        with storage_errors(NAMED), self._writer.begin() as connection:
            self._act(connection, parse_tenant_id(tenant_id))
            yield connection

    @contextmanager
    def reading(self, tenant_id: TenantId) -> Generator[sa.Connection]:
        """Open a read-only transaction on a tenant's rows; on SQLite it waits for no writer."""
        with storage_errors(NAMED), self._engine.begin() as connection:
            self._act(connection, parse_tenant_id(tenant_id))
            yield connection

    @contextmanager
    def of_platform(self) -> Generator[sa.Connection]:
        """Open a transaction on rows of the platform, such as the keys that sign tokens."""
        with storage_errors(NAMED), self._writer.begin() as connection:
            self._act(connection, TenantId(""))
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _act(self, connection: sa.Connection, tenant_id: TenantId) -> None:
        if self._is_postgresql:
            connection.execute(ACT, {"tenant": tenant_id})
