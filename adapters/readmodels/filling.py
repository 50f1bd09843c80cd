"""How read models are filled in a SQL database: rows and position in one transaction."""

import contextlib
from collections.abc import Collection, Generator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError, ProgrammingError, StatementError
from sqlalchemy.sql.ddl import CreateView, DropView

from adapters.readmodels.database import Database
from adapters.readmodels.sql import parts
from adapters.readmodels.statements import (
    MOVE,
    delete_rows,
    record_of,
    select_rows,
    upsert_rows,
)
from adapters.readmodels.tables import STATE, filled_table, table_name, view_name
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
            others = _others(connection, projection)
            for other in others:
                if not other.live:
                    _drop(connection, other)
            first = not any(other.live for other in others)
            generation = 1 + max((other.generation for other in others), default=0)
            table = Table(projection, generation, position=0, live=first)
            connection.execute(
                STATE.insert().values(
                    projection=projection.name,
                    generation=generation,
                    version=projection.version,
                    live=first,
                    position=0,
                )
            )
            filled_table(projection, generation).table.create(connection)
            if first:
                _create_views(connection, table)
        return table

    def rows(self, table: Table, keys: Collection[RowKey]) -> dict[RowKey, Any]:
        if not keys:
            return {}
        filled = filled_table(table.projection, table.generation)
        by_tenant: dict[TenantId, list[str]] = {}
        for tenant, key in keys:
            by_tenant.setdefault(tenant, []).append(key)
        found: dict[RowKey, Any] = {}
        with self._reading(table) as connection:
            for tenant, wanted in by_tenant.items():
                for part in parts(wanted):
                    of = {"tenant": tenant, "wanted": part}
                    for key, *values in connection.execute(select_rows(filled), of):
                        found[tenant, key] = table.projection.row(*values)
        return found

    def store(self, batches: Sequence[Batch]) -> None:
        if not batches:
            return
        with self._database.write() as connection:
            for batch in batches:
                _move(connection, batch)
                _write(connection, batch)

    def swap(self, table: Table) -> bool:
        with self._database.write() as connection:
            others = _others(connection, table.projection)
            mine = [other for other in others if other.generation == table.generation]
            if not mine:
                raise PositionMoved
            if mine[0].live:
                return True
            served = [other for other in others if other.live]
            if any(other.position > mine[0].position for other in served):
                return False
            for other in served:
                _drop(connection, other)
            connection.execute(STATE.update().where(*_is(table)).values(live=True))
            _create_views(connection, table)
        return True

    def discard(self, table: Table) -> None:
        with self._database.write() as connection:
            for other in _others(connection, table.projection):
                if other.generation == table.generation and not other.live:
                    _drop(connection, other)

    def count(self, table: Table) -> int:
        filled = filled_table(table.projection, table.generation)
        with self._reading(table) as connection:
            query = sa.select(sa.func.count()).select_from(filled.table)
            return connection.execute(query).scalar_one()

    @contextlib.contextmanager
    def _reading(self, table: Table) -> Generator[sa.Connection]:
        """Read a table itself, which a swap may have dropped since it was found."""
        try:
            with self._database.read() as connection:
                yield connection
        except (StorageUnavailable, ProgrammingError) as error:
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


def _others(connection: sa.Connection, projection: Projection[Any]) -> Sequence[sa.Row[Any]]:
    """Read the state of all tables of a projection, and keep other writers off it."""
    query = sa.select(STATE).where(STATE.c.projection == projection.name).with_for_update()
    return connection.execute(query).all()


def _drop(connection: sa.Connection, record: sa.Row[Any]) -> None:
    name, version = record.projection, record.version
    if record.live:
        for view in (name, f"{name}_v{version}"):
            connection.execute(DropView(_named(view), if_exists=True))
    _named(table_name(name, version, record.generation)).drop(connection)
    connection.execute(
        STATE.delete().where(STATE.c.projection == name, STATE.c.generation == record.generation)
    )


def _named(name: str) -> sa.Table:
    return sa.Table(name, sa.MetaData())


def _create_views(connection: sa.Connection, table: Table) -> None:
    filled = filled_table(table.projection, table.generation).table
    for name in (view_name(table.projection), table.projection.name):
        connection.execute(CreateView(sa.select(*filled.columns), name))


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
            connection.execute(upsert_rows(filled, connection.dialect.name), kept)
        if gone:
            connection.execute(delete_rows(filled), gone)
    except OperationalError:
        raise  # the storage is at fault, not the row
    except (StatementError, OverflowError) as error:
        raise RowRefused(batch.table.projection.name, str(error)) from error
