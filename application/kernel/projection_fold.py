"""Batch fold with per-stream quarantine.

An event that a projection cannot process quarantines its stream in that projection's table; all
other streams go on. Once the projection is repaired, `retry` folds the events that were skipped.
"""

import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from application.kernel.encryption import KeyDisabled
from application.kernel.outages import is_outage
from application.kernel.ports import DamagedEvent
from application.kernel.projection_store import (
    CheckpointConflict,
    Failure,
    ProjectionStore,
    QuarantinedStream,
    RowKey,
    RowRefused,
    StreamKey,
    Table,
    TableUpdate,
    Written,
)
from application.kernel.read_models import History
from application.users.authorization import owners_of
from domain.ids import TenantId
from domain.kernel import Projection, Recorded, Rejected

Keyed = list[tuple[Recorded[Any], tuple[RowKey, ...]]]
"""Events that a projection handles, with the keys of their rows."""

MayQuarantine = Callable[[StreamKey], bool]
"""Whether a table may skip a stream."""


class StreamNotQuarantined(Rejected):
    """The projection follows this stream: none of its events is skipped."""

    code = "projection.stream_not_parked"
    kind = "not_found"


@dataclass(frozen=True, slots=True)
class SkippedEvents:
    """A quarantined stream of a projection, and the number of events skipped so far."""

    projection: str
    events: int
    quarantined: QuarantinedStream


@dataclass(frozen=True, slots=True)
class Retried:
    """Result of a retry: the number of events folded, and the quarantine that remains.

    `quarantined` is None if the stream is followed again.
    """

    projection: str
    tenant_id: TenantId
    stream: str
    applied: int
    quarantined: QuarantinedStream | None


def fold_batch(
    tables: ProjectionStore,
    table: Table,
    events: Sequence[Recorded[Any]],
    may_quarantine: MayQuarantine,
    refused: Mapping[int, str],
) -> TableUpdate:
    """Fold the events that the table does not have yet.

    At least one event must be newer than the table. If the projection raises on an event, the
    stream is quarantined there if allowed, or if the event is damaged or the key of its tenant
    disabled; otherwise the batch ends before the event, with a failure. `refused`: events whose
    rows the store refused, by position, with the reason. Errors of a projection are not raised.
    Raises KmsUnavailable and StorageUnavailable if an encrypted value cannot be read during an
    outage.
    """
    new = [recorded for recorded in events if recorded.position > table.position]
    owners = owners_of(new)
    fold = _Fold(table.projection, table.quarantined, refused)
    rows = fold.rows(tables, table, new)
    fatal = [
        broken
        for key, broken in fold.broken.items()
        if key not in fold.unreadable and not may_quarantine(key)
    ]
    if not fatal:
        return TableUpdate(
            table,
            new[-1].position,
            rows,
            quarantined=tuple(fold.broken.values()),
            skipped=frozenset(fold.skipped),
            owners=owners,
        )
    first = min(fatal, key=lambda broken: broken.position)
    failure = Failure(first.position, first.reason)
    before = [recorded for recorded in new if recorded.position < failure.position]
    if not before:
        return TableUpdate(table, table.position, {}, failure)
    update = fold_batch(tables, table, before, may_quarantine, refused)
    return replace(update, table=table, failure=failure)


def list_quarantined(
    log: History, tables: ProjectionStore, projections: Sequence[Projection[Any]]
) -> tuple[SkippedEvents, ...]:
    """Return the quarantined streams by projection, oldest first."""
    return tuple(
        SkippedEvents(table.projection.name, len(_skipped(log, table, broken)), broken)
        for table in tables.live(projections)
        if table.quarantined
        for broken in tables.list_quarantined(table)
    )


def retry(
    log: History,
    tables: ProjectionStore,
    projection: Projection[Any],
    tenant_id: TenantId,
    stream: str,
) -> Retried:
    """Fold the skipped events of a stream in order, and follow the stream again.

    Rows and the release of the stream are stored together. If an event still fails, the events
    before it are folded, and the stream stays in quarantine from that event on. Other streams may
    have changed the same row meanwhile: a projection whose rows depend on several streams must not
    depend on the order between them. Raises StreamNotQuarantined.
    """
    while True:
        table, broken = _find(tables, projection, tenant_id, stream)
        events = _skipped(log, table, broken)
        update = _fold_skipped(tables, table, broken, events)
        try:
            tables.store([update])
        except CheckpointConflict:
            continue
        except RowRefused as refused:
            unfit = replace(broken, reason=refused.detail, stack="")
            return Retried(projection.name, tenant_id, stream, 0, unfit)
        still = update.quarantined[0] if update.quarantined else None
        applied = [each for each in events if still is None or each.version < still.version]
        return Retried(projection.name, tenant_id, stream, len(applied), still)


def _find(
    tables: ProjectionStore, projection: Projection[Any], tenant_id: TenantId, stream: str
) -> tuple[Table, QuarantinedStream]:
    for table in tables.live([projection]):
        for broken in tables.list_quarantined(table):
            if broken.key == (tenant_id, stream):
                return table, broken
    raise StreamNotQuarantined(
        f"{projection.name} has not quarantined {stream}. There is nothing to retry."
    )


def _skipped(log: History, table: Table, broken: QuarantinedStream) -> list[Any]:
    """Load the events that the table has skipped."""
    events = log.load(broken.tenant_id, broken.stream, after_version=broken.version - 1)
    return [recorded for recorded in events if recorded.position <= table.position]


def _fold_skipped(
    tables: ProjectionStore,
    table: Table,
    broken: QuarantinedStream,
    events: Sequence[Recorded[Any]],
) -> TableUpdate:
    """Fold the events of a quarantined stream, up to the first that still fails.

    The checkpoint of the table stays.
    """
    fold = _Fold(table.projection, frozenset(), {})
    rows = fold.rows(tables, table, events)
    return TableUpdate(
        table,
        table.position,
        rows,
        quarantined=tuple(fold.broken.values()),
        released=frozenset({broken.key}),
        owners=owners_of(events),
    )


@dataclass
class _Fold:
    """The fold of one batch into one table.

    `broken`: streams with an event that failed, the first one of each. `unreadable`: those of them
    whose event is damaged, or whose tenant's key is disabled. `skipped`: streams in quarantine that
    had events in the batch.
    """

    projection: Projection[Any]
    quarantined: frozenset[StreamKey]
    refused: Mapping[int, str]
    broken: dict[StreamKey, QuarantinedStream] = field(
        default_factory=dict[StreamKey, QuarantinedStream]
    )
    unreadable: set[StreamKey] = field(default_factory=set[StreamKey])
    skipped: set[StreamKey] = field(default_factory=set[StreamKey])

    def rows(
        self, tables: ProjectionStore, table: Table, events: Sequence[Recorded[Any]]
    ) -> dict[RowKey, Written]:
        """Return the changed rows, as they are after the events."""
        keyed = self._keyed(events)
        touched = {key for _, keys in keyed for key in keys}
        return self._evolved(keyed, tables.rows(table, touched))

    def _keyed(self, events: Sequence[Recorded[Any]]) -> Keyed:
        keyed: Keyed = []
        for recorded in events:
            if self._is_skipped(recorded):
                continue
            if recorded.position in self.refused:
                self._quarantine(recorded, self.refused[recorded.position], "")
                continue
            if isinstance(recorded.event, DamagedEvent):
                self.unreadable.add(_stream(recorded))
                self._quarantine(recorded, recorded.event.reason, "")
                continue
            try:
                keys = self.projection.keys(recorded)
            except Exception as error:  # noqa: BLE001  other streams must go on
                self._break(recorded, error)
                continue
            if keys:
                tenant = recorded.origin.tenant_id
                keyed.append((recorded, tuple((tenant, key) for key in keys)))
        return keyed

    def _evolved(self, keyed: Keyed, before: Mapping[RowKey, Any]) -> dict[RowKey, Written]:
        """Fold; a row is written with the position of the last event that changed it.

        An event may concern several rows: if it fails for one of them, it changes none.
        """
        rows = dict(before)
        written: dict[RowKey, Written] = {}
        for recorded, keys in keyed:
            if self.broken and self._is_after_break(recorded):
                continue
            try:
                evolved = [
                    (key, self.projection.next_row(key[1], rows.get(key), recorded)) for key in keys
                ]
            except Exception as error:  # noqa: BLE001  other streams must go on
                self._break(recorded, error)
                continue
            for key, row in evolved:
                if row is not rows.get(key):
                    rows[key] = row
                    written[key] = Written(row, recorded.stream, recorded.position)
        return written

    def _is_skipped(self, recorded: Recorded[Any]) -> bool:
        if not self.quarantined and not self.broken:
            return False
        key = _stream(recorded)
        if key in self.quarantined:
            self.skipped.add(key)
            return True
        return key in self.broken

    def _is_after_break(self, recorded: Recorded[Any]) -> bool:
        broken = self.broken.get(_stream(recorded))
        return broken is not None and broken.position < recorded.position

    def _break(self, recorded: Recorded[Any], error: Exception) -> None:
        if is_outage(error):  # an encrypted value of the event cannot be read now
            raise error
        if isinstance(error, KeyDisabled):
            self.unreadable.add(_stream(recorded))
        stack = "".join(traceback.format_exception(error))
        self._quarantine(recorded, f"{type(error).__name__}: {error}", stack)

    def _quarantine(self, recorded: Recorded[Any], reason: str, stack: str) -> None:
        tenant, stream = key = _stream(recorded)
        self.broken[key] = QuarantinedStream(
            tenant, stream, recorded.version, recorded.position, reason, stack
        )


def _stream(recorded: Recorded[Any]) -> StreamKey:
    return recorded.origin.tenant_id, recorded.stream
