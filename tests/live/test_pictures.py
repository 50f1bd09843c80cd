"""Images reach the pose worker over the bus, even if a worker dies on one."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from adapters.clock import new_id, utc_now
from adapters.event_log.postgres import PostgresEventLog
from adapters.pose.isolated import IsolatedPoseEstimator
from adapters.pose.model_file import PoseModelSource
from domain.ids import DEFAULT_TENANT
from domain.sessions import events
from tests.adapters.event_log.postgres_databases import upgraded_database
from tests.live.phones import begun, end, phone
from tests.live.pictures import CACHE, MODEL, REPETITIONS, pictured
from tests.live.site import InTurn, Site, kafka_with_topics
from tests.plugins.services import Service

pytestmark = pytest.mark.slow


@pytest.fixture
def database(postgres: Service) -> Iterator[str]:
    with upgraded_database(postgres.address) as url:
        yield url


def test_a_worker_killed_by_a_picture_loses_and_repeats_nothing(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-LIV-05, R-LIV-10, C-02: frames with only pictures, in order, each counted once."""
    model = IsolatedPoseEstimator(PoseModelSource(CACHE)).model
    monkeypatch.setenv("KINELOG_POSE_MODEL", str(MODEL))
    with kafka_with_topics() as kafka:
        site = Site(database, kafka.bootstrap, tmp_path)
        pose = site.begin("worker", "pose")
        with site.together("worker exercise", "serve") as (_, server):
            site.at_work(pose)
            with phone(InTurn(server["url"])) as client:
                session = begun(client)[0].session.session_id
                chunks = list(pictured(session))
                half = len(chunks) // 2
                for request in chunks[:half]:
                    client.send(request)
                end(pose)
                for request in chunks[half : half + 2]:
                    assert client.send(request)["mode"] == "degraded"
                with site.run("worker", "pose"):
                    for request in chunks[half + 2 :]:
                        client.send(request)
                    summary = client.complete(session)
    assert (summary["sets"], summary["repetitions"]) == (1, REPETITIONS)
    with closing(PostgresEventLog(database, clock=utc_now, new_id=new_id)) as log:
        history = [each.event for each in log.load(DEFAULT_TENANT, f"session-{session}")]
    counted = [each.number for each in history if isinstance(each, events.RepetitionCounted)]
    assert counted == list(range(1, REPETITIONS + 1))
    (started,) = (each for each in history if isinstance(each, events.SetStarted))
    assert started.counted_by.model == model
