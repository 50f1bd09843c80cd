"""Ids of sessions that clients choose."""

import pytest
from starlette.websockets import WebSocketDisconnect

from api.websocket.connection import NOT_FOUND
from application.kernel.command_handler import Request
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from domain.sessions.commands import StartSession
from domain.sessions.session import SESSION
from tests.api.people import Person, Town


@pytest.fixture
def ada(town: Town) -> Person:
    return town.citizen("ada@example.org")


@pytest.fixture
def eve(town: Town) -> Person:
    return town.citizen("eve@example.org")


@pytest.fixture
def recording(ada: Person) -> str:
    """Start a recording of Ada without a session; return its id."""
    ada.agrees("movement_recording")
    started = ada.post("/v1/recordings", json={"name": "Squats", "aspectRatio": 1.5})
    assert started.status_code == 201, started.text
    return str(started.json()["id"])


def test_no_session_takes_the_id_of_a_recording(ada: Person, eve: Person, recording: str) -> None:
    """R-TEN-03: its athlete could delete the recording of another person, and watch it."""
    for path, more in (("/v1/sessions", {}), ("/v1/workouts", {"workoutId": "legs"})):
        taken = eve.post(path, json={"sessionId": recording, "athleteId": eve.id, **more})
        assert (taken.status_code, taken.json()["code"]) == (409, "session.id_taken"), path
    assert eve.ask("DELETE", f"/v1/sessions/{recording}").status_code == 404
    assert ada.get(f"/v1/recordings/{recording}").status_code == 200


def test_a_retry_of_a_start_succeeds_although_the_session_is_recorded(ada: Person) -> None:
    """R-API-04"""
    ada.agrees("movement_recording")
    body = {"sessionId": "mornings", "athleteId": ada.id}
    key = {"Idempotency-Key": "k"}
    assert ada.post("/v1/sessions", json=body, headers=key).status_code == 201
    recorded = {"name": "", "aspectRatio": 1.5, "sessionId": "mornings"}
    assert ada.post("/v1/recordings", json=recorded).status_code == 201
    again = ada.post("/v1/sessions", json=body, headers=key)
    assert (again.status_code, again.json()["repeated"]) == (201, True)


def test_no_recording_is_started_for_a_deleted_session(ada: Person) -> None:
    """R-RPL-13"""
    ada.agrees("movement_recording")
    session = ada.post("/v1/sessions", json={"athleteId": ada.id}).json()["sessionId"]
    assert ada.ask("DELETE", f"/v1/sessions/{session}").status_code == 204
    body = {"name": "", "aspectRatio": 1.5, "sessionId": session}
    refused = ada.post("/v1/recordings", json=body)
    assert (refused.status_code, refused.json()["code"]) == (404, "session.unknown")


def test_poses_are_seen_only_with_access_to_session_and_recording(
    town: Town, eve: Person, recording: str
) -> None:
    """R-TEN-03: a session of an earlier version can have the id of another's recording."""
    start = StartSession(athlete_id=UserId(eve.id), at=town.platform.clock())
    town.platform.commands.execute(
        Request(SESSION, recording, [start]),
        origin=Origin(
            tenant_id=DEFAULT_TENANT, actor="test", correlation_id=town.platform.new_id()
        ),
        command_id=town.platform.new_id(),
    )
    path = f"/ws/pose?watch={recording}"
    with (
        town.client.websocket_connect(path, headers=eve.headers) as line,
        pytest.raises(WebSocketDisconnect) as closed,
    ):
        line.receive_json()
    assert closed.value.code == NOT_FOUND
