"""End-to-end journeys of athletes and auditors, on the embedded and the distributed platform."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from application.analysis.what_if import replay_with
from application.audit.history import replay_stream
from application.live.chunk import IngestChunk
from application.live.chunk_codec import MEDIA_TYPE, encode
from domain.ids import DEFAULT_TENANT, SessionId
from domain.motion.exercises.library import get_exercise
from domain.sessions import events
from domain.sessions.session import SESSION
from tests.api.driver import ApiDriver
from tests.api.stage import video_content
from tests.journeys.conftest import Open
from tests.live.chunks import take

REPETITIONS = 4
PATIENCE_S = 120.0
SESSION_OF = """query One($id: ID!) {
  session(id: $id) { sessionId exerciseId repetitionCount repetitions { number startMs endMs } }
}"""
LIST = "{ sessions(first: 10) { edges { node { sessionId } } } }"


def filmed(driver: ApiDriver) -> str:
    """Upload a video of squats, wait until it is analyzed, and return the session's id."""
    job = driver.over(
        driver.upload(video_content("squat", REPETITIONS), athlete="ada").json()["id"]
    )
    assert job["state"] == "succeeded", job["problem"]
    return str(job["sessionId"])


def trained(driver: ApiDriver) -> str:
    """Train live with a camera, and return the session's id."""
    at = datetime.now(UTC) - timedelta(hours=1)
    body = {"athleteId": "ada", "at": at.isoformat()}
    session = str(driver.client.post("/v1/sessions", json=body).json()["sessionId"])
    for request in take(session, repetitions=REPETITIONS):
        sent(driver, request)
    path = f"/v1/sessions/{session}:complete"
    deadline = time.monotonic() + PATIENCE_S
    while True:
        answer = driver.client.post(path, json={}, headers={"Idempotency-Key": "the end"})
        if answer.status_code != 409 or time.monotonic() > deadline:
            break  # the workers have recorded the end of the set
        time.sleep(0.05)
    assert answer.status_code == 200, answer.text
    return session


def sent(driver: ApiDriver, request: IngestChunk) -> None:
    """Send a chunk until it is acknowledged."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        answer = driver.client.post(
            "/v1/workouts/streaming", content=encode(request), headers={"Content-Type": MEDIA_TYPE}
        )
        if answer.status_code == 200 and answer.json()["seqAck"] >= request.sequence:
            return
        assert time.monotonic() < deadline, answer.text


def seen(driver: ApiDriver, session: str) -> dict[str, Any]:
    """Return a session's views: REST, GraphQL, and its place in the list."""
    driver.platform.fresh(driver.platform.log.head(), 60.0)
    return {
        "rest": driver.client.get(f"/v1/sessions/{session}").json(),
        "graph": driver.ask(SESSION_OF, id=session)["session"],
        "list": [edge["node"]["sessionId"] for edge in driver.ask(LIST)["sessions"]["edges"]],
    }


def counted(driver: ApiDriver, session: str) -> list[int]:
    """Return the repetitions in the log."""
    history = driver.platform.log.load(DEFAULT_TENANT, f"session-{session}")
    return [
        fact.event.number for fact in history if isinstance(fact.event, events.RepetitionCounted)
    ]


def test_an_uploaded_video_is_counted_and_readable_on_every_transport(begin: Open) -> None:
    """R-API-02, R-EVT-14"""
    with begin() as driver:
        session = filmed(driver)
        views = seen(driver, session)
        assert counted(driver, session) == [1, 2, 3, 4]
        assert views["rest"]["repetitionCount"] == REPETITIONS
        assert views["graph"]["repetitionCount"] == REPETITIONS
        assert [each["number"] for each in views["graph"]["repetitions"]] == [1, 2, 3, 4]
        assert views["list"] == [session]
        page = driver.client.get("/")
        assert page.headers["Content-Type"].startswith("text/html")


def test_a_live_session_is_counted_and_becomes_history(begin: Open) -> None:
    """R-LIV-03, R-EVT-13"""
    with begin() as driver:
        session = trained(driver)
        assert counted(driver, session) == [1, 2, 3, 4]
        views = seen(driver, session)
    assert views["rest"]["repetitionCount"] == views["graph"]["repetitionCount"] == REPETITIONS
    assert views["list"] == [session]


def test_after_a_restart_everything_reads_as_before(begin: Open) -> None:
    """R-OPS-09"""
    with begin() as driver:
        session = filmed(driver)
        before = seen(driver, session)
    with begin() as driver:
        assert seen(driver, session) == before


def test_an_audit_replays_to_the_present_state(begin: Open) -> None:
    """R-EVT-15"""
    with begin() as driver:
        session = filmed(driver)
        stream = f"session-{session}"
        log = driver.platform.log
        entries = list(replay_stream(log, DEFAULT_TENANT, stream))
        state = SESSION.fold(fact.event for fact in log.load(DEFAULT_TENANT, stream))
        assert entries[-1].state == type(state).__name__ == "Completed"
        numbers = [
            entry.recorded.event.number
            for entry in replay_stream(log, DEFAULT_TENANT, stream, len(entries) - 2)
            if isinstance(entry.recorded.event, events.RepetitionCounted)
        ]
        assert numbers == counted(driver, session)


def test_new_counting_rules_leave_stored_sessions_unchanged(begin: Open) -> None:
    """C-16, C-49"""
    with begin() as driver:
        session = filmed(driver)
        platform, before = driver.platform, seen(driver, session)
        same = replay_with(
            platform.history, DEFAULT_TENANT, SessionId(session), get_exercise("squat")
        )
        other = replay_with(
            platform.history, DEFAULT_TENANT, SessionId(session), get_exercise("jumping_jack")
        )
        assert (same.differences, same.after.repetitions) == ((), REPETITIONS)
        assert {"exercise", "reps"} <= {change.what for change in other.differences}
        assert seen(driver, session) == before
