"""Table swap of read models: create, swap and drop tables while readers use them."""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.ddl import DropView

from adapters.read_models import frame_view, retention_view, round_view
from adapters.read_models.analyst_views import show_to_analysts
from adapters.read_models.database import Database
from adapters.read_models.row_guard import guard, show_view
from adapters.read_models.tables import (
    DATA_VERSION,
    QUARANTINE,
    STATE,
    filled_table,
    plain_names,
    table_name,
    view_name,
    views_on,
)
from adapters.sql.errors import LOCKED, sqlstate
from application.kernel.ports import StorageUnavailable
from application.kernel.projection_store import CheckpointConflict, Table
from application.kernel.subscription import Backoff
from domain.kernel import Projection

Done = TypeVar("Done")

PLACING: Final = 75_954_386
"""The first half of the advisory lock's key; the second half is a hash of the projection's name."""

LOCK_TIMEOUT_MS: Final = 200
"""Longest wait of a swap for readers: new readers queue behind it meanwhile."""

CHANGE_DATA_VERSION: Final = DATA_VERSION.update().values(name=sa.bindparam("another"))

LOCK_RETRY: Final = Backoff(attempts=60, first_s=0.1, factor=2.0, longest_s=1.0)
"""Retries of a swap; a long report of an analyst ends in about half a minute."""


def alone(connection: sa.Connection, projection: Projection[Any]) -> Sequence[sa.Row[Any]]:
    """Lock a projection's tables against changes by others; return the state of all of them.

    On SQLite there is one writer at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        lock = sa.func.pg_advisory_xact_lock(PLACING, sa.func.hashtext(projection.name))
        connection.execute(sa.select(lock))
    query = sa.select(STATE).where(STATE.c.projection == projection.name)
    return connection.execute(query.order_by(STATE.c.generation).with_for_update()).all()


def begin(connection: sa.Connection, projection: Projection[Any]) -> Table:
    """Create an empty table in place of any that is not live; make it live if it is the first."""
    others = alone(connection, projection)
    for other in others:
        if not other.live:
            drop(connection, other)
    first = not any(other.live for other in others)
    generation = 1 + max((other.generation for other in others), default=0)
    table = Table(projection, generation, position=0, live=first)
    state = {"projection": projection.name, "version": projection.version}
    state |= {"generation": generation, "live": first, "position": 0}
    connection.execute(STATE.insert().values(**state))
    filled = filled_table(projection, generation).table
    filled.create(connection)
    guard(connection, filled.name, shown=True)
    if first:
        _create_views(connection, table)
        change_data_version(connection)
    return table


def change_data_version(connection: sa.Connection) -> None:
    """Set the data version of all read models to a new value, which never repeats."""
    connection.execute(CHANGE_DATA_VERSION, {"another": str(uuid4())})


def swap(connection: sa.Connection, table: Table) -> bool:
    """Point the views at another table and drop the old one; return False while the old is ahead.

    Views of the same version are kept, and with them the privileges granted on them. Raises
    CheckpointConflict if the table was dropped.
    """
    others = alone(connection, table.projection)
    own = [other for other in others if other.generation == table.generation]
    if not own:
        raise CheckpointConflict
    if own[0].live:
        return True
    served = [other for other in others if other.live]
    if any(other.position > own[0].position for other in served):
        return False
    same = all(other.version == table.projection.version for other in served)
    kept = same and connection.dialect.name == "postgresql"
    if kept:
        _create_views(connection, table, or_replace=True)
    for other in served:
        drop(connection, other, views=not kept)
    if not kept:
        _create_views(connection, table)
    mark = STATE.update().where(STATE.c.projection == table.projection.name)
    connection.execute(mark.where(STATE.c.generation == table.generation).values(live=True))
    change_data_version(connection)
    return True


def drop(connection: sa.Connection, record: sa.Row[Any], *, views: bool = True) -> None:
    """Remove a table, and its views if it is live."""
    name, version = record.projection, record.version
    if record.live and views:
        show_to_analysts(connection, name, is_there=False)
        for view in views_on(name, version):
            connection.execute(DropView(_named(view), if_exists=True))
    _named(table_name(name, version, record.generation)).drop(connection)
    for table_ in (QUARANTINE, STATE):
        of_it = (table_.c.projection == name, table_.c.generation == record.generation)
        connection.execute(table_.delete().where(*of_it))


def retry_locked(
    database: Database, work: Callable[[sa.Connection], Done], pause: Callable[[int], object]
) -> Done:
    """Retry work that readers of a table may block for moments, again and again.

    `pause` gets the number of failed attempts. Raises StorageUnavailable.
    """
    for failed in range(1, LOCK_RETRY.attempts):
        try:
            return _shortly(database, work)
        except StorageUnavailable as busy:
            cause = busy.__cause__
            if not isinstance(cause, DBAPIError) or sqlstate(cause) != LOCKED:
                raise
        pause(failed)
    return _shortly(database, work)


def _shortly(database: Database, work: Callable[[sa.Connection], Done]) -> Done:
    with database.write() as connection:
        if database.is_postgresql:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}")
        return work(connection)


def _create_views(connection: sa.Connection, table: Table, *, or_replace: bool = False) -> None:
    filled = filled_table(table.projection, table.generation).table
    rows = sa.select(*filled.columns).compile(connection)
    quoted = connection.dialect.identifier_preparer.quote
    create = "CREATE OR REPLACE VIEW" if or_replace else "CREATE VIEW"
    for name in (view_name(table.projection), *plain_names(table.projection.name)):
        # SQLAlchemy's CreateView would build a table of the view each time, for milliseconds.
        connection.exec_driver_sql(f"{create} {quoted(name)} AS {rows}")
    if table.projection.name == frame_view.SOURCE:
        frame_view.create_frame_view(connection, filled.name)
    if table.projection.name == retention_view.SOURCE:
        retention_view.create_retention_view(connection, filled.name)
    if table.projection.name == round_view.SOURCE:
        version = table.projection.version
        round_view.create_round_views(connection, filled.name, version)
        show_view(connection, round_view.own_name(version))
    show_view(connection, view_name(table.projection))
    if not or_replace:
        show_to_analysts(connection, table.projection.name, is_there=True)


def _named(name: str) -> sa.Table:
    return sa.Table(name, sa.MetaData())
