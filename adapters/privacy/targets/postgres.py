"""All tables of a PostgreSQL database, as their rows are, whoever may usually see which."""

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
"""What the planner remembers of values: samples of them."""

ROLES: Final = ("kinelog_reader", "kinelog_app", "kinelog_relay")
"""Whose rights are used beside one's own: that of all events, and that within one tenant."""

SEE_ALL: Final = (
    "SELECT set_config('kinelog.tenant', %s, false),"
    " set_config('kinelog.whole_tenant', 'on', false)"
)
"""Say for whom rows are shown: all people of a tenant."""

PATIENCE_S: Final = 60


@dataclass(frozen=True)
class PostgresTables:
    """A `Place`: every table of the database, in PostgreSQL's binary form, and its statistics.

    Where rows guard themselves, they are read with every right that can be used: as whoever logs
    in, who sees all rows of the tables that it owns, and with each of the ROLES, which are shown
    those of `tenant_id`. What another tenant has may be among them. Raises StorageUnavailable for a
    table that nobody whose rights can be used may read.
    """

    name: str
    url: str
    tenant_id: TenantId

    def parts(self) -> Iterator[Part]:
        with self._connected() as connection:
            tables = connection.execute(TABLES).fetchall()
            yield Part("pg_stats", _copied(connection, sql.SQL(PLANNER), None))
            for schema, table, guarded in tables:
                named = sql.Identifier(schema, table)
                query = sql.SQL("SELECT * FROM {}").format(named)
                for role in self._readers(connection, schema, table, guarded=guarded):
                    yield Part(f"{schema}.{table}", _copied(connection, query, role))

    def _readers(
        self, connection: psycopg.Connection[Any], schema: str, table: str, *, guarded: bool
    ) -> list[str | None]:
        """Say with whose rights to read; where rows are guarded, with all that may."""
        own, above = connection.execute(
            "SELECT has_table_privilege(%s, 'SELECT'),"
            " (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user)",
            [sql.Identifier(schema, table).as_string(connection)],
        ).fetchall()[0]
        if own and (above or not guarded):
            return [None]
        readers: list[str | None] = [None] if own else []
        readers += [role for role in ROLES if _may(connection, role, schema, table)]
        if not readers:
            raise StorageUnavailable(f"Nobody here may read through {schema}.{table}.")
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


def _may(connection: psycopg.Connection[Any], role: str, schema: str, table: str) -> bool:
    named = sql.Identifier(schema, table).as_string(connection)
    found = connection.execute(
        "SELECT pg_has_role(current_user, oid, 'MEMBER')"
        " AND has_schema_privilege(oid, %s, 'USAGE') AND has_table_privilege(oid, %s, 'SELECT')"
        " FROM pg_roles WHERE rolname = %s",
        [schema, named, role],
    ).fetchone()
    return found is not None and bool(found[0])


def _copied(
    connection: psycopg.Connection[Any], query: sql.Composable, role: str | None
) -> Iterator[bytes]:
    """Read rows as they are stored; texts and bytes stand in them as they are."""
    with connection.transaction(), connection.cursor() as cursor:
        if role is not None:
            cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
        statement = sql.SQL("COPY ({}) TO STDOUT (FORMAT binary)").format(query)
        with cursor.copy(statement) as copied:
            for piece in copied:
                yield bytes(piece)


FREE_TEXT: Final = (
    ("jobs", "analysis_job"),
    ("live", "live_session"),
    ("live", "live_sensors"),
    ("live", "watched_session"),
)
"""Tables outside of the read models whose deleted rows may hold words of a person."""


@dataclass(frozen=True)
class PostgresRetention:
    """The server's write-ahead log has what rows said until its segments are written over."""

    def left(self, whose: SubjectData) -> Sequence[Mapping[str, str]]:
        del whose
        return [
            {
                "in": "write-ahead log of PostgreSQL, and archives of it",
                "holds": "Names of uploaded films, as rows of jobs had them.",
                "until": "its segments are recycled; archives: as long as they are kept",
            }
        ]


@dataclass(frozen=True)
class PostgresCompaction:
    """Lets PostgreSQL write tables anew from which rows of a person went, and their statistics.

    `read_models` are those that hold words of people. A table is locked while it is written.
    """

    url: str
    read_models: tuple[str, ...]
    step: Step = "compaction"

    def count(self, whose: SubjectData) -> int:
        del whose
        return 0

    def remove(self, whose: SubjectData) -> int:
        del whose
        with (
            storage_failures(place_of(self.url)),
            psycopg.connect(self.url, autocommit=True) as connection,
        ):
            connection.execute("SELECT set_config('lock_timeout', %s, false)", [f"{PATIENCE_S}s"])
            for schema, table, _ in connection.execute(TABLES).fetchall():
                if self._holds_words(schema, table):
                    named = sql.Identifier(schema, table)
                    connection.execute(sql.SQL("VACUUM (FULL, ANALYZE) {}").format(named))
        return 0

    def _holds_words(self, schema: str, table: str) -> bool:
        is_row_table = schema == "read" and table.rsplit("_v", 1)[0] in self.read_models
        return is_row_table or (schema, table) in FREE_TEXT
