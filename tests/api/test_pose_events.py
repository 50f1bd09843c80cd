"""Sessions of the pose coach are followed on other devices while they change."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from api.config import ApiConfig
from api.graphql import polling
from api.http import followed
from application.platform import Platform
from bootstrap.settings import Settings
from bootstrap.wiring.pose_coach import following_pose_coach
from tests.api.conftest import WEB
from tests.api.listening import Events, Listening
from tests.api.people import Person, Town
from tests.api.pose_coach_items import SESSIONS, SUMMARY, summary, uid
from tests.api.sockets import socket as subscribe

FOLLOW = (
    "subscription { latestWorkoutSessions {"
    " sessions { reps sinks { document } } stats { totalSessions } } }"
)


@pytest.fixture
def town(platform: Platform, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """Serve a platform whose stores follow the log."""
    monkeypatch.setattr(followed, "POLL_S", 0.05)
    monkeypatch.setattr(polling, "POLL_S", 0.05)
    app = build_app(platform, web=WEB, config=ApiConfig(sign_in_required=True))
    with (
        following_pose_coach(settings, platform),
        TestClient(app, raise_server_exceptions=False) as client,
    ):
        yield Town(client, platform, settings.home / "mail")


def stop_workout(town: Town, person: Person, reps: int) -> None:
    ended_at = town.platform.clock() - timedelta(minutes=reps)
    body = summary(uid(person), reps=reps, timestamp=ended_at.isoformat())
    assert person.post(SUMMARY, json=body).status_code == 200


def test_a_session_appears_with_its_states_and_goes_when_it_is_deleted(town: Town) -> None:
    """R-PCH-13, R-API-05: in real time, with history and figures; until the sign-out."""
    ada, bob = town.citizen("ada@example.org"), town.citizen("bob@example.org")
    stop_workout(town, bob, 9)
    listening = Listening(town.client.app, f"{SESSIONS}/events", {}, ada.headers)

    def heard(events: Events) -> None:
        if not events:
            return
        shown = events[-1]["data"]["sessions"]
        if len(events) == 1:
            stop_workout(town, ada, 12)
        elif [each["sinks"]["document"] for each in shown] == ["saved"]:
            path = f"{SESSIONS}/{shown[0]['sessionId']}"
            assert ada.ask("DELETE", path).status_code == 200
        elif not shown:
            ada.post("/v1/auth/logout")

    seen = [each["data"] for each in listening.listen(heard)]
    numbers = [[each["reps"] for each in state["sessions"]] for state in seen]
    assert (numbers[0], numbers[-1]) == ([], [])
    assert [12] in numbers
    assert {9} not in map(set, numbers)
    assert [state["stats"]["totalReps"] for state in seen if state["sessions"]][-1] in {0, 12}
    assert listening.ended


def test_a_subscription_follows_them(town: Town) -> None:
    """R-PCH-13, R-API-07."""
    ada = town.citizen("ada@example.org")
    with subscribe(town.client, {"Authorization": ada.headers["Authorization"]}) as line:
        line.subscribe(FOLLOW)
        assert latest(line) == {"sessions": [], "stats": {"totalSessions": 0}}
        stop_workout(town, ada, 12)
        shown = latest(line)
        while not shown["sessions"] or not shown["stats"]["totalSessions"]:
            shown = latest(line)
        while shown["sessions"][0]["sinks"]["document"] != "SAVED":
            shown = latest(line)
        assert shown["sessions"][0]["reps"] == 12


def latest(line: Any) -> Any:
    return line.receive()["payload"]["data"]["latestWorkoutSessions"]


def test_a_stranger_follows_nothing(town: Town) -> None:
    """R-API-05, R-TEN-03."""
    assert town.client.get(f"{SESSIONS}/events").status_code == 401
