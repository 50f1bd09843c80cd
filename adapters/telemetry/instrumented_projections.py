"""Instrumented projections: spans in the traces of the events they process.

A batch holds events of many traces. Each event of a sampled trace gets a short span of its own,
with the times of the batch and the names of the read models that processed the event.
"""

import time
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Any, Final

from adapters.read_models.database import Database
from adapters.read_models.projection_store import SqlProjectionStore
from application.kernel.ports import LogReader
from application.kernel.projection_store import TableUpdate
from application.kernel.telemetry import TraceParent, Tracing
from domain.kernel import Recorded

REMEMBERED: Final = 10_000
"""Events remembered between read and commit; enough for several threads and a retry."""


class TracedFilling:
    """Remember which sampled events were read, and record their spans once they are stored."""

    def __init__(self, tracing: Tracing) -> None:
        self._tracing = tracing
        self._read: OrderedDict[int, TraceParent] = OrderedDict()
        self._lock = Lock()

    def read(self, events: Sequence[Recorded[Any]]) -> None:
        """Remember the sampled events."""
        samples = self._tracing.samples
        for each in events:
            correlation_id = each.origin.correlation_id
            if samples(correlation_id):
                place = TraceParent.of(correlation_id, each.event_id)
                with self._lock:
                    self._read[each.position] = place
                    if len(self._read) > REMEMBERED:
                        self._read.popitem(last=False)

    def stored(self, batches: Sequence[TableUpdate], began_ns: int) -> None:
        """Record the spans of the events in these batches."""
        if not self._read:
            return
        first = min((batch.table.position for batch in batches), default=0)
        last = max((batch.reached for batch in batches), default=0)
        with self._lock:
            events = [(at, self._read[at]) for at in self._read if first < at <= last]
        for position, place in events:
            names = [
                batch.table.projection.name
                for batch in batches
                if batch.table.position < position <= batch.reached
            ]
            self._tracing.note(
                "projections",
                beneath=place,
                kind="consumer",
                began_ns=began_ns,
                attributes={"kinelog.position": position, "kinelog.read_models": ",".join(names)},
            )


class TracedReader:
    """A `LogReader` whose sampled events are remembered."""

    def __init__(self, log: LogReader, filling: TracedFilling) -> None:
        self._log = log
        self._filling = filling

    def scan(self, *, after: int, limit: int) -> Sequence[Recorded[Any]]:
        events = self._log.scan(after=after, limit=limit)
        self._filling.read(events)
        return events

    def head(self) -> int:
        return self._log.head()


class TracedTables(SqlProjectionStore):
    """A `ProjectionStore` that records spans for what it stores."""

    def __init__(self, database: Database, filling: TracedFilling) -> None:
        super().__init__(database)
        self._filling = filling

    def store(self, updates: Sequence[TableUpdate]) -> None:
        began_ns = time.time_ns()
        super().store(updates)
        self._filling.stored(updates, began_ns)
