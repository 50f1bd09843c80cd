"""Database of erasures and exports, apart from the accounts so that it can be kept for longer.

In PostgreSQL migrations create the tables in their own schema, with row-level security by tenant.
In SQLite they are created when the database is opened.
"""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

import sqlalchemy as sa

from adapters.privacy.tables import EXPORTS_VIEW, METADATA
from adapters.sql.engines import is_postgresql, make_once, open_engine
from adapters.sql.errors import storage_errors
from adapters.sql.tables import create_tables
from adapters.users.database import ACT
from domain.ids import TenantId
from domain.tenants.tenant_id import parse_tenant_id

SCHEMA: Final = "privacy"
NAMED: Final = "The erasures"


class PrivacyDatabase:
    """Transactions on these tables. Thread-safe. Raises StorageUnavailable.

    `url` is a SQLite URL, or any libpq connection string of a migrated PostgreSQL database and a
    user that may assume the role `kinelog_app`.
    """

    def __init__(self, url: str | sa.URL) -> None:
        self.engine = open_engine(url, schema=SCHEMA, connections=2)
        self._writer = self.engine.execution_options(begin="BEGIN IMMEDIATE")
        self._is_postgresql = is_postgresql(self.engine)
        if not self._is_postgresql:
            with storage_errors(NAMED):
                make_once(self.engine, schema=SCHEMA, marker_table="", make=_create)

    @contextmanager
    def of_tenant(self, tenant_id: TenantId) -> Generator[sa.Connection]:
        """Open a transaction on a tenant's rows."""
        with storage_errors(NAMED), self._writer.begin() as connection:
            if self._is_postgresql:
                connection.execute(ACT, {"tenant": parse_tenant_id(tenant_id)})
            yield connection

    @contextmanager
    def of_platform(self) -> Generator[sa.Connection]:
        """Open a transaction on rows without a tenant: the keys of certificates."""
        with storage_errors(NAMED), self._writer.begin() as connection:
            if self._is_postgresql:
                connection.execute(ACT, {"tenant": ""})
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _create(connection: sa.Connection) -> None:
    """Create what is missing in SQLite, with the view that shows the columns of this version."""
    connection.execute(sa.text("DROP VIEW IF EXISTS exports"))
    create_tables(connection, METADATA)
    connection.execute(EXPORTS_VIEW)
