"""Prometheus metrics: counted in this process, rendered in the text format on scrape.

No label holds a tenant, a user, a session or a raw request path: their number is unbounded, and
each value is a series of its own. Traces and log lines have them.
"""

import platform
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Lock
from typing import Final

import structlog
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    Info,
    generate_latest,
    start_http_server,
)
from prometheus_client.gc_collector import GCCollector
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from application.kernel.telemetry import Gauge, Look

FAST: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Buckets in seconds: from an append to a local file to a request that a client gives up on."""

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER: Final = "other"

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
        "Streams that a read model goes on without.",
        ("projection",),
    ),
    "kinelog_relay_lag_events": ("Positions between the end of the log and the bus.", ()),
    "kinelog_relay_lag_seconds": ("Age of the oldest event that is not on the bus.", ()),
    "kinelog_consumer_lag": (
        "Messages of a partition that a group has not worked off.",
        ("group", "topic", "partition"),
    ),
    "kinelog_dead_letters": ("Messages that a group could not work off.", ("group",)),
    "kinelog_live_sessions": ("Sessions whose landmarks came within the last half minute.", ()),
    "kinelog_db_pool_in_use": ("Connections that are lent at the moment.", ("pool",)),
    "kinelog_db_pool_size": ("Connections that may be open.", ("pool",)),
}
"""Gauges read on scrape: description and labels."""

logger = structlog.get_logger()


class PrometheusMetrics:
    """A `Metrics` in a registry of its own. Any thread may use it."""

    def __init__(self, *, process: str, version: str) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        GCCollector(registry=registry)
        Info("kinelog_build", "What runs here.", registry=registry).info(
            {"version": version, "process": process, "python": platform.python_version()}
        )
        self._requests = self._timer(
            "kinelog_http_request_seconds",
            "Time until an answer began.",
            ("method", "route", "status"),
        )
        self._commands = Counter(
            "kinelog_commands",
            "Commands by what became of them: done, repeated, or the code of the refusal.",
            ("category", "outcome"),
            registry=registry,
        )
        self._appends = self._timer("kinelog_append_seconds", "Time of an append to the log.")
        self._appended = Counter("kinelog_events_appended", "Events appended.", registry=registry)
        self._publishing = self._timer(
            "kinelog_relay_batch_seconds", "Time until the bus has acknowledged a batch."
        )
        self._relayed = Counter(
            "kinelog_events_relayed", "Events put on the bus.", registry=registry
        )
        self._messages = self._timer(
            "kinelog_message_seconds",
            "Time of the work on a message.",
            ("group", "topic", "outcome"),
        )
        self._watched = _Watched()
        registry.register(self._watched)

    def _timer(self, name: str, meaning: str, labels: tuple[str, ...] = ()) -> Histogram:
        return Histogram(name, meaning, labels, buckets=FAST, registry=self.registry)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        method_label = method if method in METHODS else OTHER
        self._requests.labels(method_label, route, str(status)).observe(seconds)

    def carried_out(self, category: str, outcome: str) -> None:
        self._commands.labels(category, outcome).inc()

    def appended(self, events: int, seconds: float) -> None:
        self._appends.observe(seconds)
        self._appended.inc(events)

    def relayed(self, events: int, seconds: float) -> None:
        self._publishing.observe(seconds)
        self._relayed.inc(events)

    def worked_off(self, group: str, topic: str, outcome: str, seconds: float) -> None:
        self._messages.labels(group, topic, outcome).observe(seconds)

    def watch(self, what: str, look: Look) -> None:
        self._watched.add(what, look)

    def exposed(self) -> bytes:
        """Render all metrics in Prometheus's text format."""
        return generate_latest(self.registry)

    def show(self, host: str, port: int) -> Callable[[], None]:
        """Serve the metrics on a port of their own; the result stops the server. Raises OSError."""
        server, thread = start_http_server(port, host, self.registry)

        def close() -> None:
            server.shutdown()
            thread.join()
            server.server_close()

        return close


@dataclass
class _Watch:
    """Gauge values, cached for a moment so that concurrent scrapes share one reading."""

    look: Look
    seen: tuple[Gauge, ...] = ()
    up: bool = False
    seconds: float = 0.0
    at: float = float("-inf")


class _Watched(Collector):
    """Collect the gauges; where one fails, the others are still rendered."""

    KEPT_S: Final = 1.0

    def __init__(self) -> None:
        self._watches: dict[str, _Watch] = {}
        self._lock = Lock()

    def add(self, what: str, look: Look) -> None:
        self._watches[what] = _Watch(look)

    def describe(self) -> Iterator[Metric]:
        """Describe the gauges without reading them."""
        return iter(_families())

    def collect(self) -> Iterator[Metric]:
        *families, up, took = _families()
        by_name = {family.name: family for family in families}
        with self._lock:
            for what, watch in self._watches.items():
                self._look(what, watch)
                up.add_metric((what,), float(watch.up))
                took.add_metric((what,), watch.seconds)
                for gauge in watch.seen:
                    _, labels = GAUGES[gauge.name]
                    values = [gauge.labels[label] for label in labels]
                    by_name[gauge.name].add_metric(values, gauge.value)
        yield from (family for family in (*families, up, took) if family.samples)

    def _look(self, what: str, watch: _Watch) -> None:
        began = time.monotonic()
        if began - watch.at < self.KEPT_S:
            return
        try:
            watch.seen, watch.up = tuple(watch.look()), True
        except Exception as failed:  # noqa: BLE001  a failed gauge is reported as down
            watch.seen, watch.up = (), False
            logger.warning("metrics.not_seen", what=what, error=type(failed).__name__)
        watch.at = time.monotonic()
        watch.seconds = watch.at - began


def _families() -> list[GaugeMetricFamily]:
    samples = [
        GaugeMetricFamily(name, meaning, labels=labels)
        for name, (meaning, labels) in GAUGES.items()
    ]
    up = GaugeMetricFamily("kinelog_watch_up", "1 where a look succeeded.", labels=["what"])
    took = GaugeMetricFamily("kinelog_watch_seconds", "Time of the last look.", labels=["what"])
    return [*samples, up, took]
