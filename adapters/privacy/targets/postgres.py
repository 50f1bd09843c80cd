"""Erasure and PII scan targets in PostgreSQL: all tables, whatever their row-level security."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import sql

from adapters.event_log.postgres_errors import place_of, storage_failures
from application.kernel.ports import StorageUnavailable
from application.privacy.pii_scan import Part
from application.privacy.subject_data import SubjectData
from domain.erasures.events import Step
from domain.ids import TenantId

TABLES: Final = """
SELECT n.nspname, c.relname, c.relrowsecurity
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    AND n.nspname NOT LIKE 'pg_toast%' AND n.nspname NOT LIKE 'pg_temp%'
ORDER BY 1, 2
"""

PLANNER: Final = (
    "SELECT schemaname, tablename, attname, most_common_vals::text, histogram_bounds::text"
    " FROM pg_stats WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
)
"""Planner statistics, which contain sampled values."""

ROLES: Final = ("kinelog_reader", "kinelog_app", "kinelog_relay")
"""Roles used besides the login role: for all events, and within one tenant."""

SEE_ALL: Final = (
    "SELECT set_config('kinelog.tenant', %s, false),"
    " set_config('kinelog.whole_tenant', 'on', false)"
)
"""Shows the rows of all people of a tenant."""

LOCK_TIMEOUT_S: Final = 60


@dataclass(frozen=True)
class PostgresTables:
    """Scan target: every table of the database in PostgreSQL's binary format, and statistics.

    Tables with row-level security are read with every available role: as the login role, which
    sees all rows of the tables that it owns, and with each of the ROLES, which see those of
    `tenant_id`. Rows of other tenants may be included. Raises StorageUnavailable for a table that
    no available role may read.
    """

    name: str
    url: str
    tenant_id: TenantId

    def parts(self) -> Iterator[Part]:
        with self._connected() as connection:
            tables = connection.execute(TABLES).fetchall()
            yield Part("pg_stats", _copy(connection, sql.SQL(PLANNER), None))
            for schema, table, guarded in tables:
                named = sql.Identifier(schema, table)
                query = sql.SQL("SELECT * FROM {}").format(named)
                for role in self._readers(connection, schema, table, guarded=guarded):
                    rows = _copy(connection, query, role)
                    yield Part(f"{schema}.{table}", rows, has_records=True)

    def _readers(
        self, connection: psycopg.Connection[Any], schema: str, table: str, *, guarded: bool
    ) -> list[str | None]:
        """Return the roles to read with: all that may read if rows are guarded."""
        own, above = connection.execute(
            "SELECT has_table_privilege(%s, 'SELECT'),"
            " (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user)",
            [sql.Identifier(schema, table).as_string(connection)],
        ).fetchall()[0]
        if own and (above or not guarded):
            return [None]
        readers: list[str | None] = [None] if own else []
        readers += [role for role in ROLES if _may_read(connection, role, schema, table)]
        if not readers:
            raise StorageUnavailable(f"No available role may read {schema}.{table}.")
        return readers

    @contextmanager
    def _connected(self) -> Generator[psycopg.Connection[Any]]:
        with (
            storage_failures(place_of(self.url)),
            psycopg.connect(
                self.url, application_name="kinelog privacy", autocommit=True
            ) as connection,
        ):
            connection.execute(SEE_ALL, [self.tenant_id])
            yield connection


def _may_read(connection: psycopg.Connection[Any], role: str, schema: str, table: str) -> bool:
    named = sql.Identifier(schema, table).as_string(connection)
    found = connection.execute(
        "SELECT pg_has_role(current_user, oid, 'MEMBER')"
        " AND has_schema_privilege(oid, %s, 'USAGE') AND has_table_privilege(oid, %s, 'SELECT')"
        " FROM pg_roles WHERE rolname = %s",
        [schema, named, role],
    ).fetchone()
    return found is not None and bool(found[0])


def _copy(
    connection: psycopg.Connection[Any], query: sql.Composable, role: str | None
) -> Iterator[bytes]:
    """Read rows one by one in binary format, in which texts and bytes are not escaped."""
    with connection.transaction(), connection.cursor() as cursor:
        if role is not None:
            cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
        statement = sql.SQL("COPY ({}) TO STDOUT (FORMAT binary)").format(query)
        with cursor.copy(statement) as copy:
            for piece in copy:
                yield bytes(piece)


FREE_TEXT: Final = (
    ("jobs", "analysis_job"),
    ("jobs", "health_import"),
    ("live", "live_session"),
    ("live", "live_sensors"),
    ("live", "watched_session"),
    ("pose_coach", "sink_entry"),
)
"""Tables besides read models whose deleted rows may contain free text, health data, or a user's
Firebase UID."""


@dataclass(frozen=True)
class PostgresRetention:
    """Retained data: the write-ahead log contains row contents until its segments are recycled."""

    def describe(self, subject: SubjectData) -> Sequence[Mapping[str, str]]:
        del subject
        return [
            {
                "in": "write-ahead log of PostgreSQL, and archives of it",
                "holds": "Names of uploaded videos and refused health records, from rows of jobs.",
                "until": "its segments are recycled; archives: as long as they are stored",
            }
        ]


@dataclass(frozen=True)
class PostgresCompaction:
    """Erasure target: rewrites tables from which rows were deleted, and their statistics.

    `read_models` are those with personal data. A table is locked while it is rewritten.
    """

    url: str
    read_models: tuple[str, ...]
    step: Step = "compaction"

    def count(self, subject: SubjectData) -> int:
        del subject
        return 0

    def remove(self, subject: SubjectData) -> int:
        del subject
        with (
            storage_failures(place_of(self.url)),
            psycopg.connect(self.url, autocommit=True) as connection,
        ):
            connection.execute(
                "SELECT set_config('lock_timeout', %s, false)", [f"{LOCK_TIMEOUT_S}s"]
            )
            for schema, table, _ in connection.execute(TABLES).fetchall():
                if self._has_personal_data(schema, table):
                    named = sql.Identifier(schema, table)
                    connection.execute(sql.SQL("VACUUM (FULL, ANALYZE) {}").format(named))
        return 0

    def _has_personal_data(self, schema: str, table: str) -> bool:
        is_row_table = schema == "read" and table.rsplit("_v", 1)[0] in self.read_models
        return is_row_table or (schema, table) in FREE_TEXT
