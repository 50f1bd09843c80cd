"""Row guard: readers see only the rows that they may see, whatever the query.

In PostgreSQL, policies on the tables enforce it. Queries run with the rights of `kinelog_app`, who
can neither change nor bypass them, and who without the settings below sees nothing. The same
condition is added to each statement, and there is no other way to read a row: in SQLite, which has
no policies, that is the guard.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVarTuple

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from adapters.read_models.tables import RowTable
from adapters.sql.row_security import ROLE
from domain.ids import TenantId, UserId

Columns = TypeVarTuple("Columns")

ACT: Final = (
    "SELECT set_config('role', 'kinelog_app', false), set_config('kinelog.tenant', %s, false),"
    " set_config('kinelog.owner', %s, false), set_config('kinelog.whole_tenant', %s, false)"
)
"""Set the reader of a connection: their tenant, their id, and `on` for all rows of it."""

GUARD: Final = (
    "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
    "DROP POLICY IF EXISTS filler_works ON {table}",
    "CREATE POLICY filler_works ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)",
)
"""Only the owner of a table sees all of it, and fills it."""

SHOW: Final = (
    """
    CREATE POLICY app_reads ON {table} FOR SELECT TO kinelog_app USING (
        tenant_id = (SELECT current_setting('kinelog.tenant', true))
        AND (
            owner_id = (SELECT current_setting('kinelog.owner', true))
            OR (SELECT current_setting('kinelog.whole_tenant', true)) = 'on'
        )
    )
    """,
    "GRANT SELECT ON {table} TO kinelog_app",
)
"""The sub-selects make PostgreSQL read a setting once per statement, not once per row."""


class UnguardedError(TypeError):
    """A mistake of ours: a statement that the guard does not know how to guard."""


@dataclass(frozen=True, slots=True)
class Reader:
    """The subject of a query: the rows of some users, or of the whole tenant without `owners`."""

    tenant_id: TenantId
    owners: tuple[UserId, ...] | None

    @property
    def settings(self) -> tuple[str, str, str]:
        """Settings of the database session, in the order of ACT.

        Policies know one owner or all. For several, such as the athletes of a trainer, the database
        enforces the tenant, and the condition of each statement the owners.
        """
        if self.owners is not None and len(self.owners) == 1:
            return self.tenant_id, self.owners[0], ""
        return self.tenant_id, "", "on"

    def theirs(self, rows: RowTable) -> list[sa.ColumnElement[bool]]:
        """Condition for the rows that the reader may see, if the database does not enforce it."""
        tenants = rows.tenant_id == self.tenant_id
        return [tenants] if self.owners is None else [tenants, rows.owner_id.in_(self.owners)]


class GuardedConnection:
    """Queries rows of one table for one reader."""

    def __init__(self, connection: sa.Connection, rows: RowTable, reader: Reader) -> None:
        self._connection = connection
        self._rows = rows
        self._reader = reader

    def execute(self, query: sa.Select[*Columns]) -> sa.CursorResult[*Columns]:
        """Run a query over the table alone. Raises UnguardedError for any other, not running it.

        The tables of a query are looked up when it has been compiled, once; looking them up
        beforehand takes longer than the query does.
        """
        result = self._connection.execute(query.where(*self._reader.theirs(self._rows)))
        if not _reads_only(result.context.compiled, self._rows):
            result.close()
            raise UnguardedError(str(query))
        return result

    def execute_over(
        self,
        other: RowTable,
        query: sa.Select[*tuple[Any, ...]],
        query_of: Callable[[sa.Subquery], sa.Select[*Columns]],
    ) -> sa.CursorResult[*Columns]:
        """Run a query over the result of a query on both tables, and on nothing else.

        Raises UnguardedError for a query over any other table, without running it.
        """
        return self._execute_over((self._rows, other), query, query_of)

    def execute_nested(
        self,
        query: sa.Select[*tuple[Any, ...]],
        query_of: Callable[[sa.Subquery], sa.Select[*Columns]],
    ) -> sa.CursorResult[*Columns]:
        """Run a query over the result of a query on the table alone, as `execute_over` does."""
        return self._execute_over((self._rows,), query, query_of)

    def _execute_over(
        self,
        tables: tuple[RowTable, ...],
        query: sa.Select[*tuple[Any, ...]],
        query_of: Callable[[sa.Subquery], sa.Select[*Columns]],
    ) -> sa.CursorResult[*Columns]:
        conditions = (each for rows in tables for each in self._reader.theirs(rows))
        statement = query_of(query.where(*conditions).subquery())
        allowed = {rows.table for rows in tables}
        if set(query.get_final_froms()) != allowed or _tables_of(statement) != allowed:
            raise UnguardedError(str(query))
        return self._connection.execute(statement)


def guarded_statement(
    query: sa.Select[*tuple[Any, ...]], rows: RowTable, reader: Reader, dialect: sa.Dialect
) -> Any:
    """Compile a query over the table alone, for a reader whose values may be placeholders.

    Raises UnguardedError for a query over any other table.
    """
    statement = query.where(*reader.theirs(rows))
    compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    if not _reads_only(compiled, rows):
        raise UnguardedError(str(query))
    return compiled


def _reads_only(compiled: Any, rows: RowTable) -> bool:
    """Return whether a compiled query reads this table and no other."""
    read: list[object] = compiled.compile_state.froms
    return len(read) == 1 and read[0] is rows.table


def _tables_of(query: sa.Select[*tuple[Any, ...]]) -> set[sa.Table]:
    """Find every table that a query reads, at any depth."""
    return {each for each in visitors.iterate(query) if isinstance(each, sa.Table)}


def guard(connection: sa.Connection, table: str, *, shown: bool) -> None:
    """Add policies to a table; `shown`: readers see their rows. Does nothing on SQLite."""
    if connection.dialect.name != "postgresql":
        return
    for statement in (*GUARD, *(SHOW if shown else ())):
        connection.exec_driver_sql(statement.format(table=table))


def show_view(connection: sa.Connection, view: str) -> None:
    """Let readers use a view, with their own rights on its table. Does nothing on SQLite."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"ALTER VIEW {view} SET (security_invoker = true)")
        connection.exec_driver_sql(f"GRANT SELECT ON {view} TO {ROLE}")
