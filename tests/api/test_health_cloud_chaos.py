"""Health clouds that fail in every way while workers are killed: no record is lost or doubled."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from threading import Event
from types import SimpleNamespace
from typing import Any, Final, cast

import pytest

from adapters.health import http
from application.health.service import HealthService
from application.platform import Platform
from domain.health.events import MetricsSynced
from domain.ids import DEFAULT_TENANT, UserId
from tests.api.clouds import ada, clouds, due, integration, link, records, settings
from tests.api.people import Person
from tools.health.cloud_simulator import CloudSimulator
from tools.health.clouds import Clouds
from tools.payments.simulator import Fault

__all__ = ["ada", "clouds", "settings"]

ROUNDS: Final = 30
ATTEMPTS: Final = 60
BEGIN: Final = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
BROKEN: Final[tuple[Fault, ...]] = ("lost_request", "lost_answer", "down", "page")
WAYS: Final = ("none", "connection", "quota", "error_inside", "killed_cloud", "killed_worker")


def measure(clouds: Clouds, source: str, number: int) -> tuple[str, float]:
    """Let a cloud have a record more; return a metric of it and its value."""
    start = BEGIN + timedelta(minutes=10 * number)
    match source:
        case "google_health":
            clouds.google.walk(start, start + timedelta(minutes=5), number + 1)
            return ("steps", number + 1)
        case "strava":
            clouds.strava.move(number, start, 300, 1000.0 + number)
            return ("distance", 1000 + number)
        case "withings":
            clouds.withings.weigh(number, start, 61_000 + 100 * number, 203)
            return ("weight", (61_000 + 100 * number) / 1000)
        case _:
            clouds.polar.train(f"t{number}", start, 5, 1000.0 + number)
            return ("distance", 1000 + number)


class Killed(BaseException):
    """The worker ends here, without any further step of its own."""


class Killing:
    """A health service whose worker is killed before or after it stores a batch."""

    def __init__(self, health: HealthService, *, is_done: bool) -> None:
        self._health, self._is_done = health, is_done

    def __getattr__(self, name: str) -> Any:
        return getattr(self._health, name)

    def push(self, *arguments: Any, **named: Any) -> Any:
        if self._is_done:
            self._health.push(*arguments, **named)
        raise Killed


@contextmanager
def failing(cloud: CloudSimulator, way: str, random: Random) -> Iterator[None]:
    """Let the cloud fail in some way at some call of a sync."""
    if way == "connection":
        cloud.faults.extend(["none"] * random.randrange(4))
        cloud.faults.append(random.choice(BROKEN))
    if way == "quota":
        cloud.calls_left = random.randrange(4)
    if way == "error_inside":
        cloud.errors_inside = random.randrange(1, 3)
    if way == "killed_cloud":
        cloud.port = int(cloud.url.rpartition(":")[2])
        cloud.__exit__()
    yield
    if way == "killed_cloud":
        cloud.__enter__()
    cloud.faults.clear()
    cloud.calls_left, cloud.errors_inside = None, 0


def sync(platform: Platform, way: str, random: Random) -> None:
    syncing: Any = platform.health_sync
    if way == "killed_worker":
        killing: Any = Killing(syncing.health, is_done=random.random() < 0.5)
        syncing = replace(syncing, health=killing)
    with suppress(Killed):
        syncing.run_due(Event())


@pytest.mark.both_compositions
@pytest.mark.parametrize("source", ["google_health", "strava", "withings", "polar"])
def test_no_record_is_lost_or_doubled_whatever_fails(
    ada: Person,
    platform: Platform,
    clouds: Clouds,
    source: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R-HLT-07, R-HLT-08, R-EVT-16: connections, quotas, errors inside 200, killed processes."""
    random = Random(23)  # noqa: S311  no secret
    cloud: CloudSimulator = getattr(clouds, source.removesuffix("_health"))
    clock = SimpleNamespace(now_s=0.0)
    monkeypatch.setattr(http, "time", SimpleNamespace(monotonic=lambda: clock.now_s))
    link(ada, source)
    expected = list[tuple[str, float]]()
    for number, way in enumerate(random.sample(WAYS * (ROUNDS // len(WAYS)), ROUNDS)):
        expected.append(measure(clouds, source, number))
        due(platform, ada, source)
        with failing(cloud, way, random):
            sync(platform, way, random)
        clock.now_s += 3600  # shared quotas are renewed
    for _ in range(ATTEMPTS):  # the circuit breaker may be open
        due(platform, ada, source)
        sync(platform, "none", random)
        link_now = platform.health_links.get(DEFAULT_TENANT, UserId(ada.id), cast("Any", source))
        if link_now is not None and link_now.reason is None:
            break
        time.sleep(1)
    assert integration(ada, source)["state"] == "linked"
    stored = records(ada)
    assert [each for each in stored if each[0] == expected[0][0]] == sorted(expected)
    assert len(stored) % ROUNDS == 0, "each has all its metrics"
    history = platform.log.scan(after=0, limit=10_000)
    batches = [each.event for each in history if isinstance(each.event, MetricsSynced)]
    assert sum(each.accepted for each in batches) == len(stored), "each is stored once"
    assert sum(each.deleted for each in batches) == 0
