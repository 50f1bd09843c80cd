"""GraphQL subscriptions by WebSocket and server-sent events, resumable by cursor."""

import pytest

from application.live import feed, feed_access
from domain.sessions import commands
from tests.api.driver import ApiDriver
from tests.api.people import Town
from tests.api.sockets import (
    CUES,
    SQUATS,
    WHOLE,
    bearer,
    begun,
    events,
    socket,
    write,
)

pytestmark = pytest.mark.both_compositions


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "WAIT_S", 0.05)
    monkeypatch.setattr(feed_access, "MAX_CHECK_AGE_S", 0.0)
    monkeypatch.setattr(feed_access, "CHECK_INTERVAL_S", 0.1)


def test_a_session_is_followed_by_websocket(driver: ApiDriver) -> None:
    """R-API-07, C-53."""
    session = driver.train(1)
    with socket(driver.client) as line:
        results = line.results(WHOLE, session=session)
    assert [result["progress"]["__typename"] for result in results] == [
        "SessionStarted", "SetStarted", "RepetitionCounted", "FormMeasured", "RepetitionCounted",
        "FormMeasured", "RepetitionRejected", "CueGiven", "SetCompleted", "ExercisePerformed",
        "SessionCompleted",
    ]  # fmt: skip
    assert results[2]["progress"] == {
        "__typename": "RepetitionCounted",
        "number": 1,
        "startedMs": 0,
        "endedMs": 4000,
        "faults": ["knees_in"],
    }


@pytest.mark.parametrize("document", [WHOLE, CUES], ids=["progress", "cues"])
def test_resubscribing_after_a_cursor_misses_nothing(driver: ApiDriver, document: str) -> None:
    """R-API-07, R-LIV-14: the connection breaks after each result."""
    session = driver.train(1)
    with socket(driver.client) as line:
        whole = line.results(document, session=session)
        assert whole
        for cut, result in enumerate(whole, start=1):
            rest = line.results(document, session=session, after=result["cursor"])
            assert rest == whole[cut:]


def test_cues_are_published_as_they_are_given(driver: ApiDriver) -> None:
    """R-LIV-14."""
    session = begun(driver)
    write(driver, session, SQUATS)
    with socket(driver.client) as line:
        line.subscribe(CUES, session=session)
        fault = commands.NoteFault(
            set=1, repetition=None, fault="trunk_lean", cue="Chest up", at_ms=7
        )
        write(driver, session, fault)
        view = line.receive()["payload"]["data"]["cues"]
        line.raw.send_json({"id": "1", "type": "complete"})
    assert view["cue"] == {"repetition": None, "fault": "trunk_lean", "cue": "Chest up", "atMs": 7}


def test_a_session_is_followed_by_server_sent_events(driver: ApiDriver) -> None:
    """R-API-07, R-LIV-15: graphql-sse, each subscription on its own connection."""
    session = driver.train(1)
    with socket(driver.client) as line:
        expected = line.results(WHOLE, session=session)
    view = events(driver.client, WHOLE, session=session)
    assert [one.get("event", "") for one in view] == ["next"] * len(expected) + ["complete"]
    assert [one["data"]["data"]["sessionProgress"] for one in view[:-1]] == expected
    refused = events(driver.client, WHOLE, session="nobody")
    assert refused[0]["data"]["errors"][0]["extensions"]["code"] == "session.unknown"
    assert refused[1]["event"] == "complete"


def test_nobody_follows_somebody_elses_session(town: Town) -> None:
    """R-TEN-03, R-TEN-05, C-10: the token is in the first message or in a header."""
    ada, eve = town.citizen(), town.citizen("eve@example.org")
    mallory = town.citizen("mallory@example.org", tenant="gym")
    session = ada.post("/v1/sessions", json={"athleteId": ada.id}).json()["sessionId"]
    write_as(town, session, SQUATS)
    for stranger in (eve, mallory):
        with socket(town.client, bearer(stranger)) as line:
            for document in (WHOLE, CUES):
                error = line.refusal(document, session=session)
                assert error["extensions"]["code"] == "session.unknown"
    with socket(town.client, None, **bearer(ada)) as line:
        line.subscribe(WHOLE, session=session)
        assert "errors" not in line.receive()["payload"]


def write_as(town: Town, session: str, *wanted: commands.SessionCommand) -> None:
    write(ApiDriver(town.client, town.platform), session, *wanted)


def test_signing_out_ends_the_feed(town: Town) -> None:
    """R-LIV-14: an open subscription ends when the right to it ends."""
    ada = town.citizen()
    session = ada.post("/v1/sessions", json={"athleteId": ada.id}).json()["sessionId"]
    with socket(town.client, bearer(ada)) as line:
        line.subscribe(WHOLE, session=session)
        assert line.receive()["type"] == "next"
        assert ada.post("/v1/auth/logout").status_code < 300
        write_as(town, session, SQUATS)
        (error,) = line.receive()["payload"]["errors"]
        assert error["extensions"]["code"] == "auth.token_refused"
        assert line.receive()["type"] == "complete"
        assert line.refusal(CUES, session=session)["extensions"]["code"] == "auth.token_refused"
