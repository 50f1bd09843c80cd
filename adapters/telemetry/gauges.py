"""Gauges read on scrape: event log, read models, relay and connection pools."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from psycopg_pool import ConnectionPool
from sqlalchemy.pool import QueuePool

from application.kernel.metrics import Gauge, ReadGauges
from application.kernel.ports import Clock, LogReader, LogTail
from application.kernel.projection_status import projection_lags
from application.kernel.projection_store import ProjectionStore
from application.kernel.relay import EncodedLog
from application.kernel.subscription import lag_of
from domain.kernel import Projection


def log_head(log: LogReader) -> ReadGauges:
    """Read the head of the log."""
    return lambda: [Gauge("kinelog_log_position", log.head())]


def read_models(
    log: LogReader, tables: ProjectionStore, projections: Sequence[Projection[Any]], clock: Clock
) -> ReadGauges:
    """Measure the lag of each read model behind the log."""

    def read() -> Iterator[Gauge]:
        for each in projection_lags(log, tables, projections, now=clock()):
            labels = {"projection": each.name}
            if each.lag is not None:
                yield Gauge("kinelog_projection_lag_events", each.lag.events, labels)
                yield Gauge("kinelog_projection_lag_seconds", each.lag.seconds, labels)
            yield Gauge("kinelog_projection_missing", float(each.lag is None), labels)
            yield Gauge("kinelog_projection_parked_streams", each.quarantined, labels)

    return read


def relay(
    log: EncodedLog, tail: LogTail, relayed_to: Callable[[], int], clock: Clock
) -> ReadGauges:
    """Measure the lag of the bus behind the log; `relayed_to` returns the position that it has."""

    def recorded_after(position: int) -> datetime | None:
        return next((each.recorded_at for each in log.scan(after=position, limit=1)), None)

    def read() -> Iterator[Gauge]:
        position = relayed_to()
        head = tail.wait(position, 0.0)
        lag = lag_of(position, head=head, now=clock(), recorded_after=recorded_after)
        yield Gauge("kinelog_log_position", head)
        yield Gauge("kinelog_relay_lag_events", lag.events)
        yield Gauge("kinelog_relay_lag_seconds", lag.seconds)

    return read


def pools(opened: Mapping[str, sa.Engine | ConnectionPool[Any]]) -> ReadGauges:
    """Count the connections in use and the largest number allowed."""

    def read() -> Iterator[Gauge]:
        for name, pool in opened.items():
            in_use, size = _used(pool)
            yield Gauge("kinelog_db_pool_in_use", in_use, {"pool": name})
            yield Gauge("kinelog_db_pool_size", size, {"pool": name})

    return read


def _used(opened: sa.Engine | ConnectionPool[Any]) -> tuple[int, int]:
    if isinstance(opened, sa.Engine):
        pool = opened.pool
        return (pool.checkedout(), pool.size()) if isinstance(pool, QueuePool) else (0, 0)
    stats = opened.get_stats()
    return stats["pool_size"] - stats["pool_available"], stats["pool_max"]
