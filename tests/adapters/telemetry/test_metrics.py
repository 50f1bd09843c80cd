"""Metrics say what they mean, and what cannot be seen is told as not seen."""

import socket
from collections.abc import Iterator
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from adapters.telemetry.metrics import GAUGES, PrometheusMetrics
from application.kernel.telemetry import Gauge
from tools.local_services.ports import Port


@pytest.fixture
def metrics() -> PrometheusMetrics:
    return PrometheusMetrics(process="test", version="1.2.3")


def samples(metrics: PrometheusMetrics) -> dict[str, list[tuple[dict[str, str], float]]]:
    """What a Prometheus server would read."""
    found: dict[str, list[tuple[dict[str, str], float]]] = {}
    for family in text_string_to_metric_families(metrics.exposed().decode()):
        for sample in family.samples:
            found.setdefault(sample.name, []).append((sample.labels, sample.value))
    return found


def test_the_build_is_named(metrics: PrometheusMetrics) -> None:
    """R-OPS-02."""
    ((labels, _),) = samples(metrics)["kinelog_build_info"]
    assert (labels["version"], labels["process"]) == ("1.2.3", "test")


def test_a_method_that_nobody_knows_makes_no_series(metrics: PrometheusMetrics) -> None:
    for method in ("GET", "BREW", "X1", "X2"):
        metrics.answered(method, "/v1/sessions/{session_id}", 200, 0.01)
    counts = samples(metrics)["kinelog_http_request_seconds_count"]
    assert {labels["method"]: count for labels, count in counts} == {"GET": 1.0, "other": 3.0}


def test_observed_values_are_read_when_requested(metrics: PrometheusMetrics) -> None:
    metrics.watch("log", lambda: [Gauge("kinelog_log_position", 41)])
    found = samples(metrics)
    assert found["kinelog_log_position"] == [({}, 41.0)]
    assert found["kinelog_watch_up"] == [({"what": "log"}, 1.0)]


def test_a_failing_gauge_does_not_hide_others(metrics: PrometheusMetrics) -> None:
    """R-OPS-09."""

    def broken() -> Iterator[Gauge]:
        yield Gauge("kinelog_relay_lag_events", 1)
        raise ConnectionError("away")

    metrics.watch("relay", broken)
    metrics.watch("log", lambda: [Gauge("kinelog_log_position", 41)])
    with capture_logs() as logs:
        found = samples(metrics)
    assert "kinelog_relay_lag_events" not in found, "half a look is none"
    assert found["kinelog_log_position"] == [({}, 41.0)]
    assert {labels["what"]: up for labels, up in found["kinelog_watch_up"]} == {
        "relay": 0.0,
        "log": 1.0,
    }
    assert [entry["event"] for entry in logs] == ["metrics.not_seen"]


def test_a_gauge_that_is_not_declared_is_not_seen(metrics: PrometheusMetrics) -> None:
    metrics.watch("other", lambda: [Gauge("kinelog_other", 1)])
    with pytest.raises(KeyError):
        metrics.exposed()


def test_no_label_contains_a_user() -> None:
    """A series for each tenant, user or session would have no end."""
    labels = {label for _, names in GAUGES.values() for label in names}
    assert labels <= {"projection", "group", "topic", "partition", "pool"}


def test_metrics_are_served_on_their_own_port(metrics: PrometheusMetrics) -> None:
    port = Port()
    close = metrics.show("127.0.0.1", port.number)
    with urlopen(f"http://127.0.0.1:{port.number}/metrics", timeout=30) as answer:
        assert b"kinelog_build_info" in answer.read()
    close()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port.number), 5)
    port.release()
