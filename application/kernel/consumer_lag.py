"""How far those who follow the log are behind it: in positions, and in time."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from application.kernel.ports import LogReader
from application.kernel.projection_store import ProjectionStore
from application.kernel.read_models import Projection


@dataclass(frozen=True)
class Lag:
    """How far one who follows is behind. `seconds`: the age of the oldest event still to come."""

    events: int
    seconds: float


@dataclass(frozen=True)
class ProjectionLag:
    """How far a read model is behind; None where it is not built. `parked`: streams left out."""

    name: str
    lag: Lag | None
    parked: int = 0


def lag_of(
    position: int, *, head: int, now: datetime, recorded_after: Callable[[int], datetime | None]
) -> Lag:
    """Measure what lies between a position and the end of the log.

    `recorded_after` tells when the next event after a position was recorded, None without one.
    """
    behind = max(0, head - position)
    since = recorded_after(position) if behind else None
    return Lag(behind, max(0.0, (now - since).total_seconds()) if since is not None else 0.0)


def projection_lags(
    log: LogReader,
    tables: ProjectionStore,
    projections: Sequence[Projection[Any]],
    *,
    now: datetime,
) -> tuple[ProjectionLag, ...]:
    """Measure how far each read model is behind."""
    live = {table.projection.name: table for table in tables.live(projections)}
    head = log.head()  # looked at later, so that no table is ahead of it
    lags = _by_position(log, {table.position for table in live.values()}, head, now)
    return tuple(
        ProjectionLag(name, lags[live[name].position], len(live[name].parked))
        if name in live
        else ProjectionLag(name, None)
        for name in (projection.name for projection in projections)
    )


def _by_position(
    log: LogReader, positions: Iterable[int], head: int, now: datetime
) -> dict[int, Lag]:
    """Most read models stand at the same place: look there once."""

    def recorded_after(position: int) -> datetime | None:
        return next((each.recorded_at for each in log.scan(after=position, limit=1)), None)

    return {
        position: lag_of(position, head=head, now=now, recorded_after=recorded_after)
        for position in positions
    }
