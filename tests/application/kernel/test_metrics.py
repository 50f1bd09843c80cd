"""Metrics have descriptions, and a gauge that cannot be read is reported as down."""

import socket
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from threading import Barrier, Event
from typing import Any
from urllib.request import urlopen

import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from application.kernel import metrics
from application.kernel.metrics import GAUGES, Gauge, watch
from bootstrap.settings import Settings
from bootstrap.wiring.telemetry import build_telemetry
from tools.local_services.ports import Port


@pytest.fixture(autouse=True)
def no_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics._gauges, "watches", {})


def samples() -> dict[str, list[tuple[dict[str, str], float]]]:
    """Return the samples that a Prometheus server would read."""
    found: dict[str, list[tuple[dict[str, str], float]]] = {}
    for family in text_string_to_metric_families(generate_latest().decode()):
        for sample in family.samples:
            found.setdefault(sample.name, []).append((sample.labels, sample.value))
    return found


def test_observed_values_are_read_when_requested() -> None:
    watch("log", lambda: [Gauge("kinelog_log_position", 41)])
    found = samples()
    assert found["kinelog_log_position"] == [({}, 41.0)]
    assert found["kinelog_watch_up"] == [({"what": "log"}, 1.0)]


def test_concurrent_scrapes_share_one_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "CACHED_S", 60.0)
    positions = iter(range(9))
    watch("log", lambda: [Gauge("kinelog_log_position", next(positions))])
    assert [samples()["kinelog_log_position"] for _ in range(2)] == [[({}, 0.0)]] * 2


def test_a_failing_gauge_does_not_hide_others() -> None:
    """R-OPS-09."""

    def broken() -> Iterator[Gauge]:
        yield Gauge("kinelog_relay_lag_events", 1)
        raise ConnectionError("away")

    watch("relay", broken)
    watch("log", lambda: [Gauge("kinelog_log_position", 41)])
    with capture_logs() as logs:
        found = samples()
    assert "kinelog_relay_lag_events" not in found, "half a look is none"
    assert found["kinelog_log_position"] == [({}, 41.0)]
    assert {labels["what"]: up for labels, up in found["kinelog_watch_up"]} == {
        "relay": 0.0,
        "log": 1.0,
    }
    assert [entry["event"] for entry in logs] == ["metrics.not_seen"]


def test_a_gauge_that_does_not_answer_does_not_delay_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R-OPS-09: such as one of a server that accepts connections and never replies."""
    monkeypatch.setattr(metrics, "WITHIN_S", 0.1, raising=False)
    monkeypatch.setattr(metrics, "CACHED_S", 0.0)
    answered = Event()
    begun: list[None] = []

    def stuck() -> Iterator[Gauge]:
        begun.append(None)
        answered.wait(10)
        yield Gauge("kinelog_relay_lag_events", 7)

    watch("relay", stuck)
    watch("log", lambda: [Gauge("kinelog_log_position", 41)])
    with capture_logs() as logs:
        found = [samples(), samples()]
    for each in found:
        assert each["kinelog_log_position"] == [({}, 41.0)]
        assert each["kinelog_watch_up"] == [({"what": "relay"}, 0.0), ({"what": "log"}, 1.0)]
        assert "kinelog_relay_lag_events" not in each
    assert len(begun) == 1, "no second reading begins beside one that is stuck"
    assert {entry["error"] for entry in logs} == {"TimeoutError"}
    answered.set()
    while samples()["kinelog_watch_up"] != [({"what": "relay"}, 1.0), ({"what": "log"}, 1.0)]:
        answered.wait(0.01)


def test_concurrent_scrapes_wait_for_a_gauge_at_the_same_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R-OPS-09: one after the other, the second would take longer than Prometheus waits."""
    both = Barrier(2)

    def wait_with_the_other(readings: list[Future[Any]], timeout: float) -> None:
        both.wait(10)
        wait(readings, timeout)

    monkeypatch.setattr(metrics, "wait", wait_with_the_other)
    watch("log", lambda: [Gauge("kinelog_log_position", 41)])
    with ThreadPoolExecutor(2) as scrapers:
        scrapes = [scrapers.submit(samples) for _ in range(2)]
    for each in scrapes:
        assert each.result()["kinelog_log_position"] == [({}, 41.0)]


def test_an_undeclared_gauge_is_an_error() -> None:
    watch("other", lambda: [Gauge("kinelog_other", 1)])
    with pytest.raises(KeyError):
        generate_latest()


def test_no_label_contains_a_user() -> None:
    """A series per tenant, user or session would be unbounded."""
    labels = {label for _, names in GAUGES.values() for label in names}
    assert labels <= {
        *("projection", "group", "topic", "partition", "pool", "what", "sink", "status"),
    }


def test_metrics_are_served_on_their_own_port() -> None:
    """R-OPS-02."""
    port = Port()
    settings = Settings(metrics_port=port.number, host="127.0.0.1")
    with ExitStack() as opened:
        opened.enter_context(build_telemetry(settings, "test"))
        with urlopen(f"http://127.0.0.1:{port.number}/metrics", timeout=60) as answer:
            assert b'process="test"' in answer.read()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port.number), 5)
    port.release()
