import asyncio
from datetime import timedelta

import pytest

from adapters.clock import new_id
from application.analysis.what_if import replay_with
from application.audit.history import StreamUnknown, replay_stream
from application.kernel.command_handler import Request
from application.sessions.history import SessionNotRecorded
from domain.ids import DEFAULT_TENANT, SessionId, TenantId, UserId
from domain.motion.exercises.library import get_exercise
from domain.recordings.commands import StartRecording
from domain.recordings.recording import RECORDING
from domain.sessions.commands import SessionNotFound
from tests.application.conftest import NOW, AnalysisFixture, origin
from tests.live.chunks import take
from tests.live.session_fixture import SessionFixture, local_transport


def test_an_audit_tells_each_fact_and_what_it_changed(analysis: AnalysisFixture) -> None:
    """R-EVT-15: the audit reads the history directly."""
    session_id = analysis.analyze(analysis.video()).report.session_id
    entries = list(replay_stream(analysis.log, DEFAULT_TENANT, f"session-{session_id}"))
    assert [entry.recorded.version for entry in entries] == list(range(1, len(entries) + 1))
    assert entries[0].recorded.origin.actor == "ada"
    assert [(c.before, c.after) for c in entries[0].changes if c.field == "state"] == [
        ("NotStarted", "Underway")
    ]
    assert entries[-1].state == "Completed"


def test_an_audit_stops_at_a_version_or_a_time(analysis: AnalysisFixture) -> None:
    stream = f"session-{analysis.analyze(analysis.video()).report.session_id}"
    assert len(list(replay_stream(analysis.log, DEFAULT_TENANT, stream, 2))) == 2
    assert (
        list(replay_stream(analysis.log, DEFAULT_TENANT, stream, NOW - timedelta(seconds=1))) == []
    )
    assert len(list(replay_stream(analysis.log, DEFAULT_TENANT, stream, NOW))) > 2


@pytest.mark.parametrize("stream", ["session-nobody", "nothing", ""])
def test_an_unknown_stream_is_refused(analysis: AnalysisFixture, stream: str) -> None:
    with pytest.raises(StreamUnknown):
        list(replay_stream(analysis.log, DEFAULT_TENANT, stream))


def test_another_tenants_stream_is_unknown(analysis: AnalysisFixture) -> None:
    stream = f"session-{analysis.analyze(analysis.video()).report.session_id}"
    with pytest.raises(StreamUnknown):
        list(replay_stream(analysis.log, TenantId("other"), stream))


def test_the_same_definition_changes_nothing(analysis: AnalysisFixture) -> None:
    session_id = analysis.analyze(analysis.video()).report.session_id
    found = replay_with(analysis.history, DEFAULT_TENANT, session_id, get_exercise("squat"))
    assert found.differences == ()
    assert found.after.repetitions == found.before.repetitions == 3


@pytest.mark.parametrize("exercise", ["biceps_curl", "plank"])
def test_the_same_definition_changes_nothing_of_a_live_session(
    analysis: AnalysisFixture, exercise: str
) -> None:
    """C-16: no set loses its first or its last frame, which is at a part of a millisecond."""
    session = SessionFixture(analysis.log)
    first = take("s", exercise=exercise, offset_s=1 / 3)
    offset_s = 2.0 + float(first[-1].message.chunk.times_s[-1])
    second = take("s", exercise=exercise, number=2, after=len(first), offset_s=offset_s)

    async def perform() -> None:
        transport = local_transport(session)
        for chunk in (*first, *second):
            await transport.send(chunk, origin())
        await transport.stop()

    asyncio.run(perform())
    session.complete()
    start = StartRecording(
        user_id=UserId("ada"), session_id=SessionId("s"), name="s", aspect_ratio=1.5, at=NOW
    )
    frames = [each.message.chunk for each in (*first, *second)]
    appended = analysis.history.archive.store(DEFAULT_TENANT, SessionId("s"), frames, UserId("ada"))
    recording = Request(RECORDING, "s", [start, *appended])
    session.commands.execute(recording, origin=origin(), command_id=new_id())
    found = replay_with(analysis.history, DEFAULT_TENANT, SessionId("s"), get_exercise(exercise))
    assert found.differences == ()


def test_another_definition_counts_otherwise_and_stores_nothing(analysis: AnalysisFixture) -> None:
    """C-16, C-49: a recorded session under another definition, with the difference."""
    session_id = analysis.analyze(analysis.video()).report.session_id
    head = analysis.log.head()
    found = replay_with(analysis.history, DEFAULT_TENANT, session_id, get_exercise("jumping_jack"))
    assert (found.before.exercise, found.after.exercise) == ("squat", "jumping_jack")
    assert {"exercise", "reps"} <= {change.what for change in found.differences}
    assert analysis.log.head() == head


def test_an_unknown_session_cannot_be_reanalyzed(analysis: AnalysisFixture) -> None:
    with pytest.raises(SessionNotFound):
        replay_with(analysis.history, DEFAULT_TENANT, SessionId("nobody"), get_exercise("squat"))


def test_a_session_without_recording_cannot_be_run_again(analysis: AnalysisFixture) -> None:
    with pytest.raises(SessionNotRecorded):
        analysis.history.poses(DEFAULT_TENANT, SessionId("by hand"))
