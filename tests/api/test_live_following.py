"""Live sessions are followed in both compositions."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from api.app import build_app
from application.live.feed import FeedPosition, entries_of
from application.platform import Platform
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, TenantId
from tests.api.cluster import cluster
from tests.api.conftest import COMPOSITIONS, WEB
from tests.api.listening import Events, Listening
from tests.api.streaming import PATIENCE_S, StreamingClient, view
from tests.data_folders import prepared
from tests.live.chunks import take
from tests.live.site import Site, kafka_with_topics
from tests.plugins.services import Service


@pytest.fixture(scope="module")
def bus(database: str, redis: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Kafka broker with workers, which publish changes by Redis."""
    folder = tmp_path_factory.mktemp("workers")
    with pytest.MonkeyPatch.context() as patch, kafka_with_topics() as kafka:
        patch.setenv("KINELOG_REDIS_URL", redis.address)
        with Site(database, kafka.bootstrap, folder).workers():
            yield kafka.bootstrap


@pytest.fixture(params=COMPOSITIONS)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    settings = Settings(home=prepared(tmp_path), cache=tmp_path, postgres_url=None, kafka=None)
    if request.param == "embedded":
        yield settings
        return
    redis: Service = request.getfixturevalue("redis")
    with cluster(request.getfixturevalue("database"), settings) as distributed:
        its_own = {
            "kafka": request.getfixturevalue("bus"),
            "redis_url": SecretStr(redis.address),
            "live_deadline_s": PATIENCE_S,
            "sign_in": "open",
        }
        yield distributed.model_copy(update=its_own)


def facts(platform: Platform, session: str) -> list[str]:
    """Return the feed ids of a session's events in the log."""
    return [
        str(entry.id)
        for one in platform.log.load(TenantId(DEFAULT_TENANT), f"session-{session}")
        for entry in entries_of(one.event, one.position, one.version)
    ]


def test_a_session_is_followed_live(settings: Settings) -> None:
    """R-EVT-10, R-LIV-14, R-LIV-15: by another server than the one that receives the frames."""
    with (
        open_platform(settings) as platform,
        TestClient(build_app(platform, web=WEB)) as client,
        ThreadPoolExecutor(1) as coach,
    ):
        endpoint = StreamingClient(client)
        session = endpoint.begin()
        listening = Listening(client.app, f"/v1/sessions/{session}/events", {})
        following = coach.submit(listening.listen)
        for query in take(session, repetitions=3):
            view(endpoint.compact(query))
        summary = endpoint.complete(session)
        heard = following.result(timeout=120)
        again = Listening(client.app, f"/v1/sessions/{session}/events", {}).listen()
        places = facts(platform, session)
    assert [one["id"] for one in heard if one["id"] in places] == places
    of_the_moment = [one for one in heard if one["id"] not in places]
    assert of_the_moment[0]["data"] == {"mode": "server"}
    assert {one["event"] for one in of_the_moment} <= {"mode", "cue"}
    assert kinds(heard).count("repetition_counted") == summary["repetitions"] == 3
    assert "cue" in kinds(heard)
    assert kinds(heard)[-1] == "session_completed"
    order = [FeedPosition.parse(one["id"]) for one in heard]
    assert order == sorted(set(order))
    assert [one["id"] for one in again] == [one["id"] for one in heard]


def kinds(heard: Events) -> list[str]:
    return [one["event"] for one in heard]
