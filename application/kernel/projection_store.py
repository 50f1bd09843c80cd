"""Projection store port: rows and checkpoints."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from domain.ids import TenantId, UserId
from domain.kernel import Projection, Rejected

RowKey = tuple[TenantId, str]
StreamKey = tuple[TenantId, str]


class CheckpointConflict(Exception):  # noqa: N818  not a failure: read on from the new checkpoint
    """Another runner has advanced the table, or replaced it."""


class RowRefused(Rejected):
    """The store cannot hold a row as the projection made it."""

    code = "projection.row_refused"
    kind = "unavailable"

    def __init__(self, projection: str, reason: str) -> None:
        super().__init__(reason)
        self.projection = projection


@dataclass(frozen=True, slots=True)
class Failure:
    """The event at which building a table failed, and the reason."""

    position: int
    reason: str


@dataclass(frozen=True, slots=True)
class QuarantinedStream:
    """A stream that a table skips, from the event that the projection could not process.

    `version` and `position` are those of that event; `reason` and `stack` describe the error. Later
    events of the stream wait in the log until the stream is repaired.
    """

    tenant_id: TenantId
    stream: str
    version: int
    position: int
    reason: str
    stack: str

    @property
    def key(self) -> StreamKey:
        """Tenant and stream."""
        return self.tenant_id, self.stream


@dataclass(frozen=True)
class Table:
    """A table of a projection, filled or being filled.

    `position` is the checkpoint: all events up to it are in the rows, except those of `quarantined`
    streams. `live`: queries read this table. `failure`: it could not be built.
    """

    projection: Projection[Any]
    generation: int
    position: int
    live: bool
    failure: Failure | None = None
    quarantined: frozenset[StreamKey] = frozenset()


@dataclass(frozen=True, slots=True)
class Written:
    """A row after a batch, None if it is deleted; `position` and `stream` of the last change."""

    row: Any
    stream: str
    position: int


@dataclass(frozen=True)
class TableUpdate:
    """Changed rows that take a table to position `reached`.

    `quarantined` streams are skipped from now on; `skipped` ones were already, and had events in
    this batch. `released` ones are followed again: the rows contain all their events. `owners` are
    those of streams that began in this batch; a row belongs to the owner of its stream.
    """

    table: Table
    reached: int
    rows: Mapping[RowKey, Written]
    failure: Failure | None = None
    quarantined: tuple[QuarantinedStream, ...] = ()
    skipped: frozenset[StreamKey] = frozenset()
    released: frozenset[StreamKey] = frozenset()
    owners: Mapping[StreamKey, UserId] = field(default_factory=dict[StreamKey, UserId])


class ProjectionStore(Protocol):
    """Stores rows with their checkpoint. Every method raises StorageUnavailable.

    Methods that use the rows of a table raise CheckpointConflict if the table was dropped.
    """

    def live(self, projections: Sequence[Projection[Any]]) -> tuple[Table, ...]:
        """Return the live tables of those projections that have one in their present version."""
        ...

    def find(self, table: Table) -> Table | None:
        """Return the present state of a table; None if it was dropped."""
        ...

    def begin(self, projection: Projection[Any]) -> Table:
        """Create an empty table, in place of any other that is not live.

        It is live at once if no version of the projection has had a live table before.
        """
        ...

    def list_quarantined(self, table: Table) -> tuple[QuarantinedStream, ...]:
        """Return the quarantined streams of a table, oldest first."""
        ...

    def served(self, projection: Projection[Any]) -> Table | None:
        """Return the live table of any version of the projection, or None."""
        ...

    def rows(self, table: Table, keys: Collection[RowKey]) -> dict[RowKey, Any]:
        """Return the rows that exist."""
        ...

    def owned_rows(self, table: Table, tenant_id: TenantId, owner: UserId) -> dict[RowKey, str]:
        """Return the keys of the rows of a person, each with the stream that wrote it last."""
        ...

    def store(self, updates: Sequence[TableUpdate]) -> None:
        """Write rows and checkpoints of all updates in one transaction.

        Raises CheckpointConflict if a table is no longer at its `position` or has released one
        of the `skipped` streams, and RowRefused if a row has values that its columns cannot hold;
        nothing is written then.
        """
        ...

    def swap(self, table: Table) -> bool:
        """Make the table live and drop the one before it, in one transaction.

        Return False and change nothing while the live table has a later position.
        """
        ...

    def discard(self, table: Table) -> None:
        """Drop a table that is not live."""
        ...

    def count(self, table: Table) -> int:
        """Return the number of rows of all tenants."""
        ...
