"""In a real browser, outages within a set lose and double nothing.

A simulated athlete does squats, whose number the page must show and the log must contain, and
waits for the outages. PostgreSQL, Kafka and workers are processes; `tests/web/test_coach_camera.py`
has a video of squats before the camera, and a single process.
"""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from typing import Any, Final

import pytest
from playwright.sync_api import Browser

from adapters.clock import new_id, utc_now
from adapters.event_log.postgres import PostgresEventLog
from domain.ids import DEFAULT_TENANT
from domain.sessions import events
from tests.adapters.event_log.postgres_databases import upgraded_database
from tests.live.coached import Coached, coached
from tests.live.phones import end
from tests.live.site import Site, kafka_with_topics
from tests.plugins.services import Service
from tests.web.browser import CAMERA, launched
from tests.web.coaching import SQUATS, does
from tools.local_services.kafka import LocalKafka

pytestmark = pytest.mark.slow

THREE_SQUATS: Final = replace(SQUATS, repetitions=3)


@dataclass
class Stage:
    """A distributed platform with parts that can be killed and started again."""

    site: Site
    kafka: LocalKafka
    url: str
    database: str
    workers: dict[str, Any]

    def begin(self, kind: str) -> None:
        """Start a worker; it is ready some seconds later."""
        self.workers[kind] = self.site.begin("worker", kind)

    def kill(self, kind: str) -> None:
        end(self.workers.pop(kind))

    def facts(self, session: str) -> list[Any]:
        with closing(PostgresEventLog(self.database, clock=utc_now, new_id=new_id)) as log:
            return [each.event for each in log.load(DEFAULT_TENANT, f"session-{session}")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched(CAMERA) as running:
        yield running


@pytest.fixture(scope="module")
def stage(postgres: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with ExitStack() as opened:
        database = opened.enter_context(upgraded_database(postgres.address))
        kafka = opened.enter_context(kafka_with_topics())
        folder = tmp_path_factory.mktemp("site")
        site = Site(database, kafka.bootstrap, folder, read_your_writes_timeout_s=10)
        server = opened.enter_context(site.begin("serve"))
        opened.callback(server.kill)
        found = Stage(site, kafka, "", database, {})
        for kind in ("pose", "exercise", "projections"):
            found.begin(kind)
            opened.callback(found.kill, kind)
        found.url = site.at_work(server)["url"]
        for worker in found.workers.values():
            site.at_work(worker)
        yield found


@pytest.fixture
def athlete(browser: Browser, stage: Stage) -> Iterator[Coached]:
    with coached(browser, stage.url, THREE_SQUATS) as before_the_camera:
        yield before_the_camera


def finished(stage: Stage, athlete: Coached) -> None:
    """Finish the session, and check that the log has the repetitions of the athlete."""
    facts = stage.facts(athlete.finish())
    counted = [fact.number for fact in facts if isinstance(fact, events.RepetitionCounted)]
    assert counted == list(range(1, THREE_SQUATS.repetitions + 1))
    sets = [
        type(fact) for fact in facts if isinstance(fact, events.SetStarted | events.SetCompleted)
    ]
    assert sets == [events.SetStarted, events.SetCompleted]
    assert isinstance(facts[-1], events.SessionCompleted)


def test_workers_killed_within_a_set_lose_nothing(stage: Stage, athlete: Coached) -> None:
    """R-LIV-10, R-LIV-11: without pose workers the device counts; detections can wait."""
    does(athlete.page, 1)
    athlete.begin()
    athlete.counts(1)
    stage.kill("exercise")
    stage.kill("pose")
    athlete.expect_banner("Analysis is slow")
    does(athlete.page, 2)
    athlete.counts(2)
    stage.begin("exercise")
    stage.begin("pose")
    does(athlete.page)
    athlete.end()
    finished(stage, athlete)


def test_a_broker_killed_within_a_set_loses_nothing(stage: Stage, athlete: Coached) -> None:
    """R-LIV-10, R-LIV-11"""
    does(athlete.page, 1)
    athlete.begin()
    athlete.counts(1)
    stage.kafka.kill()
    athlete.expect_banner("this device counts")
    does(athlete.page, 2)
    athlete.counts(2)
    stage.kafka.launch()
    does(athlete.page)
    athlete.end()
    finished(stage, athlete)


def test_a_network_cut_within_a_set_loses_nothing(stage: Stage, athlete: Coached) -> None:
    """R-LIV-10, R-LIV-11"""
    does(athlete.page, 1)
    athlete.begin()
    athlete.counts(1)
    athlete.page.context.set_offline(True)
    athlete.expect_banner("Connection lost")
    does(athlete.page, 2)
    athlete.counts(2)
    athlete.page.context.set_offline(False)
    does(athlete.page)
    athlete.end()
    finished(stage, athlete)


def test_changing_the_transport_within_a_set_loses_nothing(stage: Stage, athlete: Coached) -> None:
    """C-01, R-LIV-01, R-LIV-10: HTTP, WebSocket, then HTTP again, without a warning."""
    does(athlete.page, 1)
    with athlete.page.expect_websocket(lambda socket: socket.url.endswith("/ws/live")) as opened:
        athlete.begin()
    opened.value.wait_for_event("framereceived")
    athlete.counts(1)
    with athlete.page.expect_request("**/workouts/streaming"):
        athlete.sends_requests()
    does(athlete.page, 2)
    athlete.counts(2)
    does(athlete.page)
    athlete.end()
    finished(stage, athlete)
