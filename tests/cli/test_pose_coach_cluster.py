"""The pose coach on a distributed platform: PostgreSQL, MariaDB, Firestore, and a worker."""

import signal
from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from application.pose_coach.restored_log import LogMark
from bootstrap.cli.worker import app as workers
from bootstrap.exit_codes import FAILED, OK
from bootstrap.settings import Settings
from bootstrap.wiring.bus import SettingMissing
from bootstrap.wiring.pose_coach import run_sinks
from domain.ids import DEFAULT_TENANT, UserId
from tests.api.pose_coach_items import SESSIONS
from tests.cli.pose_coach_cluster import AGREE, FIRST, Coach, cluster_settings, serving, worker
from tests.waiting import wait_until
from tools.firestore.server import LocalFirestore
from tools.local_services.mariadb import LocalMariaDb

settings = cluster_settings

WITHIN_S = 120.0
BOTH = {"document": "saved", "analytics": "saved"}


@pytest.mark.slow
def test_both_stores_follow_a_log_in_postgresql(settings: Settings) -> None:
    """R-PCH-01, R-PCH-15, R-PCH-18: of two that follow it, one writes; commands know the states."""
    with serving(settings) as coach:
        coach.stop_workouts(1)
        assert coach.sinks() == [{"document": "pending", "analytics": "pending"}]
        platform = coach.platform
        with run_sinks(settings, platform), run_sinks(settings, platform):
            coach.eventually(BOTH)
            coach.stop_workouts(2)
            coach.eventually(BOTH, BOTH)
        assert coach.verify() == (OK, AGREE)
        (first, *_) = coach.client.get(SESSIONS).json()["items"]
        coach.client.delete(f"{SESSIONS}/{first['sessionId']}")
        code, found = coach.verify()
        assert (code != OK, found["log_and_document"]) == (True, [first["sessionId"]])
        with run_sinks(settings, platform):
            wait_until(lambda: coach.verify() == (OK, AGREE))


@pytest.mark.slow
def test_stores_are_repaired_replayed_and_follow_a_restored_log(settings: Settings) -> None:
    """R-PCH-18, R-PCH-21, R-PCH-23: with the log and the states of the sinks in PostgreSQL."""
    with serving(settings) as coach:
        coach.stop_workouts(1, 2)
        with run_sinks(settings, coach.platform):
            coach.eventually(BOTH, BOTH)
        (_, analytics), states = coach.platform.pose_stores, coach.platform.pose_sinks
        assert states is not None
        damaged, lost = analytics.list(DEFAULT_TENANT, "athlete")
        analytics.save(DEFAULT_TENANT, replace(damaged, reps=99), FIRST)
        analytics.delete(DEFAULT_TENANT, "athlete", lost.session_id)
        both = sorted([damaged.session_id, lost.session_id])
        words = ("repair", "--from", "document")
        assert coach.run(*words, "--dry-run") == (OK, {"analytics": both})
        assert coach.run(*words) == (OK, {"analytics": both})
        assert coach.verify() == (OK, AGREE)
        assert coach.sinks() == [{"document": "pending", "analytics": "pending"}] * 2

        own = states.of_user(DEFAULT_TENANT, UserId("athlete"))
        entries = [each for name, each in own if name == "document"]
        assert states.store(
            "document", [(each, replace(each, status="failed")) for each in entries]
        )
        assert coach.run("replay") == (OK, {"document": 3, "analytics": 0})

        states.mark("analytics", [], LogMark(1000, "lost"), FIRST)
        assert coach.verify() == (FAILED, AGREE | {"log_restored": 1000})
        assert coach.run("accept-log") == (OK, {"log_restored": 1000})
        with run_sinks(settings, coach.platform):
            coach.eventually(BOTH, BOTH)
        assert coach.verify() == (OK, AGREE)


def test_the_embedded_composition_has_no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KINELOG_POSTGRES_URL", raising=False)
    ran = CliRunner().invoke(workers, ["pose-coach"])
    assert isinstance(ran.exception, SettingMissing)


@pytest.mark.slow
def test_stores_that_stop_and_a_worker_that_is_killed_lose_nothing(settings: Settings) -> None:
    """R-PCH-01, R-PCH-15, R-PCH-16, R-PCH-17, R-PCH-18, R-PCH-21, R-OPS-09: on real servers."""
    with LocalFirestore() as firestore, LocalMariaDb() as mariadb:
        servers = {
            "pose_coach_mysql_url": SecretStr(mariadb.url),
            "pose_coach_firestore_project": "project",
            "pose_coach_firestore_url": firestore.url,
        }
        with serving(settings.model_copy(update=servers)) as coach:
            with worker(coach) as first:
                coach.stop_workouts(1)
                coach.eventually(BOTH)
                assert coach.verify() == (OK, AGREE)

                firestore.faults.extend(["down"] * 100_000)
                coach.stop_workouts(2)
                coach.eventually({"document": "retrying", "analytics": "saved"}, BOTH)
                firestore.faults.clear()
                coach.eventually(BOTH, BOTH)

                mariadb.stop()
                coach.stop_workouts(3)
                coach.eventually({"document": "saved", "analytics": "retrying"}, BOTH, BOTH)
                stats = coach.client.get(f"{SESSIONS}/stats").json()
                assert stats["totalSessions"] == 3, "the history is there meanwhile"
                mariadb.start()
                coach.eventually(BOTH, BOTH, BOTH)

                coach.stop_workouts(*range(4, 24))
                first.kill()
                first.wait()
            coach.stop_workouts(24)
            with worker(coach) as second:
                coach.eventually(*[BOTH] * 24)
                second.send_signal(signal.SIGTERM)
                assert second.wait(WITHIN_S) == 0
            assert coach.verify() == (OK, AGREE)
            copies = [list_store(coach, name) for name in ("document", "analytics")]
            assert copies[0] == copies[1]
            assert len(copies[0]) == 24


def list_store(coach: Coach, name: str) -> list[Any]:
    """Return what a store has, as the athlete sees it."""
    (store,) = (each for each in coach.platform.pose_stores if each.name == name)
    return [vars(each) for each in store.list(DEFAULT_TENANT, "athlete")]
