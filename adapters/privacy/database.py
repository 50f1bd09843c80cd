"""Where erasures are kept: beside the accounts, but apart, so that one can be kept for longer.

In PostgreSQL the tables are made by the migrations, in a schema of their own, where the database
itself shows each transaction the rows of one tenant; in SQLite they are made when they are opened.
"""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

import sqlalchemy as sa

from adapters.privacy.tables import METADATA
from adapters.sql.engines import is_postgresql, make_once, open_engine
from adapters.sql.errors import storage_errors
from adapters.tenants import checked
from adapters.users.database import ACT
from domain.ids import TenantId

SCHEMA: Final = "privacy"
NAMED: Final = "The erasures"


class PrivacyDatabase:
    """Transactions on these tables. Any thread may ask. Raises StorageUnavailable.

    `url` is a SQLite URL, or for PostgreSQL anything that libpq understands: an upgraded database
    and somebody who may take the role `kinelog_app`.
    """

    def __init__(self, url: str | sa.URL) -> None:
        self.engine = open_engine(url, schema=SCHEMA, connections=2)
        self._writer = self.engine.execution_options(begin="BEGIN IMMEDIATE")
        self._is_postgresql = is_postgresql(self.engine)
        if not self._is_postgresql:
            with storage_errors(NAMED):
                make_once(self.engine, schema=SCHEMA, known_by="", make=METADATA.create_all)

    @contextmanager
    def of_tenant(self, tenant_id: TenantId) -> Generator[sa.Connection]:
        """Open a transaction on a tenant's rows."""
        with storage_errors(NAMED), self._writer.begin() as connection:
            if self._is_postgresql:
                connection.execute(ACT, {"tenant": checked(tenant_id)})
            yield connection

    @contextmanager
    def of_platform(self) -> Generator[sa.Connection]:
        """Open a transaction on what belongs to no tenant: the keys of certificates."""
        with storage_errors(NAMED), self._writer.begin() as connection:
            if self._is_postgresql:
                connection.execute(ACT, {"tenant": ""})
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()
