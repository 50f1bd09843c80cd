"""What may be asked of read models: one row, many rows, a page of them, sums over days."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Generic, Literal, Protocol, TypeVar

from domain.ids import TenantId, UserId
from domain.kernel import Projection, Recorded, Rejected

Row = TypeVar("Row")
Row_co = TypeVar("Row_co", covariant=True)

Scalar = str | int | float | bool | datetime | date | None
Period = Literal["day", "week", "month", "year", "all"]

PAGE_LIMIT: Final = 500
"""Rows of one page at most: a page is for people, an export reads on by cursor."""


class PageInvalid(Rejected):
    """A page is asked for by `first` or by `last`, between 0 and 500."""

    code = "page.invalid"
    kind = "invalid"


class CursorInvalid(Rejected):
    """A cursor belongs to the list, the order and the direction in which it was given out."""

    code = "page.cursor_invalid"
    kind = "invalid"


class ColumnUnknown(Rejected):
    """Rows are filtered and sorted by columns that they have, of a kind that has an order."""

    code = "read_model.column_unknown"
    kind = "invalid"


class ReadModelUnavailable(Rejected):
    """The read model of this version is not built yet, or a newer version has replaced it."""

    code = "read_model.unavailable"
    kind = "unavailable"


@dataclass(frozen=True, slots=True)
class Visibility:
    """What somebody sees: rows of their tenant, and of each kind their own or everybody's.

    `alone_with` says of a projection's kind whose rows are all that they see; None: everybody's.
    """

    tenant_id: TenantId
    alone_with: Callable[[str | None], UserId | None]


@dataclass(frozen=True, slots=True)
class Between:
    """Values with start <= value < end; None leaves that side open. A row's None is in neither."""

    start: Scalar = None
    end: Scalar = None


@dataclass(frozen=True, slots=True)
class NoneOf:
    """Values other than these, and no value is none of them."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Containing:
    """Texts with this in them."""

    part: str


@dataclass(frozen=True, slots=True)
class Holding:
    """Lists of words that have this one among them."""

    word: str


@dataclass(frozen=True, slots=True)
class InSubquery:
    """Values that rows of another read model have in a `column` of theirs.

    Those rows meet `where`, are of the same tenant, and are there for whoever asks. Without
    `is_named`: values that none of them has, and no value is one.
    """

    projection: Projection[Any]
    column: str
    where: "Where"
    is_named: bool = True


Condition = Scalar | tuple[Scalar, ...] | Between | NoneOf | Containing | Holding | InSubquery
"""What a column must be: this value (None: nothing), one or none of these, between two, a text with
this in it, a list with this word, or named by rows elsewhere."""

Where = Mapping[str, Condition]
"""Conditions by column, all of which hold."""


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list: the `first` rows after a cursor, or the `last` ones before one.

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
        """Rows asked for."""
        return (self.first if self.first is not None else self.last) or 0

    @property
    def backward(self) -> bool:
        """Whether the rows nearest to the list's end are wanted."""
        return self.last is not None


@dataclass(frozen=True)
class Edge(Generic[Row_co]):
    """A row in a list, with the cursor that marks its place."""

    cursor: str
    key: str
    row: Row_co


@dataclass(frozen=True)
class Page(Generic[Row_co]):
    """Rows in the list's order, and whether it goes on after and before them."""

    edges: tuple[Edge[Row_co], ...]
    has_next: bool
    has_previous: bool


@dataclass(frozen=True, slots=True)
class Total:
    """An athlete's completed sessions in one period of their own calendar.

    `start` is the day, the week's Monday, the month's first or the year's; for `all`, the first day
    of training. `accuracy` is the mean form, 0..1, weighted by repetitions; None where no form was
    measured.
    """

    start: date
    sessions: int
    sets: int
    repetitions: int
    duration_ms: int
    calories_kcal: float
    accuracy: float | None


class ReadModels(Protocol):
    """Rows of one tenant at a time: nobody reads across tenants.

    As it is made, it is for the platform itself, which sees all rows of the tenant it names.

    Every method raises StorageUnavailable where the store cannot be read, and
    ReadModelUnavailable where the projection's version is not the one being served.
    """

    def seen_by(self, sight: Visibility) -> "ReadModels":
        """Give these as somebody sees them: rows that are not for them are not there.

        The store sees to it, whatever is asked for: no question has to name an owner for that.
        """
        ...

    def get(self, projection: Projection[Row], tenant_id: TenantId, key: str) -> Row | None:
        """Read one row."""
        ...

    def get_many(
        self, projection: Projection[Row], tenant_id: TenantId, keys: Collection[str]
    ) -> dict[str, Row]:
        """Read rows by key; keys without a row are left out."""
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
        """Read part of a list, ordered by a column and then by key.

        Rows without a value come first when ascending, last when descending. Raises
        CursorInvalid and ColumnUnknown.
        """
        ...

    def count(
        self, projection: Projection[Any], tenant_id: TenantId, *, where: Where | None = None
    ) -> int:
        """Count rows."""
        ...

    def by(
        self,
        projection: Projection[Row],
        tenant_id: TenantId,
        column: str,
        values: Collection[Scalar],
    ) -> dict[Scalar, list[Row]]:
        """Read the rows of several owners at once, each list in order of key.

        Every value asked for is in the answer, with an empty list where it has no rows.
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

        Weeks begin on Monday (C-52). A period without completed sessions is left out.
        """
        ...

    def position(self, projection: Projection[Any]) -> int:
        """Position up to which events are in the rows."""
        ...

    def data_version(self) -> str:
        """Name what all read models hold now: after any change they have another name, for ever.

        Costs one read of one row. Two databases never have editions of the same name, unless one
        is a copy of the other.
        """
        ...

    def cached_data_version(self) -> str | None:
        """Return the data version if that takes microseconds, None if it needs a server."""
        ...


class History(Protocol):
    """The part of the event log that looks back at one stream."""

    def load(
        self, tenant_id: TenantId, stream: str, *, after_version: int = 0
    ) -> Sequence[Recorded[Any]]: ...


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in history; with several bounds, the earliest counts. Without any it is now."""

    version: int | None = None
    position: int | None = None
    at: datetime | None = None

    def includes(self, recorded: Recorded[Any]) -> bool:
        """Whether the event had been recorded by then."""
        return (
            (self.version is None or recorded.version <= self.version)
            and (self.position is None or recorded.position <= self.position)
            and (self.at is None or recorded.recorded_at <= self.at)
        )


def rows_as_of(
    projection: Projection[Row], log: History, tenant_id: TenantId, stream: str, moment: Moment
) -> dict[str, Row]:
    """Fold a stream up to a moment: the rows that it alone had filled by then, by key."""
    rows: dict[str, Row] = {}
    for recorded in log.load(tenant_id, stream):
        if not moment.includes(recorded):
            break
        for key in projection.keys(recorded):
            row = projection.evolve(rows.pop(key, None), recorded)
            if row is not None:
                rows[key] = row
    return rows


def state_as_of(
    projection: Projection[Row], log: History, tenant_id: TenantId, stream: str, moment: Moment
) -> Row | None:
    """Fold a stream up to a moment, for projections with one row per stream.

    None where there was no row yet; ValueError where the stream fills several.
    """
    rows = list(rows_as_of(projection, log, tenant_id, stream, moment).values())
    if len(rows) > 1:
        raise ValueError(f"{stream} fills {len(rows)} rows of {projection.name}, not one")
    return rows[0] if rows else None
