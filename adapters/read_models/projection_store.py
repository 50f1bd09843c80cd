"""How read models are filled in a SQL database: rows and position in one transaction."""

import contextlib
import random
import time
from collections.abc import Collection, Generator, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import StatementError

from adapters.read_models import quarantine, table_swap
from adapters.read_models.database import Database
from adapters.read_models.queries import parts
from adapters.read_models.statements import (
    MOVE,
    delete_rows,
    document_of,
    record_of,
    select_rows,
    upsert_document,
    upsert_owners,
    upsert_rows,
)
from adapters.read_models.tables import PARKED, STATE, RowTable, filled_table
from adapters.sql.errors import values_at_fault
from application.kernel.ports import StorageUnavailable
from application.kernel.projection_store import (
    Batch,
    CheckpointConflict,
    Failure,
    QuarantinedStream,
    RowKey,
    RowRefused,
    StreamKey,
    Table,
)
from application.kernel.read_models import Projection
from domain.ids import TenantId, UserId

CHANNEL: Final = "kinelog_read"
"""Where PostgreSQL tells that a live table has moved."""

MOVED: Final = sa.select(sa.func.pg_notify(CHANNEL, ""))
"""Tell so, when the transaction is over."""

State = tuple[sa.Row[Any], set[StreamKey]]
"""What is known of a table, and its parked streams."""

STATES: Final = sa.select(
    STATE, PARKED.c.tenant_id.label("parked_tenant"), PARKED.c.stream.label("parked")
).select_from(
    STATE.outerjoin(
        PARKED,
        sa.and_(
            PARKED.c.projection == STATE.c.projection, PARKED.c.generation == STATE.c.generation
        ),
    )
)
"""States of tables, a line for each parked stream, and one where there is none."""

LIVE: Final = STATES.where(STATE.c.live.is_(True))

draw: Final = random.SystemRandom().random
"""Spreads the pauses of those who try again."""


class SqlProjectionStore:
    """Projection store on SQL. Safe for threads and processes.

    `database`: a URL, an engine, or a Database shared with the read models.
    """

    def __init__(self, database: str | sa.URL | sa.Engine | Database) -> None:
        self._database = database if isinstance(database, Database) else Database(database)

    def live(self, projections: Sequence[Projection[Any]]) -> tuple[Table, ...]:
        known = {(found[0].projection, found[0].version): found for found in self._states(LIVE)}
        return tuple(
            _table(projection, known[projection.name, projection.version])
            for projection in projections
            if (projection.name, projection.version) in known
        )

    def find(self, table: Table) -> Table | None:
        found = self._states(STATES.where(*_is(table)))
        return _table(table.projection, found[0]) if found else None

    def served(self, projection: Projection[Any]) -> Table | None:
        found = self._states(LIVE.where(STATE.c.projection == projection.name))
        return _table(projection, found[0]) if found else None

    def parked(self, table: Table) -> tuple[QuarantinedStream, ...]:
        with self._database.read() as connection:
            return quarantine.parked(connection, table)

    def begin(self, projection: Projection[Any]) -> Table:
        with self._database.write() as connection:
            return table_swap.begin(connection, projection)

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
        owners = {key: owner for batch in ordered for key, owner in batch.owners.items()}
        with self._database.write() as connection:
            _move(connection, ordered)
            if owners:
                _remember(connection, owners)
            for batch in ordered:
                quarantine.park(connection, batch)
                _write(connection, batch)
            if any(batch.table.live for batch in batches):
                table_swap.change_edition(connection)
                if self._database.is_postgresql:
                    connection.execute(MOVED)

    def swap(self, table: Table) -> bool:
        if self._database.is_postgresql:
            self._count_values(table)
        return table_swap.patiently(
            self._database,
            lambda connection: table_swap.swap(connection, table),
            lambda failed: time.sleep(table_swap.PATIENCE.pause_s(failed, draw)),
        )

    def discard(self, table: Table) -> None:
        with self._database.write() as connection:
            for other in table_swap.alone(connection, table.projection):
                if other.generation == table.generation and not other.live:
                    table_swap.drop(connection, other)

    def count(self, table: Table) -> int:
        filled = filled_table(table.projection, table.generation)
        with self._reading(table) as connection:
            query = sa.select(sa.func.count()).select_from(filled.table)
            return connection.execute(query).scalar_one()

    def _states(self, query: sa.Select[Any]) -> list[State]:
        """Read states of tables, each with the streams that it goes on without."""
        with self._database.read() as connection:
            records = connection.execute(query).all()
        found: dict[tuple[str, int], State] = {}
        for record in records:
            at = (record.projection, record.generation)
            parked = found.setdefault(at, (record, set()))[1]
            if record.parked is not None:
                parked.add((TenantId(record.parked_tenant), record.parked))
        return list(found.values())

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
                raise CheckpointConflict from error
            raise


def _table(projection: Projection[Any], found: State) -> Table:
    record, parked = found
    failed = record.failed_at is not None
    return Table(
        projection,
        record.generation,
        record.position,
        record.live,
        Failure(record.failed_at, record.failure) if failed else None,
        frozenset(parked),
    )


def _is(table: Table) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return (
        STATE.c.projection == table.projection.name,
        STATE.c.generation == table.generation,
    )


def _move(connection: sa.Connection, batches: Sequence[Batch]) -> None:
    """Advance the tables' checkpoints. Raises CheckpointConflict if another runner did."""
    if connection.execute(MOVE, [_step(batch) for batch in batches]).rowcount != len(batches):
        raise CheckpointConflict


def _step(batch: Batch) -> dict[str, Any]:
    failure = batch.failure
    return {
        "of": batch.table.projection.name,
        "at_generation": batch.table.generation,
        "from_position": batch.table.position,
        "reached": batch.reached,
        "failed_position": None if failure is None else failure.position,
        "reason": None if failure is None else failure.reason,
    }


def _remember(connection: sa.Connection, owners: Mapping[StreamKey, UserId]) -> None:
    """Store whose streams are; in order, so that of two runners one waits for the other."""
    records = [
        {"tenant_id": tenant, "stream": stream, "owner_id": owner}
        for (tenant, stream), owner in sorted(owners.items())
    ]
    connection.execute(upsert_owners(connection.dialect.name), records)


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
        for record in records:
            record.update(of_tenant=record["tenant_id"], of_stream=record["stream"])
        connection.execute(upsert_rows(filled), records)
