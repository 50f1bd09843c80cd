"""Read model queries: one row, many rows, pages, totals."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Generic, Literal, Protocol, TypeVar

from domain.ids import TenantId, UserId
from domain.kernel import Projection, Recorded, Rejected, unfrozen_value

Row = TypeVar("Row")
Row_co = TypeVar("Row_co", covariant=True)

Scalar = str | int | float | bool | datetime | date | None
Period = Literal["day", "week", "month", "year", "all"]

PAGE_LIMIT: Final = 500
"""Most rows of a page. Exports read on by cursor."""


class PageInvalid(Rejected):
    """Send either `first` or `last`, from 0 to 500."""

    code = "page.invalid"
    kind = "invalid"


class CursorInvalid(Rejected):
    """The cursor belongs to another list, order or direction. Start again without a cursor."""

    code = "page.cursor_invalid"
    kind = "invalid"


class ColumnUnknown(Rejected):
    """The list cannot be filtered or sorted by this column."""

    code = "read_model.column_unknown"
    kind = "invalid"


class ReadModelUnavailable(Rejected):
    """The read model of this version is not built yet, or a newer version has replaced it."""

    code = "read_model.unavailable"
    kind = "unavailable"


@dataclass(frozen=True, slots=True)
class Visibility:
    """Rows that a user may see: those of the tenant and, for each kind, of some users or all.

    `owners` returns, for the kind of a projection, the users whose rows are visible; None: all.
    """

    tenant_id: TenantId
    owners: Callable[[str | None], tuple[UserId, ...] | None]


@dataclass(frozen=True, slots=True)
class Between:
    """Values with start <= value < end; None leaves a side open. Missing values never match."""

    start: Scalar = None
    end: Scalar = None


@dataclass(frozen=True, slots=True)
class NoneOf:
    """Values other than these; a missing value matches."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Containing:
    """Texts that contain this."""

    part: str


@dataclass(frozen=True, slots=True)
class Holding:
    """Lists that contain this word."""

    word: str


@dataclass(frozen=True, slots=True)
class InSubquery:
    """Values in a `column` of another read model.

    Only rows that meet `where`, belong to the same tenant and are visible to the caller count.
    `is_named` False negates it: values in none of these rows; a missing value matches.
    """

    projection: Projection[Any]
    column: str
    where: "Where"
    is_named: bool = True


Condition = Scalar | tuple[Scalar, ...] | Between | NoneOf | Containing | Holding | InSubquery
"""Condition on a column: a value (None: missing), one of several, none of several, between two, a
text that contains, a list that contains, or a value of another read model."""

Where = Mapping[str, Condition]
"""Conditions by column; all must be met."""


@dataclass(frozen=True, slots=True)
class Window:
    """Part of a list: the `first` rows after a cursor, or the `last` ones before one.

    Both cursors may be given; they bound the list before rows are taken from it (the connection
    rules of Relay, https://relay.dev/graphql/connections.htm). PageInvalid where not exactly one
    of `first` and `last` is given, or it is not within 0..500.
    """

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None

    def __post_init__(self) -> None:
        if (self.first is None) == (self.last is None) or not 0 <= self.size <= PAGE_LIMIT:
            raise PageInvalid

    @property
    def size(self) -> int:
        """Number of requested rows."""
        return (self.first if self.first is not None else self.last) or 0

    @property
    def backward(self) -> bool:
        """Whether rows are taken from the end of the list."""
        return self.last is not None


@unfrozen_value
class Edge(Generic[Row_co]):
    """A row and its cursor."""

    cursor: str
    key: str
    row: Row_co


@dataclass(frozen=True)
class Page(Generic[Row_co]):
    """Rows in order, and whether there are more after and before them."""

    edges: tuple[Edge[Row_co], ...]
    has_next: bool
    has_previous: bool

    def map(self, view: Callable[[Row_co], Row]) -> "Page[Row]":
        """Return the page with a view of each row."""
        edges = tuple(Edge(edge.cursor, edge.key, view(edge.row)) for edge in self.edges)
        return Page(edges, self.has_next, self.has_previous)


@dataclass(frozen=True, slots=True)
class Total:
    """An athlete's completed sessions in one period of their own calendar.

    `start` is the day, the week's Monday, the month's first or the year's; for `all`, the first day
    of training. `accuracy` is the mean form, 0..1, of verified repetitions and, by seconds, of
    verified holds; None where no form was measured. `measured` is its weight in a mean of several
    periods: these repetitions and seconds. `verified_repetitions` are those for rankings and
    awards.
    """

    start: date
    sessions: int
    sets: int
    repetitions: int
    duration_ms: int
    calories_kcal: float
    accuracy: float | None
    measured: float
    verified_repetitions: int


class ReadModels(Protocol):
    """Queries on rows of one tenant at a time.

    Without `seen_by`, all rows of the tenant are visible: that is for the platform itself.

    Every method raises StorageUnavailable if the store cannot be read, and ReadModelUnavailable if
    the projection is live in another version.
    """

    def seen_by(self, visibility: Visibility) -> "ReadModels":
        """Return the read models as a user sees them: without rows that are not visible.

        The store enforces it on every query.
        """
        ...

    def get(self, projection: Projection[Row], tenant_id: TenantId, key: str) -> Row | None:
        """Read one row."""
        ...

    def get_many(
        self, projection: Projection[Row], tenant_id: TenantId, keys: Collection[str]
    ) -> dict[str, Row]:
        """Read rows by key; keys without a row are missing in the result."""
        ...

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
        """Read part of a list, sorted by a column and then by key.

        Rows without a value come first when ascending, last when descending. Raises
        CursorInvalid and ColumnUnknown.
        """
        ...

    def count(
        self, projection: Projection[Any], tenant_id: TenantId, *, where: Where | None = None
    ) -> int:
        """Count rows."""
        ...

    def sum_of(
        self,
        projection: Projection[Any],
        tenant_id: TenantId,
        column: str,
        *,
        where: Where | None = None,
    ) -> int:
        """Return the sum of a column of integers; 0 without rows. One statement loads no rows."""
        ...

    def counts(
        self,
        projection: Projection[Any],
        tenant_id: TenantId,
        column: str,
        *,
        where: Where | None = None,
    ) -> dict[Scalar, int]:
        """Count rows by the values of a column, without those that have none. Loads no rows."""
        ...

    def by(
        self,
        projection: Projection[Row],
        tenant_id: TenantId,
        column: str,
        values: Collection[Scalar],
    ) -> dict[Scalar, list[Row]]:
        """Read the rows of several owners at once, each list in order of key.

        Every requested value is in the result, with an empty list if it has no rows.
        """
        ...

    def stamps(
        self,
        projection: Projection[Any],
        tenant_id: TenantId,
        column: str,
        values: Collection[Scalar],
        latest: str,
    ) -> dict[Scalar, tuple[int, Scalar]]:
        """Return the number of rows of several owners, and the greatest value of column `latest`.

        Owners without rows are missing in the result. One statement, which loads no rows.
        """
        ...

    def totals(
        self,
        tenant_id: TenantId,
        athlete_id: UserId,
        period: Period,
        *,
        start: date | None = None,
        end: date | None = None,
    ) -> tuple[Total, ...]:
        """Sum the days from `start` up to, not including, `end`, oldest period first.

        Weeks begin on Monday (C-52). Periods without completed sessions are missing.
        """
        ...

    def position(self, projection: Projection[Any]) -> int:
        """Return the position up to which events are in the rows."""
        ...

    def data_version(self) -> str:
        """Return the version of the content of all read models. It changes with any change.

        Costs one read of one row. Two databases never have the same data version, unless one is a
        copy of the other.
        """
        ...

    def cached_data_version(self) -> str | None:
        """Return the data version if that takes microseconds, None if it needs a server."""
        ...


class History(Protocol):
    """The part of the event log that loads a stream."""

    def load(
        self, tenant_id: TenantId, stream: str, *, after_version: int = 0
    ) -> Sequence[Recorded[Any]]: ...


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in history; of several bounds the earliest counts, without any it is now."""

    version: int | None = None
    position: int | None = None
    at: datetime | None = None

    def includes(self, recorded: Recorded[Any]) -> bool:
        """Whether the event was recorded by then."""
        return (
            (self.version is None or recorded.version <= self.version)
            and (self.position is None or recorded.position <= self.position)
            and (self.at is None or recorded.recorded_at <= self.at)
        )


def rows_as_of(
    projection: Projection[Row], log: History, tenant_id: TenantId, stream: str, moment: Moment
) -> dict[str, Row]:
    """Fold a stream up to a moment and return its rows by key."""
    rows: dict[str, Row] = {}
    for recorded in log.load(tenant_id, stream):
        if not moment.includes(recorded):
            break
        for key in projection.keys(recorded):
            row = projection.next_row(key, rows.pop(key, None), recorded)
            if row is not None:
                rows[key] = row
    return rows


def state_as_of(
    projection: Projection[Row], log: History, tenant_id: TenantId, stream: str, moment: Moment
) -> Row | None:
    """Fold a stream up to a moment, for projections with one row per stream.

    None if there was no row yet; ValueError if the stream fills several.
    """
    rows = list(rows_as_of(projection, log, tenant_id, stream, moment).values())
    if len(rows) > 1:
        raise ValueError(f"{stream} fills {len(rows)} rows of {projection.name}, not one")
    return rows[0] if rows else None
