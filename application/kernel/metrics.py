"""Prometheus metrics of this process.

No label holds a tenant, a user, a session or a raw request path: their number is unbounded, and
each value is a series of its own. Traces and log lines have them.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, wait
from dataclasses import field
from threading import Lock, Thread
from typing import Final

import structlog
from prometheus_client import REGISTRY, Counter, Histogram, Info
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from domain.kernel import value

FAST: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Buckets in seconds: from an append to a local file to a request that a client gives up on."""

CACHED_S: Final = 1.0
"""Concurrent scrapes share one reading of the gauges."""

WITHIN_S: Final = 5.0
"""Time limit of the readings of a scrape, below that of Prometheus: 10 s in our configuration."""

BUILD: Final = Info("kinelog_build", "Version of this process.")

REQUEST_SECONDS: Final = Histogram(
    "kinelog_http_request_seconds",
    "Time until the response began.",
    ("method", "route", "status"),
    buckets=FAST,
)
CHUNK_SECONDS: Final = Histogram(
    "kinelog_chunk_seconds",
    "Time to answer a chunk of a live session, by any transport: live, degraded, or the code of the"
    " refusal.",
    ("outcome",),
    buckets=FAST,
)
COMMANDS: Final = Counter(
    "kinelog_commands",
    "Commands by result: done, repeated, or the code of the refusal.",
    ("category", "outcome"),
)
APPEND_SECONDS: Final = Histogram(
    "kinelog_append_seconds", "Time of an append to the log.", buckets=FAST
)
EVENTS_APPENDED: Final = Counter("kinelog_events_appended", "Events appended.")
RELAY_SECONDS: Final = Histogram(
    "kinelog_relay_batch_seconds", "Time until the bus has acknowledged a batch.", buckets=FAST
)
EVENTS_RELAYED: Final = Counter("kinelog_events_relayed", "Events published to the bus.")
MESSAGE_SECONDS: Final = Histogram(
    "kinelog_message_seconds",
    "Time to process a message.",
    ("group", "topic", "outcome"),
    buckets=FAST,
)

GAUGES: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "kinelog_log_position": ("Position of the newest event in the log.", ()),
    "kinelog_projection_lag_events": (
        "Positions between the end of the log and a read model.",
        ("projection",),
    ),
    "kinelog_projection_lag_seconds": (
        "Age of the oldest event that is not in a read model; 0 where all are.",
        ("projection",),
    ),
    "kinelog_projection_missing": ("1 where a read model is not built.", ("projection",)),
    "kinelog_projection_parked_streams": (
        "Quarantined streams of a read model.",
        ("projection",),
    ),
    "kinelog_relay_lag_events": ("Positions between the end of the log and the bus.", ()),
    "kinelog_relay_lag_seconds": ("Age of the oldest event that is not on the bus.", ()),
    "kinelog_consumer_lag": (
        "Messages of a partition that a group has not processed.",
        ("group", "topic", "partition"),
    ),
    "kinelog_dead_letters": ("Messages that a group could not process.", ("group",)),
    "kinelog_live_sessions": ("Sessions whose landmarks came within the last half minute.", ()),
    "kinelog_health_links_failed": (
        "Links to health clouds of which no sync has succeeded for days.",
        (),
    ),
    "kinelog_pose_sink_lag_events": (
        "Positions between the end of the log and a store of the pose coach.",
        ("sink",),
    ),
    "kinelog_pose_sink_sessions": (
        "Sessions that a store of the pose coach does not have yet, by state.",
        ("sink", "status"),
    ),
    "kinelog_db_pool_in_use": ("Connections in use.", ("pool",)),
    "kinelog_db_pool_size": ("Maximum number of connections.", ("pool",)),
    "kinelog_watch_up": ("1 if the last reading succeeded.", ("what",)),
    "kinelog_watch_seconds": ("Duration of the last reading.", ("what",)),
}
"""Gauges read on scrape: description and labels."""

logger = structlog.get_logger()


@value
class Gauge:
    """A value measured at scrape time; each label has few values."""

    name: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict[str, str])


ReadGauges = Callable[[], Iterable[Gauge]]


class _Reading:
    """A call of the function that reads some gauges, on a thread of its own."""

    def __init__(self, what: str, read: ReadGauges) -> None:
        self._what = what
        self._read = read
        self._began = self._ended = time.monotonic()
        self.result = Future[tuple[Gauge, ...] | None]()
        Thread(target=self._run, name=f"metrics-{what}", daemon=True).start()

    @property
    def is_current(self) -> bool:
        """Whether it is still running, or ended a moment ago."""
        return not self.result.done() or time.monotonic() - self._ended < CACHED_S

    def gauges(self) -> Iterator[Gauge]:
        """Return what was read, and whether it was; a reading that is still running has failed."""
        labels, is_done = {"what": self._what}, self.result.done()
        gauges = self.result.result() if is_done else None
        if not is_done:
            logger.warning("metrics.not_seen", what=self._what, error="TimeoutError")
        yield from gauges or ()
        yield Gauge("kinelog_watch_up", gauges is not None, labels)
        ended = self._ended if is_done else time.monotonic()
        yield Gauge("kinelog_watch_seconds", ended - self._began, labels)

    def _run(self) -> None:
        gauges: tuple[Gauge, ...] | None = None
        try:
            gauges = tuple(self._read())
        except Exception as failed:  # noqa: BLE001  a failed gauge is reported as down
            logger.warning("metrics.not_seen", what=self._what, error=type(failed).__name__)
        self._ended = time.monotonic()
        self.result.set_result(gauges)


class _Watch:
    """A function that reads some gauges, and its latest reading."""

    def __init__(self, what: str, read: ReadGauges) -> None:
        self._what = what
        self._read = read
        self._latest: _Reading | None = None

    def reading(self) -> _Reading:
        """Return the latest reading while it is current, else begin another one."""
        if self._latest is None or not self._latest.is_current:
            self._latest = _Reading(self._what, self._read)
        return self._latest


class _Gauges(Collector):
    """Collects the gauges; if a reading fails or takes too long, the others are still rendered."""

    def __init__(self) -> None:
        self.watches: dict[str, _Watch] = {}
        self._lock = Lock()

    def describe(self) -> Iterator[Metric]:
        """Describe the gauges without reading them."""
        return iter(self._families().values())

    def collect(self) -> Iterator[Metric]:
        families = self._families()
        with self._lock:
            readings = [each.reading() for each in [*self.watches.values()]]
        wait([each.result for each in readings], timeout=WITHIN_S)
        for gauge in (gauge for each in readings for gauge in each.gauges()):
            labels = [gauge.labels[label] for label in GAUGES[gauge.name][1]]
            families[gauge.name].add_metric(labels, gauge.value)
        yield from (family for family in families.values() if family.samples)

    def _families(self) -> dict[str, GaugeMetricFamily]:
        return {
            name: GaugeMetricFamily(name, meaning, labels=labels)
            for name, (meaning, labels) in GAUGES.items()
        }


_gauges: Final = _Gauges()
REGISTRY.register(_gauges)


def watch(what: str, read: ReadGauges) -> None:
    """Call `read` at each scrape, on a thread. Its failure is logged and has no other effect."""
    _gauges.watches[what] = _Watch(what, read)
