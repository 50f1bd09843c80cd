"""How read models are filled in a SQL database: rows and position in one transaction."""

import contextlib
import random
import time
from collections.abc import Collection, Generator, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import StatementError

from adapters.readmodels import placing
from adapters.readmodels.database import Database
from adapters.readmodels.failures import values_at_fault
from adapters.readmodels.sql import parts
from adapters.readmodels.statements import (
    MOVE,
    delete_rows,
    document_of,
    record_of,
    select_rows,
    upsert_document,
    upsert_rows,
)
from adapters.readmodels.tables import STATE, RowTable, filled_table
from application.ports import StorageUnavailable
from application.projection_tables import (
    Batch,
    Failure,
    PositionMoved,
    RowKey,
    RowRefused,
    Table,
)
from application.read_models import Projection
from domain.ids import TenantId

CHANNEL: Final = "kinelog_read"
"""Where PostgreSQL tells that a live table has moved."""

MOVED: Final = sa.select(sa.func.pg_notify(CHANNEL, ""))
"""Tell so, when the transaction is over."""

draw: Final = random.SystemRandom().random
"""Spreads the pauses of those who try again."""


class SqlProjectionTables:
    """Satisfies `application.projection_tables.ProjectionTables`. Safe for threads, processes too.

    `database`: a URL, an engine, or a Database shared with the read models.
    """

    def __init__(self, database: str | sa.URL | sa.Engine | Database) -> None:
        self._database = database if isinstance(database, Database) else Database(database)

    def live(self, projections: Sequence[Projection[Any]]) -> tuple[Table, ...]:
        with self._database.read() as connection:
            records = connection.execute(sa.select(STATE).where(STATE.c.live.is_(True))).all()
        known = {(record.projection, record.version): record for record in records}
        return tuple(
            _table(projection, known[projection.name, projection.version])
            for projection in projections
            if (projection.name, projection.version) in known
        )

    def find(self, table: Table) -> Table | None:
        with self._database.read() as connection:
            record = connection.execute(sa.select(STATE).where(*_is(table))).first()
        return None if record is None else _table(table.projection, record)

    def begin(self, projection: Projection[Any]) -> Table:
        with self._database.write() as connection:
            return placing.begin(connection, projection)

    def rows(self, table: Table, keys: Collection[RowKey]) -> dict[RowKey, Any]:
        if not keys:
            return {}
        filled = filled_table(table.projection, table.generation)
        by_tenant: dict[TenantId, dict[str, str]] = {}
        for tenant, key in keys:
            by_tenant.setdefault(tenant, {})[self._database.kept(key)] = key
        found: dict[RowKey, Any] = {}
        with self._reading(table) as connection:
            query = select_rows(filled, connection.dialect.name)
            for tenant, wanted in by_tenant.items():
                for part in parts(wanted):
                    of = {"tenant": tenant, "wanted": part}
                    for key, *values in connection.execute(query, of):
                        found[tenant, wanted[key]] = table.projection.row(*values)
        return found

    def store(self, batches: Sequence[Batch]) -> None:
        if not batches:
            return
        # Always in the same order, so that of two runners one waits for the other, never both.
        ordered = sorted(batches, key=lambda batch: batch.table.projection.name)
        with self._database.write() as connection:
            for batch in ordered:
                _move(connection, batch)
                _write(connection, batch)
            if self._database.is_postgresql and any(batch.table.live for batch in batches):
                connection.execute(MOVED)

    def swap(self, table: Table) -> bool:
        if self._database.is_postgresql:
            self._count_values(table)
        return placing.patiently(
            self._database,
            lambda connection: placing.swap(connection, table),
            lambda failed: time.sleep(placing.PATIENCE.pause_s(failed, draw)),
        )

    def discard(self, table: Table) -> None:
        with self._database.write() as connection:
            for other in placing.alone(connection, table.projection):
                if other.generation == table.generation and not other.live:
                    placing.drop(connection, other)

    def count(self, table: Table) -> int:
        filled = filled_table(table.projection, table.generation)
        with self._reading(table) as connection:
            query = sa.select(sa.func.count()).select_from(filled.table)
            return connection.execute(query).scalar_one()

    def _count_values(self, table: Table) -> None:
        """Let PostgreSQL look at a fresh table: it would plan its first readers' queries blindly.

        Its own daemon comes about a minute later.
        """
        name = filled_table(table.projection, table.generation).table.name
        with self._reading(table) as connection:
            connection.exec_driver_sql(f'ANALYZE "{name}"')

    @contextlib.contextmanager
    def _reading(self, table: Table) -> Generator[sa.Connection]:
        """Read a table itself, which a swap may have dropped since it was found."""
        try:
            with self._database.read() as connection:
                yield connection
        except StorageUnavailable as error:
            if self.find(table) is None:
                raise PositionMoved from error
            raise


def _table(projection: Projection[Any], record: sa.Row[Any]) -> Table:
    failed = record.failed_at is not None
    return Table(
        projection,
        record.generation,
        record.position,
        record.live,
        Failure(record.failed_at, record.failure) if failed else None,
    )


def _is(table: Table) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return (
        STATE.c.projection == table.projection.name,
        STATE.c.generation == table.generation,
    )


def _move(connection: sa.Connection, batch: Batch) -> None:
    """Claim the step from the table's position; PositionMoved where somebody else took it."""
    failure = batch.failure
    step = {
        "of": batch.table.projection.name,
        "at_generation": batch.table.generation,
        "from_position": batch.table.position,
        "reached": batch.reached,
        "failed_position": None if failure is None else failure.position,
        "reason": None if failure is None else failure.reason,
    }
    if connection.execute(MOVE, step).rowcount != 1:
        raise PositionMoved


def _write(connection: sa.Connection, batch: Batch) -> None:
    filled = filled_table(batch.table.projection, batch.table.generation)
    kept = [record_of(filled, at, row) for at, row in batch.rows.items() if row.row is not None]
    gone = [
        {"gone_tenant": tenant, "gone_key": key}
        for (tenant, key), row in batch.rows.items()
        if row.row is None
    ]
    try:
        if kept:
            _upsert(connection, filled, kept)
        if gone:
            connection.execute(delete_rows(filled), gone)
    except (StatementError, OverflowError, TypeError, ValueError) as error:
        if not values_at_fault(error):
            raise
        raise RowRefused(batch.table.projection.name, str(error)) from error


def _upsert(connection: sa.Connection, filled: RowTable, records: list[dict[str, Any]]) -> None:
    if connection.dialect.name == "postgresql":
        rows = {"rows": document_of(filled, records)}
        connection.execute(upsert_document(filled), rows)
    else:
        connection.execute(upsert_rows(filled), records)
