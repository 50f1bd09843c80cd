"""Two hundred stops of a workout on real servers, which are killed with their worker."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from random import Random
from typing import Final

import pytest
from pydantic import SecretStr

from application.kernel.read_models import PAGE_LIMIT, Window
from application.pose_coach.stores import SessionRecord
from bootstrap.exit_codes import OK
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT
from domain.pose_coach.key import PoseCoachKey
from projections.pose_session import POSE_SESSION
from tests.api.pose_coach_items import SESSIONS
from tests.application.pose_coach.coach_fixture import content
from tests.cli.pose_coach_cluster import AGREE, Coach, cluster_settings, serving, worker
from tests.waiting import wait_until
from tools.firestore.documents import Documents
from tools.firestore.server import LocalFirestore
from tools.local_services.mariadb import LocalMariaDb

settings = cluster_settings

STOPS: Final = 200
ROUND: Final = 10
"""Stops between two faults."""

FAULTS: Final = ("worker", "mariadb", "firestore", "answers", "all")


class Firestore:
    """A Firestore at one address, with documents that outlive its server."""

    def __init__(self) -> None:
        self._documents = Documents()
        self._running = ExitStack()
        self._port = 0
        self.server = self.start()

    def start(self) -> LocalFirestore:
        new = LocalFirestore(self._documents, port=self._port)
        self.server = self._running.enter_context(new)
        self._port = int(new.host.rpartition(":")[2])
        return self.server

    def kill(self) -> None:
        """Break all connections; what was not answered may have been carried out."""
        self._running.close()


class Workers:
    """The worker of the pose coach, which is killed and started again."""

    def __init__(self, coach: Coach) -> None:
        self._coach = coach
        self._running = ExitStack()
        self.start()

    def start(self) -> None:
        self._running.enter_context(worker(self._coach))

    def kill(self) -> None:
        self._running.close()


@contextmanager
def fault(
    name: str, firestore: Firestore, mariadb: LocalMariaDb, workers: Workers
) -> Iterator[None]:
    """Kill something; start it again at the end."""
    if name == "answers":
        firestore.server.faults.extend(["lost_answer", "down", "lost_answer"])
    if name in {"firestore", "all"}:
        firestore.kill()
    if name in {"mariadb", "all"}:
        mariadb.kill()
    if name in {"worker", "all"}:
        workers.kill()
    yield
    if name in {"firestore", "all"}:
        firestore.start()
    if name in {"mariadb", "all"}:
        mariadb.start()
    if name in {"worker", "all"}:
        workers.start()


@pytest.mark.slow
def test_stores_equal_the_log_whatever_is_killed_during_two_hundred_stops(
    settings: Settings,
) -> None:
    """R-PCH-15, R-PCH-18, R-PCH-21, R-OPS-09: byte for byte, with deletions between."""
    random = Random(17)  # noqa: S311  no secret
    firestore = Firestore()
    with ExitStack() as ending, LocalMariaDb() as mariadb:
        ending.callback(firestore.kill)
        servers = {
            "pose_coach_mysql_url": SecretStr(mariadb.url),
            "pose_coach_firestore_project": "project",
            "pose_coach_firestore_url": firestore.server.url,
        }
        coach = ending.enter_context(serving(settings.model_copy(update=servers)))
        workers = Workers(coach)
        ending.callback(workers.kill)
        rounds = STOPS // ROUND
        faults = random.sample(FAULTS * (rounds // len(FAULTS)), rounds)
        for number, name in enumerate(faults):
            first = number * ROUND
            middle = first + random.randrange(ROUND)
            coach.stop_workouts(*range(first, middle))
            with fault(name, firestore, mariadb, workers):
                coach.stop_workouts(*range(middle, first + ROUND))
                delete_newest(coach)
        wait_until(lambda: coach.verify() == (OK, AGREE))
        page = coach.platform.read.page(POSE_SESSION, DEFAULT_TENANT, window=Window(PAGE_LIMIT))
        rows = [edge.row for edge in page.edges]
        assert len(rows) == STOPS - rounds
        log = content([SessionRecord.of(row, PoseCoachKey("athlete")) for row in rows])
        for store in coach.platform.pose_stores:
            assert content(store.list(DEFAULT_TENANT, "athlete")) == log


def delete_newest(coach: Coach) -> None:
    headers = {"After-Position": str(coach.platform.log.head())}
    (newest,) = coach.client.get(f"{SESSIONS}?first=1", headers=headers).json()["items"]
    deleted = coach.client.delete(f"{SESSIONS}/{newest['sessionId']}")
    assert deleted.json()["deleted"] is True, deleted.text
