"""Row-level security by tenant in PostgreSQL, also for tables created at run time."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

import sqlalchemy as sa

from adapters.sql.errors import storage_errors
from domain.ids import TenantId

ROLE: Final = "kinelog_app"
"""The application's role, for one tenant at a time. Created by revision 0001, or earlier if
needed."""

MAKE_ROLE: Final = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kinelog_app') THEN
        BEGIN
            CREATE ROLE kinelog_app NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- another database of the server was first
        END;
    END IF;
END
$$
"""

KEEP_APART: Final = """
DO $$
DECLARE
    of_tenants regclass;
BEGIN
    FOR of_tenants IN
        SELECT t.oid FROM pg_class AS t
        JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attname = 'tenant_id'
        WHERE t.relnamespace = '{schema}'::regnamespace AND t.relkind = 'r' AND NOT t.relrowsecurity
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', of_tenants);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', of_tenants);
        EXECUTE format(
            'CREATE POLICY owner_works ON %s TO CURRENT_USER USING (true)', of_tenants
        );
        EXECUTE format(
            'CREATE POLICY app_works ON %s TO kinelog_app'
            ' USING (tenant_id = (SELECT current_setting(''kinelog.tenant'', true)))',
            of_tenants
        );
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO kinelog_app', of_tenants);
    END LOOP;
    GRANT USAGE ON SCHEMA {schema} TO kinelog_app;
END
$$
"""
"""The owner of a table sees all of it; the application sees the tenant that it has set."""

ACT: Final = sa.text(
    "SELECT set_config('role', 'kinelog_app', true), set_config('kinelog.tenant', :tenant, true)"
)
"""Until the end of the transaction: take the rights of the application, within one tenant."""


def keep_apart(connection: sa.Connection, schema: str) -> None:
    """Add policies to all tables of a schema that have tenants and no policy yet."""
    connection.exec_driver_sql(MAKE_ROLE)
    literally = {"no_parameters": True}  # its percent signs belong to PostgreSQL
    connection.exec_driver_sql(KEEP_APART.format(schema=schema), execution_options=literally)


def act(connection: sa.Connection, tenant_id: TenantId) -> None:
    """Restrict the transaction to one tenant. Does nothing on SQLite."""
    if connection.dialect.name == "postgresql":
        connection.execute(ACT, {"tenant": tenant_id})


@contextmanager
def tenant_transaction(
    engine: sa.Engine, tenant_id: TenantId, named: str
) -> Generator[sa.Connection]:
    """Open a read-write transaction restricted to one tenant. Raises StorageUnavailable.

    `named` begins its sentence, for example "The read models". On SQLite it takes the write lock at
    once: a transaction that has read cannot write after the commit of another one.
    """
    writer = engine.execution_options(begin="BEGIN IMMEDIATE")
    with storage_errors(named), writer.begin() as connection:
        act(connection, tenant_id)
        yield connection
