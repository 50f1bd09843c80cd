"""A runner keeps read models at the end of the log, woken when it grows; others stand by."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event
from typing import Any, Final, Protocol

import structlog

from application.kernel.backoff import Draw, Retry
from application.kernel.ports import LogReader, LogTail, StorageUnavailable
from application.kernel.projection_runner import RebuildSuperseded, catch_up, prepare
from application.kernel.projection_store import ProjectionStore, StreamKey, Table
from application.kernel.read_models import Projection
from domain.kernel import Recorded

LOOK_S: Final = 1.0
"""How long one wait for new events, or for the other runner's end, may take."""

OUTAGE: Final = Retry(first_s=0.2, factor=2.0, longest_s=5.0)
"""Pauses while the log or the tables are away; there is no last try."""

logger: Any = structlog.get_logger()


class LeaderLock(Protocol):
    """Which of several runners works. Two that work at once share the steps, and do them twice.

    Raises StorageUnavailable.
    """

    def take(self) -> bool:
        """Whether it is this runner's turn, from now on or still."""
        ...

    def release(self) -> None:
        """Let another one work. Does nothing where it is not this runner's turn."""
        ...


class _Told(Exception):  # noqa: N818  not a failure
    """The runner was told to stop."""


@dataclass(frozen=True, slots=True)
class _UntilTold:
    """The log for a runner who may be told to stop between any two batches."""

    log: LogReader
    stop: Event

    def scan(self, *, after: int, limit: int) -> Sequence[Recorded[Any]]:
        if self.stop.is_set():
            raise _Told
        return self.log.scan(after=after, limit=limit)

    def head(self) -> int:
        return self.log.head()


class ProjectionRunner:
    """Builds what is missing, then follows the log for as long as it is its turn.

    `look_s`: how long one wait may take, and so, at rest, the time until a stop is noticed.
    `leads`: whether this runner has been at the end of the log since its turn came.
    `lag`: positions between that end and the read model furthest behind it, when last looked.
    """

    def __init__(
        self,
        *,
        log: LogReader,
        tail: LogTail,
        tables: ProjectionStore,
        projections: Sequence[Projection[Any]],
        turn: LeaderLock,
        draw: Draw,
        look_s: float = LOOK_S,
    ) -> None:
        self._log = log
        self._tail = tail
        self._tables = tables
        self._projections = projections
        self._turn = turn
        self._draw = draw
        self._look_s = look_s
        self._failed = 0
        self._parked: dict[str, frozenset[StreamKey]] = {}
        self.leads = False
        self.lag = 0

    def run(self, stop: Event) -> None:
        """Follow until told to stop. Outages are waited for, however long they are.

        The batch that is being stored is finished. Raises what waiting cannot mend: LogBehind.
        """
        log = _UntilTold(self._log, stop)
        while not stop.is_set():
            try:
                self._lead(log, stop)
            except _Told:
                return
            except (StorageUnavailable, RebuildSuperseded) as obstacle:
                self._failed += 1
                logger.warning("runner.interrupted", code=obstacle.code, reason=obstacle.detail)
                stop.wait(OUTAGE.pause_s(self._failed, self._draw))
            finally:
                self.leads = False
                self._turn.release()

    def _lead(self, log: LogReader, stop: Event) -> None:
        """Work until told to stop, or until it is another runner's turn."""
        if not self._turn.take():
            stop.wait(self._look_s)
            return
        self._tell(prepare(log, self._tables, self._projections))
        logger.info("runner.leads", position=log.head())
        while not stop.is_set() and self._turn.take():
            self._tail.wait(self._round(log), self._look_s)

    def _round(self, log: LogReader) -> int:
        """Bring every read model to the end of the log; give the position that was the end."""
        head = log.head()
        now = catch_up(log, self._tables, self._projections)
        self._tell(now)
        self.lag = max((max(0, head - table.position) for table in now), default=head)
        self._failed = 0
        self.leads = True
        return head

    def _tell(self, tables: Sequence[Table]) -> None:
        """Say once which read model could not be built, which streams are parked, which not."""
        for table in tables:
            name, known = (
                table.projection.name,
                self._parked.get(table.projection.name, frozenset()),
            )
            if table.failure is not None:
                position, reason = table.failure.position, table.failure.reason
                logger.error("projection.not_built", projection=name, at=position, reason=reason)
            if table.parked != known:
                self._parked[name] = table.parked
                self._tell_parked(table, known)

    def _tell_parked(self, table: Table, known: frozenset[StreamKey]) -> None:
        name = table.projection.name
        for tenant, stream in known - table.parked:
            logger.info("stream.followed_again", projection=name, tenant=tenant, stream=stream)
        for parked in self._tables.parked(table):
            if parked.key not in known:
                logger.error(
                    "stream.parked",
                    projection=name,
                    tenant=parked.tenant_id,
                    stream=parked.stream,
                    at=parked.position,
                    reason=parked.reason,
                    stack=parked.stack,
                )
