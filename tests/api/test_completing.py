"""Completing a session waits for its pending events, so that none is lost."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from application.kernel.command_handler import Request
from application.live.chunk import SessionKey
from application.platform import Platform
from domain.ids import ExerciseId, UserId
from domain.sessions import commands
from domain.sessions.session import SESSION
from domain.values import Span
from tests.api.conftest import WEB
from tests.api.driver import AT, DEVICE, ApiDriver
from tests.api.mutations import COMPLETE, refusal

pytestmark = pytest.mark.both_compositions

SESSION_ID = "underway"
ENDS = (AT + timedelta(minutes=5)).isoformat()


@dataclass
class Streamed:
    """Live transport with frames up to this set, which workers may not have recorded yet."""

    real: Any
    sets: int | None = None

    def latest_set(self, session: SessionKey, /) -> int | None:
        assert session.session_id == SESSION_ID
        return self.sets

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


@pytest.fixture
def live(platform: Platform) -> Streamed:
    return Streamed(platform.live)


@pytest.fixture
def driver(platform: Platform, live: Streamed) -> Iterator[ApiDriver]:
    opened = replace(platform, live=live)  # type: ignore[arg-type]  # all else is the real one's
    with TestClient(build_app(opened, web=WEB), raise_server_exceptions=False) as client:
        yield ApiDriver(client, opened)


def begun(driver: ApiDriver) -> None:
    driver.write(
        Request(
            SESSION, SESSION_ID, [commands.StartSession(athlete_id=UserId("ada"), at=AT), *a_set(1)]
        )
    )


def a_set(number: int) -> list[commands.SessionCommand]:
    span = Span(0, 4000)
    return [
        commands.StartSet(set=number, exercise_id=ExerciseId("squat"), counted_by=DEVICE),
        commands.CountRepetition(source="server", set=number, number=1, span=span, confidence=0.9),
        commands.CompleteSet(set=number, span=span),
    ]


def complete(driver: ApiDriver, **fields: int) -> Any:
    body = {"at": ENDS, **fields}
    return driver.client.post(f"/v1/sessions/{SESSION_ID}:complete", json=body)


def test_a_session_is_not_completed_before_workers_have_entered_its_last_set(
    driver: ApiDriver, live: Streamed
) -> None:
    """R-LIV-10, C-44: rejected over REST and GraphQL; afterwards it succeeds with that set."""
    begun(driver)
    live.sets = 2
    answer = complete(driver)
    assert (answer.status_code, answer.json()["code"]) == (409, "session.set_underway")
    query = {"sessionId": SESSION_ID, "durationMs": 8000, "at": ENDS}
    assert refusal(driver, COMPLETE, **query)[0] == "session.set_underway"

    driver.write(Request(SESSION, SESSION_ID, a_set(2)))
    summary = complete(driver)
    assert (summary.status_code, summary.json()["repetitions"]) == (200, 2), summary.text


def test_a_set_that_workers_have_refused_since_is_not_waited_for(
    driver: ApiDriver, live: Streamed
) -> None:
    """R-LIV-10: its chunk was acknowledged to the client before that."""
    begun(driver)
    live.sets = 1
    summary = complete(driver, streamedSets=2)
    assert (summary.status_code, summary.json()["repetitions"]) == (200, 1), summary.text


@pytest.mark.parametrize("streamed", [0, 1])
def test_a_first_set_that_workers_have_refused_is_not_waited_for(
    driver: ApiDriver, live: Streamed, streamed: int
) -> None:
    """R-LIV-10: this process has heard of the session, and knows of no set."""
    session = commands.StartSession(athlete_id=UserId("ada"), at=AT)
    driver.write(Request(SESSION, SESSION_ID, [session]))
    live.sets = 0
    summary = complete(driver, streamedSets=streamed)
    assert (summary.status_code, summary.json()["sets"]) == (200, 0), summary.text


def test_a_session_is_not_completed_before_the_sets_that_the_client_has_streamed(
    driver: ApiDriver, live: Streamed
) -> None:
    """R-LIV-10: a server process that was started since does not know of them."""
    begun(driver)
    live.sets = None
    answer = complete(driver, streamedSets=2)
    assert (answer.status_code, answer.json()["code"]) == (409, "session.set_underway")
    query = {"sessionId": SESSION_ID, "at": ENDS, "streamedSets": 2}
    assert refusal(driver, COMPLETE, **query)[0] == "session.set_underway"
    assert complete(driver, streamedSets=-1).status_code == 422

    driver.write(Request(SESSION, SESSION_ID, a_set(2)))
    summary = complete(driver, streamedSets=2)
    assert (summary.status_code, summary.json()["repetitions"]) == (200, 2), summary.text
