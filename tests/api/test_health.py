"""Health checks, with servers that really stop."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from adapters.clock import new_id, utc_now
from adapters.encryption.blind_index import BlindIndex
from adapters.encryption.key_file import KeyFileKms
from adapters.event_log.postgres import PostgresEventLog
from adapters.health_checks import dependencies
from adapters.migrations import upgrade
from adapters.pose.model_choice import find_model
from adapters.read_models.database import Database
from adapters.read_models.projection_store import SqlProjectionStore
from api.app import build_app
from application.kernel.projection_runner import build_missing
from application.operations.readiness import Check, Degraded
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.encryption import KEY_FILE, build_encryption
from bootstrap.wiring.telemetry import build_readiness_checks
from domain.ids import DEFAULT_TENANT
from projections.registry import ALL
from tests.waiting import wait_until
from tools.local_services.databases import create_database
from tools.local_services.kafka import LocalKafka
from tools.local_services.postgres import UNSAFE_BUT_FAST, LocalPostgres
from tools.local_services.redis import LocalRedis


def query(client: TestClient, status: int) -> Any:
    """Poll /readyz until it returns this status."""

    def look() -> Any:
        answer = client.get("/readyz")
        return answer.json() if answer.status_code == status else None

    return wait_until(look)


@pytest.fixture
def alone(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", cache=tmp_path / "cache", postgres_url=None, kafka=None)


@pytest.fixture
def client(alone: Settings, tmp_path: Path) -> Iterator[TestClient]:
    with (
        open_platform(alone, checks=build_readiness_checks(alone)) as platform,
        TestClient(build_app(platform, web=tmp_path)) as client,
    ):
        yield client


def named(answer: Any) -> dict[str, str]:
    return {check["name"]: check["state"] for check in answer["checks"]}


def test_readiness_describes_each_dependency(client: TestClient) -> None:
    """R-OPS-09: a laptop without a pose model serves everything but new analyses."""
    answer = query(client, 200)
    assert answer["status"] == "degraded"
    assert named(answer) == {
        "log": "ok",
        "readModels": "ok",
        "media": "ok",
        "proxies": "ok",
        "keys": "ok",
        "poseModel": "degraded",
    }
    for check in answer["checks"]:
        assert check["detail"].endswith(".")
        assert check["durationMs"] >= 0


def test_a_media_folder_that_cannot_be_written_makes_it_unready(
    client: TestClient, alone: Settings
) -> None:
    """The disk is checked each time; the result is not cached."""
    query(client, 200)
    media = alone.home / "media"
    media.rename(alone.home / "elsewhere")
    media.write_text("no folder")
    answer = query(client, 503)
    assert answer["code"] == "not_ready"
    assert [error["pointer"] for error in answer["errors"]] == ["#/media"]
    media.unlink()
    (alone.home / "elsewhere").rename(media)
    query(client, 200)


def test_the_wrong_key_file_makes_it_unready(alone: Settings, tmp_path: Path) -> None:
    """C-23: nobody can sign in there."""
    with build_encryption(alone) as encryption:
        BlindIndex(encryption.keys, encryption.kms).digest(DEFAULT_TENANT, "email", "ada@a.org")
    (alone.home / KEY_FILE).unlink()
    KeyFileKms(alone.home / KEY_FILE)
    with (
        open_platform(alone) as platform,
        TestClient(build_app(platform, web=tmp_path)) as client,
    ):
        (error,) = query(client, 503)["errors"]
    assert error["pointer"] == "#/keys"
    assert "is not the one" in error["detail"]


def test_the_pose_model_is_looked_for_where_it_is_set(alone: Settings, tmp_path: Path) -> None:
    model = tmp_path / "mine.task"
    check = dependencies.pose_model(find_model(alone.cache, model))
    with pytest.raises(Degraded, match="no video"):
        check.probe()
    model.write_bytes(b"a model")
    assert check.probe()


@pytest.mark.slow
def test_a_stopped_database_makes_the_server_unready_but_live(
    alone: Settings, tmp_path: Path
) -> None:
    """R-OPS-09: it recovers without a restart."""
    with LocalPostgres(settings=UNSAFE_BUT_FAST) as server:
        url = create_database(server.url)
        upgrade(url)
        with (
            closing(PostgresEventLog(url, clock=utc_now, new_id=new_id)) as log,
            closing(Database(url)) as database,
        ):
            build_missing(log, SqlProjectionStore(database), ALL)
        settings = alone.model_copy(update={"postgres_url": SecretStr(url)})
        with (
            open_platform(settings) as platform,
            TestClient(build_app(platform, web=tmp_path)) as client,
        ):
            assert query(client, 200)["status"] == "ready"
            server.stop()
            answer = wait_until(lambda: all_down(client))
            assert all(error["detail"] for error in answer["errors"])
            assert client.get("/healthz").json() == {"status": "ok"}
            server.start()
            query(client, 200)


def all_down(client: TestClient) -> Any:
    answer = client.get("/readyz")
    down = {error["pointer"] for error in answer.json().get("errors", [])}
    all_stores = {"#/log", "#/readModels", "#/keys"}
    return answer.json() if answer.status_code == 503 and down == all_stores else None


def state_of(check: Check) -> str:
    try:
        return check.probe() and "ok"
    except Exception as away:  # noqa: BLE001  whatever it says of it
        return str(away)


def test_a_stopped_redis_only_degrades_readiness() -> None:
    with LocalRedis() as server:
        check = dependencies.redis(server.url)
        assert state_of(check) == "ok"
        server.stop()
        assert "does not answer" in state_of(check)
        server.start()
        assert wait_until(lambda: state_of(check) == "ok")
    assert not check.needed


def test_kafka_readiness_reports_missing_topics_and_outages() -> None:
    with LocalKafka() as server:
        check = dependencies.kafka(server.bootstrap)
        assert "Topics are missing" in state_of(check)
        server.stop()
        assert "not available" in state_of(check)
    assert not check.needed
