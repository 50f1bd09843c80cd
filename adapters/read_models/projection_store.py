"""Projection store on SQL: rows with their checkpoint, in one transaction."""

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
from adapters.read_models.tables import QUARANTINE, STATE, RowTable, filled_table
from adapters.sql.errors import values_at_fault
from application.kernel.ports import StorageUnavailable
from application.kernel.projection_store import (
    CheckpointConflict,
    Failure,
    QuarantinedStream,
    RowKey,
    RowRefused,
    StreamKey,
    Table,
    TableUpdate,
)
from domain.ids import TenantId, UserId
from domain.kernel import Projection

CHANNEL: Final = "kinelog_read"
"""PostgreSQL notifies here that a live table has advanced."""

MOVED: Final = sa.select(sa.func.pg_notify(CHANNEL, ""))
"""Sent when the transaction commits."""

State = tuple[sa.Row[Any], set[StreamKey]]
"""State of a table, and its quarantined streams."""

STATES: Final = sa.select(
    STATE, QUARANTINE.c.tenant_id.label("broken_tenant"), QUARANTINE.c.stream.label("broken")
).select_from(
    STATE.outerjoin(
        QUARANTINE,
        sa.and_(
            QUARANTINE.c.projection == STATE.c.projection,
            QUARANTINE.c.generation == STATE.c.generation,
        ),
    )
)
"""States of tables: a row for each quarantined stream, or one row if there is none."""

LIVE: Final = STATES.where(STATE.c.live.is_(True))

draw: Final = random.SystemRandom().random
"""Random jitter for pauses between attempts."""


class SqlProjectionStore:
    """Projection store on SQL. Safe for threads and processes.

    `database`: a URL, an engine, or a Database shared with the read models.
    """

    def __init__(self, database: str | sa.URL | sa.Engine | Database) -> None:
        self._database = database if isinstance(database, Database) else Database(database)

    def live(self, projections: Sequence[Projection[Any]]) -> tuple[Table, ...]:
        states = {(state[0].projection, state[0].version): state for state in self._states(LIVE)}
        return tuple(
            _table(projection, states[projection.name, projection.version])
            for projection in projections
            if (projection.name, projection.version) in states
        )

    def find(self, table: Table) -> Table | None:
        states = self._states(STATES.where(*_is(table)))
        return _table(table.projection, states[0]) if states else None

    def served(self, projection: Projection[Any]) -> Table | None:
        states = self._states(LIVE.where(STATE.c.projection == projection.name))
        return _table(projection, states[0]) if states else None

    def list_quarantined(self, table: Table) -> tuple[QuarantinedStream, ...]:
        with self._database.read() as connection:
            return quarantine.list_streams(connection, table)

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
        rows: dict[RowKey, Any] = {}
        with self._reading(table) as connection:
            query = select_rows(filled, connection.dialect.name)
            for tenant, wanted in by_tenant.items():
                for part in parts(wanted):
                    of = {"tenant": tenant, "wanted": part}
                    for key, *values in connection.execute(query, of):
                        rows[tenant, wanted[key]] = table.projection.row(*values)
        return rows

    def owned_rows(self, table: Table, tenant_id: TenantId, owner: UserId) -> dict[RowKey, str]:
        filled = filled_table(table.projection, table.generation)
        query = sa.select(filled.key, filled.table.c["stream"]).where(
            filled.tenant_id == tenant_id, filled.owner_id == owner
        )
        with self._reading(table) as connection:
            return {(tenant_id, key): stream for key, stream in connection.execute(query)}

    def store(self, updates: Sequence[TableUpdate]) -> None:
        if not updates:
            return
        # Always in the same order, so that two runners cannot deadlock.
        ordered = sorted(updates, key=lambda update: update.table.projection.name)
        owners = {key: owner for update in ordered for key, owner in update.owners.items()}
        with self._database.write() as connection:
            _move(connection, ordered)
            if owners:
                _store_owners(connection, owners)
            for update in ordered:
                quarantine.store(connection, update)
                _write(connection, update)
            if any(update.table.live for update in updates):
                table_swap.change_data_version(connection)
                if self._database.is_postgresql:
                    connection.execute(MOVED)

    def swap(self, table: Table) -> bool:
        if self._database.is_postgresql:
            self._count_values(table)
        return table_swap.retry_locked(
            self._database,
            lambda connection: table_swap.swap(connection, table),
            lambda failed: time.sleep(table_swap.LOCK_RETRY.pause_s(failed, draw)),
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
        """Read states of tables, each with its quarantined streams."""
        with self._database.read() as connection:
            records = connection.execute(query).all()
        states: dict[tuple[str, int], State] = {}
        for record in records:
            at = (record.projection, record.generation)
            streams = states.setdefault(at, (record, set()))[1]
            if record.broken is not None:
                streams.add((TenantId(record.broken_tenant), record.broken))
        return list(states.values())

    def _count_values(self, table: Table) -> None:
        """Analyze a fresh table: PostgreSQL would plan the first queries without statistics.

        Autovacuum would do it about a minute later.
        """
        name = filled_table(table.projection, table.generation).table.name
        with self._reading(table) as connection:
            connection.exec_driver_sql(f'ANALYZE "{name}"')

    @contextlib.contextmanager
    def _reading(self, table: Table) -> Generator[sa.Connection]:
        """Read a table directly. Raises CheckpointConflict if a swap has dropped it."""
        try:
            with self._database.read() as connection:
                yield connection
        except StorageUnavailable as error:
            if self.find(table) is None:
                raise CheckpointConflict from error
            raise


def _table(projection: Projection[Any], state: State) -> Table:
    record, streams = state
    failed = record.failed_at is not None
    return Table(
        projection,
        record.generation,
        record.position,
        record.live,
        Failure(record.failed_at, record.failure) if failed else None,
        frozenset(streams),
    )


def _is(table: Table) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return (
        STATE.c.projection == table.projection.name,
        STATE.c.generation == table.generation,
    )


def _move(connection: sa.Connection, updates: Sequence[TableUpdate]) -> None:
    """Advance the tables' checkpoints. Raises CheckpointConflict if another runner did."""
    if connection.execute(MOVE, [_step(update) for update in updates]).rowcount != len(updates):
        raise CheckpointConflict


def _step(update: TableUpdate) -> dict[str, Any]:
    failure = update.failure
    return {
        "of": update.table.projection.name,
        "at_generation": update.table.generation,
        "from_position": update.table.position,
        "reached": update.reached,
        "failed_position": None if failure is None else failure.position,
        "reason": None if failure is None else failure.reason,
    }


def _store_owners(connection: sa.Connection, owners: Mapping[StreamKey, UserId]) -> None:
    """Store the owners of streams; in order, so that two runners cannot deadlock."""
    records = [
        {"tenant_id": tenant, "stream": stream, "owner_id": owner}
        for (tenant, stream), owner in sorted(owners.items())
    ]
    connection.execute(upsert_owners(connection.dialect.name), records)


def _write(connection: sa.Connection, update: TableUpdate) -> None:
    filled = filled_table(update.table.projection, update.table.generation)
    kept = [record_of(filled, at, row) for at, row in update.rows.items() if row.row is not None]
    gone = [
        {"gone_tenant": tenant, "gone_key": key}
        for (tenant, key), row in update.rows.items()
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
        raise RowRefused(update.table.projection.name, str(error)) from error


def _upsert(connection: sa.Connection, filled: RowTable, records: list[dict[str, Any]]) -> None:
    if connection.dialect.name == "postgresql":
        rows = {"rows": document_of(filled, records)}
        connection.execute(upsert_document(filled), rows)
    else:
        for record in records:
            record.update(of_tenant=record["tenant_id"], of_stream=record["stream"])
        connection.execute(upsert_rows(filled), records)
