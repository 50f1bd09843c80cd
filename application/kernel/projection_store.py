"""Where the rows of projections are kept: what the runner needs of a store."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from application.kernel.read_models import Projection
from domain.ids import TenantId, UserId
from domain.kernel import Rejected

RowKey = tuple[TenantId, str]
StreamKey = tuple[TenantId, str]


class CheckpointConflict(Exception):  # noqa: N818  not a failure: the answer is to read on from there
    """Another runner has taken the table further, or replaced it."""


class RowRefused(Rejected):
    """The store cannot hold a row as the projection made it."""

    code = "projection.row_refused"
    kind = "unavailable"

    def __init__(self, projection: str, reason: str) -> None:
        super().__init__(reason)
        self.projection = projection


@dataclass(frozen=True, slots=True)
class Failure:
    """The event at which the building of a table ended, and why, for whoever repairs it."""

    position: int
    reason: str


@dataclass(frozen=True, slots=True)
class QuarantinedStream:
    """A stream that a table goes on without, from the event on that it could not take.

    `version` and `position` are those of that event, `reason` and `stack` say what went wrong.
    Later events of the stream wait with it; they are in the log.
    """

    tenant_id: TenantId
    stream: str
    version: int
    position: int
    reason: str
    stack: str

    @property
    def key(self) -> StreamKey:
        """Name the stream among those of all tenants."""
        return self.tenant_id, self.stream


@dataclass(frozen=True)
class Table:
    """One filled, or filling, table of a projection.

    `position` is that of the last event in its rows, but for events of `parked` streams. `live`: it
    is the one being read. `failure`: it could not be built.
    """

    projection: Projection[Any]
    generation: int
    position: int
    live: bool
    failure: Failure | None = None
    parked: frozenset[StreamKey] = frozenset()


@dataclass(frozen=True, slots=True)
class Written:
    """A row after a batch, None if it is gone; `position` and `stream` of the last change."""

    row: Any
    stream: str
    position: int


@dataclass(frozen=True)
class Batch:
    """What takes a table to position `reached`: its changed rows.

    `parked` streams are left out from now on; `skipped` ones were left out already, and had events
    in this batch. `released` ones are followed again: the rows hold all their events. `owners` are
    those of streams that began in this batch; each row belongs to the owner of its stream.
    """

    table: Table
    reached: int
    rows: Mapping[RowKey, Written]
    failure: Failure | None = None
    parked: tuple[QuarantinedStream, ...] = ()
    skipped: frozenset[StreamKey] = frozenset()
    released: frozenset[StreamKey] = frozenset()
    owners: Mapping[StreamKey, UserId] = field(default_factory=dict[StreamKey, UserId])


class ProjectionStore(Protocol):
    """Where rows are kept. Every method raises StorageUnavailable where that cannot be reached.

    Those that touch one table's rows raise CheckpointConflict where the table has been dropped.
    """

    def live(self, projections: Sequence[Projection[Any]]) -> tuple[Table, ...]:
        """Tables being read, of those projections that are served in their present version."""
        ...

    def find(self, table: Table) -> Table | None:
        """Look again at a table; None if it was dropped."""
        ...

    def begin(self, projection: Projection[Any]) -> Table:
        """Make an empty table, in place of any other that is not live.

        It is live at once where no version of the projection has been served before.
        """
        ...

    def parked(self, table: Table) -> tuple[QuarantinedStream, ...]:
        """Streams that the table goes on without, in the order in which they were parked."""
        ...

    def served(self, projection: Projection[Any]) -> Table | None:
        """Look for the table being read of any version of the projection; None where none is."""
        ...

    def rows(self, table: Table, keys: Collection[RowKey]) -> dict[RowKey, Any]:
        """Rows as they stand, without the keys that have none."""
        ...

    def store(self, batches: Sequence[Batch]) -> None:
        """Write rows and positions of all batches in one transaction.

        Raises CheckpointConflict if a table is no longer at its `position` or has released one
        of the `skipped` streams, and RowRefused where a row has values that its columns cannot
        hold; nothing is written then.
        """
        ...

    def swap(self, table: Table) -> bool:
        """Make the table live and drop the one before it, in one transaction.

        False, and nothing is changed, while the live one has a later position.
        """
        ...

    def discard(self, table: Table) -> None:
        """Drop a table that is not live."""
        ...

    def count(self, table: Table) -> int:
        """Rows of all tenants."""
        ...
