"""The checklist of the pose coach, run against a platform whose stores follow the log."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from adapters.api_client.pose_coach_check import PoseCoachCheck
from adapters.pose_coach.analytics import SqliteAnalytics
from api.app import build_app
from api.config import ApiConfig
from application.pose_coach.checklist import POINTS
from application.pose_coach.stores import ProfileMissing, SessionRecord
from application.users.errors import SignInRequired
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.pose_coach import following_pose_coach
from domain.ids import DEFAULT_TENANT
from tests.api.conftest import WEB
from tests.api.people import Person, Town
from tests.api.pose_coach_items import SESSIONS, SUMMARY, items, summary, uid
from tests.waiting import wait_until

DEADLINE_S = 120.0


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def town(home: Path, tmp_path: Path) -> Iterator[Town]:
    """Serve an embedded platform with sign-in; both stores follow its log."""
    settings = Settings(home=home, cache=tmp_path / "cache", postgres_url=None)
    with open_platform(settings) as platform, following_pose_coach(settings, platform):
        app = build_app(platform, web=WEB, config=ApiConfig(sign_in_required=True))
        with TestClient(app, raise_server_exceptions=False) as client:
            yield Town(client, platform, home / "mail")


def checker(town: Town, person: Person | None) -> PoseCoachCheck:
    token = None if person is None else person.tokens["accessToken"]
    client: Any = town.client
    return PoseCoachCheck(client, tenant=DEFAULT_TENANT, token=token, patience_s=DEADLINE_S)


def sinks(town: Town, person: Person) -> list[dict[str, str]]:
    return [each["sinks"] for each in items(town, person)]


def graph_sinks(person: Person) -> list[dict[str, str]]:
    found = person.graph("{ workoutSessions { edges { node { sinks { document analytics } } } } }")
    return [edge["node"]["sinks"] for edge in found["data"]["workoutSessions"]["edges"]]


def test_all_points_of_the_checklist_hold_and_nothing_is_left(town: Town) -> None:
    """R-PCH-27: the points in their order and words; the session of the check is deleted."""
    ada = town.citizen()
    points = checker(town, ada).run(town.platform.clock())
    assert [(each.side, each.wording) for each in points] == list(POINTS.values())
    assert len(points) == 14
    assert [each.name for each in points if not each.passed] == []
    assert items(town, ada) == []


DOWN = {
    "document": ("pose_documents", {"document", "path"}),
    "analytics": ("pose_analytics", {"row", "foreign_key", "profile"}),
}
BOTH = {"both_saves", "same_user_id", "same_timestamp", "equal_data"}


@pytest.mark.parametrize("down", DOWN)
def test_while_one_store_is_down_only_its_points_fail(home: Path, town: Town, down: str) -> None:
    """R-PCH-15, R-PCH-16, R-PCH-17, R-OPS-09: the rest goes on, and the store catches up later."""
    file, failing = DOWN[down]
    other = next(name for name in DOWN if name != down)
    obstacle = home / f"{file}.{DEFAULT_TENANT}.sqlite3"
    obstacle.mkdir(parents=True)  # a folder cannot be opened as a database
    ada = town.citizen()
    points = checker(town, ada).run(town.platform.clock())
    assert {each.name for each in points if not each.passed} == failing | BOTH
    answer = ada.post(SUMMARY, json=summary(uid(ada)))
    assert answer.json()["success"] is True
    assert answer.json()["motivational_feedback"].startswith("You did 12 repetitions")
    wait_until(lambda: sinks(town, ada) == [{down: "retrying", other: "saved"}])
    assert graph_sinks(ada) == [{down: "RETRYING", other: "SAVED"}]
    (session,) = items(town, ada)
    stats = ada.client.get(f"{SESSIONS}/stats", headers=ada.headers).json()
    assert stats["totalReps"] == 12
    path = f"{SESSIONS}/{session['sessionId']}/copies"
    copies = {each["store"]: each for each in ada.get(path).json()["copies"]}
    assert copies[down]["isAvailable"] is False
    assert copies[other]["content"]["reps"] == 12
    obstacle.rmdir()
    wait_until(lambda: sinks(town, ada) == [{down: "saved", other: "saved"}])
    assert graph_sinks(ada) == [{down: "SAVED", other: "SAVED"}], "no cached response"
    first, second = ada.get(path).json()["copies"]
    assert first["content"] == second["content"]
    assert first["path"] == f"users/{uid(ada)}/workoutSessions/{session['sessionId']}"


def test_a_row_needs_the_profile_that_its_foreign_key_names(tmp_path: Path) -> None:
    """R-PCH-19, R-PCH-27: foreign key works, profile exists before insert."""
    record = SessionRecord("s1", "uid", "squat", 1, 0.5, "2025-10-17T14:30:00.000Z", 1, ())
    now = datetime(2025, 10, 17, tzinfo=UTC)
    with closing(SqliteAnalytics(tmp_path)) as store:
        with pytest.raises(ProfileMissing):
            store.save(DEFAULT_TENANT, record, now)
        store.save_profile(DEFAULT_TENANT, "uid")
        store.save(DEFAULT_TENANT, record, now)
        assert store.get(DEFAULT_TENANT, "uid", "s1") == record


def test_the_check_needs_a_token_where_people_sign_in(town: Town) -> None:
    with pytest.raises(SignInRequired):
        checker(town, None).run(town.platform.clock())


def test_others_do_not_see_the_copies_of_a_session(town: Town) -> None:
    """R-IDN-14."""
    ada, eve = town.citizen(), town.citizen("eve@example.org")
    ada.post(SUMMARY, json=summary(uid(ada)))
    (session,) = items(town, ada)
    path = f"{SESSIONS}/{session['sessionId']}/copies"
    assert eve.ask("GET", path).json()["code"] == "pose_session.unknown"
    query = "query($id: ID!) { workoutSessionCopies(sessionId: $id) { copies { store } } }"
    graph = ada.graph(query, id=session["sessionId"])["data"]["workoutSessionCopies"]
    assert [each["store"] for each in graph["copies"]] == ["DOCUMENT", "ANALYTICS"]
