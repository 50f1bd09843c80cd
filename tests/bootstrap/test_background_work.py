"""Background work goes on after an unexpected error."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any, cast

import pytest

from application.platform import Platform
from bootstrap.settings import Settings
from bootstrap.wiring import background, health_clouds, threads

WITHIN_S = 60.0


class Work:
    """Work that fails at first, as if no file could be opened."""

    def __init__(self) -> None:
        self.began_again = Event()
        self._has_failed = False

    def run(self, stop: Event) -> None:
        if not self._has_failed:
            self._has_failed = True
            raise OSError(24, "Too many open files")
        self.began_again.set()
        stop.wait(WITHIN_S)


@contextmanager
def nothing(*_: Any) -> Generator[None]:
    """Open nothing."""
    yield


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of one process, whose work begins at once."""
    monkeypatch.setattr(background, "POLL_S", 0.01)
    monkeypatch.setattr(threads, "RETRY_S", 0.01)
    return Settings(home=tmp_path, postgres_url=None)


def test_daily_work_begins_again(settings: Settings) -> None:
    """R-TEN-12: otherwise no erasure would be carried out until the next start."""
    work = Work()

    class Services:
        def privacy(self) -> "Services":
            return self

        def daily(self) -> Work:
            return work

    with background.embedded_daily_work(settings, cast("Platform", Services())):
        assert work.began_again.wait(WITHIN_S)


def test_the_award_of_achievements_begins_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Work()

    @contextmanager
    def build(*_: Any) -> Generator[Work]:
        yield work

    monkeypatch.setattr(background, "build_achievement_runner", build)
    with background.embedded_achievements(settings, cast("Platform", None)):
        assert work.began_again.wait(WITHIN_S)


def test_the_training_of_models_begins_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as after topics of Kafka were missing."""
    work = Work()
    monkeypatch.setattr(background, "build_kafka_bus", nothing)
    monkeypatch.setattr(background, "consumer_subscription", lambda *_, **__: work)
    platform: Any = SimpleNamespace(model_training=SimpleNamespace(handle=None), clock=None)
    on_kafka = settings.model_copy(update={"kafka": "127.0.0.1:1"})
    with background.consuming_ai_training(on_kafka, platform):
        assert work.began_again.wait(WITHIN_S)


def test_the_work_on_health_clouds_begins_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both the queue and what writes completed workouts."""
    queue, writes = Work(), Work()

    @contextmanager
    def build(*_: Any) -> Generator[Work]:
        yield writes

    monkeypatch.setattr(health_clouds, "build_kafka_bus", nothing)
    monkeypatch.setattr(health_clouds, "consumer_subscription", lambda *_, **__: queue)
    monkeypatch.setattr(health_clouds, "build_completion_runner", build)
    links = SimpleNamespace(count_failed=lambda: 0)
    platform: Any = SimpleNamespace(health_clouds={"x": None}, health_links=links, clock=None)
    on_kafka = settings.model_copy(update={"kafka": "127.0.0.1:1"})
    with health_clouds.following_health_links(on_kafka, platform):
        assert queue.began_again.wait(WITHIN_S)
        assert writes.began_again.wait(WITHIN_S)
