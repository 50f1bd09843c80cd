"""Read model queries on SQL, always for one tenant."""

import contextlib
from collections.abc import Collection, Generator, Sequence
from datetime import date
from typing import Any, Final, TypeVar

import sqlalchemy as sa

from adapters.read_models.database import Database
from adapters.read_models.kept_queries import KeptQueries, sliced
from adapters.read_models.keyset_pagination import Ordering, any_of, column_of, conditions
from adapters.read_models.mean_form import mean_form, measured_form
from adapters.read_models.row_guard import GuardedConnection, Reader
from adapters.read_models.tables import STATE, RowTable, live_view
from application.kernel.ports import StorageUnavailable
from application.kernel.read_models import (
    Edge,
    InSubquery,
    Page,
    Period,
    ReadModelUnavailable,
    Scalar,
    Total,
    Visibility,
    Where,
    Window,
)
from domain.ids import TenantId, UserId
from domain.kernel import Projection
from projections.athlete_day import ATHLETE_DAY

Row = TypeVar("Row")

PARAMETERS: Final = 10_000
"""Most values in one statement; SQLite takes 32,766, PostgreSQL 65,535."""


DATA_VERSION_QUERY: Final = "SELECT name FROM edition"


class SqlReadModels:
    """Satisfies `application.kernel.read_models.ReadModels`. Safe for any number of threads.

    `database`: a URL such as `sqlite:////var/kinelog/read_models.db`, an engine, or a Database
    shared with the tables that fill it.
    """

    def __init__(
        self, database: str | sa.URL | sa.Engine | Database, visibility: Visibility | None = None
    ) -> None:
        self._database = database if isinstance(database, Database) else Database(database)
        self._visibility = visibility

    def seen_by(self, visibility: Visibility) -> "SqlReadModels":
        return SqlReadModels(self._database, visibility)

    def get(self, projection: Projection[Row], tenant_id: TenantId, key: str) -> Row | None:
        return self.get_many(projection, tenant_id, [key]).get(key)

    def get_many(
        self, projection: Projection[Row], tenant_id: TenantId, keys: Collection[str]
    ) -> dict[str, Row]:
        rows = live_view(projection)
        stored_keys = {self._database.kept(key): key for key in keys}
        found_rows: dict[str, Row] = {}
        kept = self._kept(projection, tenant_id).by(rows.key, stored_keys)
        if kept is not None:
            return {stored_keys[key]: rows.row_of(values) for key, *values in kept}
        with self._reading(projection, tenant_id) as connection:
            for part in parts(stored_keys):
                query = sa.select(rows.key, *rows.columns).where(
                    rows.tenant_id == tenant_id, rows.key.in_(part)
                )
                for key, *values in connection.execute(query):
                    found_rows[stored_keys[key]] = projection.row(*values)
        return found_rows

    def page(
        self,
        projection: Projection[Row],
        tenant_id: TenantId,
        *,
        window: Window,
        where: Where | None = None,
        order_by: str = "key",
        descending: bool = False,
    ) -> Page[Row]:
        rows = live_view(projection)
        ordering = Ordering(rows, column_of(rows, order_by), descending)
        found_rows: Sequence[Any] | None = self._kept(projection, tenant_id).end_of_list(
            ordering, where, window
        )
        beyond = False
        if found_rows is None:
            listed = self._listed(rows, tenant_id, where)
            with self._reading(projection, tenant_id, where) as connection:
                query = sliced(ordering, listed, window, window.size + 1)
                found_rows = connection.execute(query).all()
                beyond = _beyond(connection, ordering, listed, window)
        more = len(found_rows) > window.size
        found_rows = found_rows[: window.size]
        if window.backward:
            found_rows = found_rows[::-1]
        edges = tuple(
            Edge(ordering.cursor(value, key), key, rows.row_of(values))
            for key, value, *values in found_rows
        )
        return Page(
            edges,
            has_next=beyond if window.backward else more,
            has_previous=more if window.backward else beyond,
        )

    def count(
        self, projection: Projection[Any], tenant_id: TenantId, *, where: Where | None = None
    ) -> int:
        rows = live_view(projection)
        query = sa.select(sa.func.count()).select_from(rows.table)
        listed = self._listed(rows, tenant_id, where)
        with self._reading(projection, tenant_id, where) as connection:
            return connection.execute(query.where(*listed)).scalar_one()

    def sum_of(
        self,
        projection: Projection[Any],
        tenant_id: TenantId,
        column: str,
        *,
        where: Where | None = None,
    ) -> int:
        rows = live_view(projection)
        query = sa.select(sa.func.coalesce(sa.func.sum(column_of(rows, column)), 0))
        listed = self._listed(rows, tenant_id, where)
        with self._reading(projection, tenant_id, where) as connection:
            return int(connection.execute(query.where(*listed)).scalar_one())

    def counts(
        self,
        projection: Projection[Any],
        tenant_id: TenantId,
        column: str,
        *,
        where: Where | None = None,
    ) -> dict[Scalar, int]:
        rows = live_view(projection)
        value = column_of(rows, column)
        query = sa.select(value, sa.func.count()).where(value.is_not(None)).group_by(value)
        listed = self._listed(rows, tenant_id, where)
        with self._reading(projection, tenant_id, where) as connection:
            return {each: int(number) for each, number in connection.execute(query.where(*listed))}

    def by(
        self,
        projection: Projection[Row],
        tenant_id: TenantId,
        column: str,
        values: Collection[Scalar],
    ) -> dict[Scalar, list[Row]]:
        rows = live_view(projection)
        owner = column_of(rows, column)
        stored_keys = {self._database.kept(value): value for value in values}
        grouped: dict[Scalar, list[Row]] = {value: [] for value in values}
        kept = self._kept(projection, tenant_id).by(owner, stored_keys)
        if kept is not None:
            for value, *fields in kept:
                grouped[stored_keys[value]].append(rows.row_of(fields))
            return grouped
        with self._reading(projection, tenant_id) as connection:
            for part in parts(stored_keys):
                query = sa.select(owner, *rows.columns).where(
                    rows.tenant_id == tenant_id, any_of(owner, tuple(part))
                )
                for value, *fields in connection.execute(query.order_by(rows.key)):
                    grouped[stored_keys[value]].append(projection.row(*fields))
        return grouped

    def stamps(
        self,
        projection: Projection[Any],
        tenant_id: TenantId,
        column: str,
        values: Collection[Scalar],
        latest: str,
    ) -> dict[Scalar, tuple[int, Scalar]]:
        rows = live_view(projection)
        owner = column_of(rows, column)
        greatest = sa.func.max(column_of(rows, latest))
        stored_keys = {self._database.kept(value): value for value in values}
        stamps: dict[Scalar, tuple[int, Scalar]] = {}
        with self._reading(projection, tenant_id) as connection:
            for part in parts(stored_keys):
                query = (
                    sa.select(owner, sa.func.count(), greatest)
                    .where(rows.tenant_id == tenant_id, any_of(owner, tuple(part)))
                    .group_by(owner)
                )
                for value, count, last in connection.execute(query):
                    stamps[stored_keys[value]] = (int(count), last)
        return stamps

    def totals(
        self,
        tenant_id: TenantId,
        athlete_id: UserId,
        period: Period,
        *,
        start: date | None = None,
        end: date | None = None,
    ) -> tuple[Total, ...]:
        query = _totals(tenant_id, athlete_id, period, start, end)
        with self._reading(ATHLETE_DAY, tenant_id) as connection:
            rows = connection.execute(query).all()
        return tuple(
            Total(
                start=_begins(record.start),
                sessions=int(record.sessions),
                sets=int(record.sets),
                repetitions=int(record.repetitions),
                duration_ms=int(record.duration_ms),
                calories_kcal=record.calories_kcal,
                accuracy=record.accuracy,
                measured=record.measured,
                verified_repetitions=int(record.verified_repetitions),
            )
            for record in rows
            if record.sessions is not None
        )

    def position(self, projection: Projection[Any]) -> int:
        with self._database.read() as connection:
            position = _position(connection, projection)
        if position is None:
            raise ReadModelUnavailable
        return position

    def data_version(self) -> str:
        return str(self._database.read_version(DATA_VERSION_QUERY))

    def cached_data_version(self) -> str | None:
        if self._database.is_postgresql:
            return None
        try:
            return self.data_version()
        except StorageUnavailable:
            return None  # a later query of it, or of a row, raises the error

    def _kept(self, projection: Projection[Any], tenant_id: TenantId) -> KeptQueries:
        reader = self._reader(projection, tenant_id)
        return KeptQueries(self._database, live_view(projection), tenant_id, reader)

    def _listed(self, rows: RowTable, tenant_id: TenantId, where: Where | None) -> list[Any]:
        return conditions(rows, tenant_id, where, lambda other: self._reader(other, tenant_id))

    def _reader(self, projection: Projection[Any], tenant_id: TenantId) -> Reader:
        """Return the reader of a query. Users see their own tenant only, in any query."""
        visibility = self._visibility
        if visibility is None:
            return Reader(tenant_id, None)
        return Reader(visibility.tenant_id, visibility.owners(projection.kind))

    @contextlib.contextmanager
    def _reading(
        self, projection: Projection[Any], tenant_id: TenantId, where: Where | None = None
    ) -> Generator[GuardedConnection]:
        """Read a projection's view; raise if it does not exist in this version."""
        reader = self._reader(projection, tenant_id)
        try:
            with self._database.guarded(live_view(projection), reader) as connection:
                yield connection
        except StorageUnavailable as error:
            needed = [projection, *_named(where or {})]
            with self._database.read() as connection:
                served = all(_position(connection, each) is not None for each in needed)
            if served:
                raise
            raise ReadModelUnavailable from error


def _named(where: Where) -> list[Projection[Any]]:
    """Name the read models that conditions refer to."""
    return [each.projection for each in where.values() if isinstance(each, InSubquery)]


def parts(values: Collection[Any]) -> Generator[Sequence[Any]]:
    """Split values into lists that fit into one statement."""
    every = list(values)
    for start in range(0, len(every), PARAMETERS):
        yield every[start : start + PARAMETERS]


def _beyond(
    connection: GuardedConnection, ordering: Ordering, listed: list[Any], window: Window
) -> bool:
    """Check whether the list has rows on the other side of the window's cursor."""
    cursor = window.before if window.backward else window.after
    if cursor is None:
        return False
    condition = sa.or_(ordering.at(cursor), ordering.beyond(cursor, backward=not window.backward))
    query = sa.select(ordering.rows.key).where(*listed, condition).limit(1)
    return connection.execute(query).first() is not None


def _position(connection: sa.Connection, projection: Projection[Any]) -> int | None:
    query = sa.select(STATE.c.position).where(
        STATE.c.projection == projection.name,
        STATE.c.version == projection.version,
        STATE.c.live.is_(True),
    )
    return connection.execute(query).scalar_one_or_none()


def _totals(
    tenant_id: TenantId,
    athlete_id: UserId,
    period: Period,
    start: date | None,
    end: date | None,
) -> sa.Select[*tuple[Any, ...]]:
    days = live_view(ATHLETE_DAY).table.c
    bounds = [days.sessions > 0]  # days of deleted sessions may have rows, too
    bounds += [days.day >= start] if start is not None else []
    bounds += [days.day < end] if end is not None else []
    begins = _beginning(days, period)
    query = sa.select(
        begins.label("start"),
        sa.func.sum(days.sessions).label("sessions"),
        sa.func.sum(days.sets).label("sets"),
        sa.func.sum(days.repetitions).label("repetitions"),
        sa.func.sum(days.duration_ms).label("duration_ms"),
        sa.func.sum(days.calories_kcal).label("calories_kcal"),
        mean_form(days.accuracy_weight, days.accuracy_repetitions, days.accuracy_hold_ms).label(
            "accuracy"
        ),
        measured_form(days.accuracy_repetitions, days.accuracy_hold_ms).label("measured"),
        sa.func.sum(days.verified_repetitions).label("verified_repetitions"),
    ).where(days.tenant_id == tenant_id, days.athlete_id == athlete_id, *bounds)
    return query if period == "all" else query.group_by(begins).order_by(begins)


def _beginning(days: Any, period: Period) -> Any:
    """Label the period of a day: its first day or, for a year, its number."""
    match period:
        case "all":
            return sa.func.min(days.day)
        case "year":
            return sa.extract("year", days.day)
        case _:
            return days[period]


def _begins(named: Any) -> date:
    return named if isinstance(named, date) else date(int(named), 1, 1)
