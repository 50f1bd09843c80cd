"""Session events by server-sent events: each event once, resumable."""

import json
import signal
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from application.kernel.command_handler import Request
from application.live import feed, feed_access
from application.live.feed import entries_of
from application.live.feed_access import OpenStreams
from domain.ids import DEFAULT_TENANT, ExerciseId, SessionId, TenantId, UserId
from domain.sessions import commands
from domain.sessions.session import SESSION
from domain.values import Span
from tests.api.driver import AT, DEVICE, ApiDriver
from tests.api.listening import Events, Listening
from tests.api.people import Person, Town
from tests.api.server_process import serving

pytestmark = pytest.mark.both_compositions

PATH = "/v1/coaching/events"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "WAIT_S", 0.05)
    monkeypatch.setattr(feed_access, "MAX_CHECK_AGE_S", 0.0)
    monkeypatch.setattr(feed_access, "CHECK_INTERVAL_S", 0.1)


def follow(
    client: TestClient, session: str, person: Person | None = None, **more: Any
) -> Listening:
    headers = {**(person.headers if person else {}), **more.pop("headers", {})}
    return Listening(client.app, f"/v1/sessions/{session}/events", more, headers)


def begun(driver: ApiDriver, session: str = "s", athlete: str = "ada") -> str:
    write(driver, session, commands.StartSession(athlete_id=UserId(athlete), at=AT))
    return session


def write(driver: ApiDriver, session: str, *wanted: commands.SessionCommand) -> None:
    driver.write(Request(SESSION, session, wanted))


SQUATS = commands.StartSet(set=1, exercise_id=ExerciseId("squat"), counted_by=DEVICE)
OVER = commands.CompleteSession(at=AT, specs={})


def test_feed_events_carry_log_positions(driver: ApiDriver) -> None:
    """R-API-05, R-LIV-14: names, ids, retry, and the end."""
    session = driver.train(1)
    listening = follow(driver.client, session)
    view = listening.listen()
    facts = [
        entry
        for one in driver.platform.log.load(TenantId(DEFAULT_TENANT), f"session-{session}")
        for entry in entries_of(one.event, one.position, one.version)
    ]
    assert listening.ended
    assert [one["id"] for one in view] == [str(entry.id) for entry in facts]
    assert [one["event"] for one in view] == [
        "session_started", "set_started", "repetition_counted", "form", "repetition_counted",
        "form", "repetition_rejected", "cue", "set_completed", "exercise_performed",
        "session_completed",
    ]  # fmt: skip
    assert view[0]["retry"] == "2000"
    assert view[2]["data"] == {
        "set": 1,
        "number": 1,
        "startedMs": 0,
        "endedMs": 4000,
        "rangeOfMotionDeg": 92.5,
        "faults": ["knees_in"],
    }
    assert view[3]["data"] == {"set": 1, "repetition": 1, "form": 0.875}
    assert view[7]["data"]["cue"] == "Knees out."
    assert "ada" not in listening.text, "events name no athlete"


def test_a_reconnecting_browser_gets_every_event_once(
    driver: ApiDriver,
) -> None:
    """R-API-05, R-LIV-14: the connection breaks after each event."""
    session = driver.train(1)
    whole = [(one["id"], one["data"]) for one in follow(driver.client, session).listen()]
    for cut in range(1, len(whole)):
        seen = {"Last-Event-ID": whole[cut - 1][0]}
        again = follow(driver.client, session, headers=seen).listen()
        assert [(one["id"], one["data"]) for one in again] == whole[cut:]
    query = follow(driver.client, session, after=whole[3][0]).listen()
    assert [one["id"] for one in query] == [name for name, _ in whole[4:]]


def test_browsers_do_not_reconnect_after_the_end(driver: ApiDriver) -> None:
    """R-API-05: HTML, 9.2.3: a status of 204 ends reconnecting."""
    session = driver.train(1)
    last = follow(driver.client, session).listen()[-1]["id"]
    over = driver.client.get(PATH, params={"session": session}, headers={"Last-Event-ID": last})
    assert (over.status_code, over.content) == (204, b"")


def test_events_are_sent_as_they_happen(driver: ApiDriver) -> None:
    """R-LIV-14, C-01."""
    session = begun(driver)
    steps = [(SQUATS,), (commands.CompleteSet(set=1, span=Span(0, 9)), OVER)]

    def heard(view: Events) -> None:
        if steps and len(view) == 3 - len(steps):
            write(driver, session, *steps.pop(0))

    view = follow(driver.client, session).listen(heard)
    assert [one["event"] for one in view] == [
        "session_started", "set_started", "set_completed", "exercise_performed",
        "session_completed",
    ]  # fmt: skip


def test_invalid_follow_requests_are_rejected_before_the_stream(driver: ApiDriver) -> None:
    """R-API-03."""
    session = begun(driver)
    for query, headers, status, code in (
        ({"session": "nobody"}, {}, 404, "session.unknown"),
        ({"session": session}, {"X-Tenant-ID": "gym"}, 404, "session.unknown"),
        ({"session": session}, {"Last-Event-ID": "yesterday"}, 422, "progress.place_invalid"),
        ({"session": session, "after": "1-"}, {}, 422, "progress.place_invalid"),
        ({"session": session}, {"Last-Event-ID": "999999"}, 422, "progress.place_invalid"),
        ({}, {}, 422, "request.invalid"),
        ({"session": "a/b"}, {}, 422, "request.invalid"),
    ):
        refused = driver.client.get(PATH, params=query, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (status, code)


def test_nobody_follows_somebody_elses_session(town: Town) -> None:
    """R-TEN-03, R-TEN-05, C-10."""
    ada, eve = town.citizen(), town.citizen("eve@example.org")
    mallory = town.citizen("mallory@example.org", tenant="gym")
    session = ada.post("/v1/sessions", json={"athleteId": ada.id}).json()["sessionId"]
    for stranger in (eve, mallory):
        refused = stranger.get(PATH, params={"session": session})
        assert (refused.status_code, refused.json()["code"]) == (404, "session.unknown")
    nobody = town.client.get(PATH, params={"session": session})
    assert (nobody.status_code, nobody.json()["code"]) == (401, "auth.sign_in_required")
    in_the_address = {"session": session, "access_token": ada.tokens["accessToken"]}
    assert town.client.get(PATH, params=in_the_address).status_code == 401


def test_signing_out_ends_the_feed(town: Town) -> None:
    """R-LIV-14: an open stream ends when the right to it ends."""
    ada = town.citizen()
    session = ada.post("/v1/sessions", json={"athleteId": ada.id}).json()["sessionId"]
    listening = follow(town.client, session, ada)

    def heard(view: Events) -> None:
        if view and ada.get("/v1/auth/me").status_code == 200:
            assert ada.post("/v1/auth/logout").status_code < 300
            write(ApiDriver(town.client, town.platform), session, SQUATS)

    view = listening.listen(heard)
    assert listening.ended
    assert [one["event"] for one in view] == ["session_started"]


def test_open_streams_of_a_user_are_limited(driver: ApiDriver) -> None:
    """Open streams are counted and released."""
    app: Any = driver.client.app
    app.state.streams = OpenStreams(most_of_one=1)
    session = begun(driver)
    refusals: list[Any] = []

    def heard(view: Events) -> None:
        if view and not refusals:
            refusals.append(driver.client.get(PATH, params={"session": session}))
            write(driver, session, OVER)

    view = follow(driver.client, session).listen(heard)
    assert [one["event"] for one in view] == ["session_started", "session_completed"]
    (refused,) = refusals
    assert (refused.status_code, refused.json()["code"]) == (429, "progress.too_many_streams")
    assert refused.headers["Retry-After"]
    assert follow(driver.client, session).listen() == view
    assert not app.state.streams._open


def test_streams_of_all_people_together_are_counted() -> None:
    streams = OpenStreams(most_of_one=5, most=2)
    with (
        streams.acquire(("a",)),
        streams.acquire(("b",)),
        pytest.raises(feed_access.TooManyStreams),
        streams.acquire(("c",)),
    ):
        pass
    with streams.acquire(("c",)):
        pass


@pytest.mark.slow
def test_a_stream_ends_with_its_server(tmp_path: Path) -> None:
    """R-API-05: within the shutdown time for requests."""
    with serving(tmp_path) as (server, url):
        with httpx2.Client(base_url=url, timeout=60, trust_env=False) as client:
            session = client.post("/v1/sessions", json={"athleteId": "ada"}).json()["sessionId"]
            with client.stream("GET", PATH, params={"session": session}) as stream:
                lines = stream.iter_lines()
                first = next(line for line in lines if line.startswith("data:"))
                assert json.loads(first.removeprefix("data:"))["at"]
                server.send_signal(signal.SIGTERM)
                assert not [line for line in lines if line.startswith("data:")]
        assert server.wait(timeout=60) == 0


def test_a_stream_is_of_one_session(driver: ApiDriver) -> None:
    one, other = begun(driver, "one"), begun(driver, "other")
    write(driver, other, SQUATS)
    write(driver, one, OVER)
    assert len(follow(driver.client, one).listen()) == 2
    owner = driver.platform.owners.of_session(TenantId(DEFAULT_TENANT), SessionId(other))
    assert owner == "ada"
