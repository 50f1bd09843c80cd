"""`kinelog sessions`: list and show sessions by their events."""

import pytest
from rich.console import Console

from bootstrap.cli import output
from domain.ids import ExerciseId, SessionId, UserId
from domain.recordings import commands as recordings
from domain.recordings.recording import RECORDING
from domain.sessions import commands
from domain.sessions.session import SESSION
from domain.values import CountedBy, Span
from tests.cli.conftest import Shell
from tests.cli.written_sessions import AT, ATHLETE, ID, execute

BY = CountedBy("server", "blazepose-full", 1)


@pytest.fixture
def session(shell: Shell) -> Shell:
    """A session with one counted and one rejected squat, in its second set."""
    squat = ExerciseId("squat")
    request = (
        commands.StartSession(athlete_id=ATHLETE, at=AT),
        commands.StartSet(set=1, exercise_id=squat, counted_by=BY),
        commands.CompleteSet(set=1, span=Span(0, 1000)),
        commands.StartSet(set=2, exercise_id=squat, counted_by=BY),
        commands.CountRepetition(source="server", set=2, number=1, span=Span(4000, 6000)),
        commands.RejectRepetition(set=2, span=Span(6800, 9800), reason="pose_lost"),
    )
    execute(shell, SESSION, request)
    return shell


def test_a_deleted_session_is_shown_as_deleted(session: Shell) -> None:
    assert session.json("sessions", "show", ID)["deleted_at"] is None
    execute(session, SESSION, [commands.DeleteSession(at=AT)])
    assert "The session was deleted on 2030-01-01." in session.run("sessions", "show", ID).out
    assert session.json("sessions", "show", ID)["deleted_at"] == "2030-01-01T00:00:00Z"
    execute(session, SESSION, [commands.RestoreSession(at=AT)])
    assert "deleted" not in session.run("sessions", "show", ID).out


def test_a_session_is_shown_with_the_movements_that_were_not_counted(session: Shell) -> None:
    shown = session.run("sessions", "show", ID)
    assert shown.out.splitlines() == [
        "squat: 1 repetition in 0.0 s",
        "Not counted, 6.8-9.8 s: pose lost.",
    ]
    report = session.json("sessions", "show", ID)
    assert report["rejected"] == [{"set": 2, "start_s": 6.8, "end_s": 9.8, "reason": "pose_lost"}]


def test_a_session_is_named_by_the_beginning_of_its_id(session: Shell) -> None:
    """The only session that begins so is meant; several are named, and none is unknown."""
    by_id = session.run("sessions", "show", ID).out
    assert session.run("sessions", "show", ID[:8]).out == by_id
    other = SessionId(ID[:-1] + "3")
    execute(session, SESSION, [commands.StartSession(athlete_id=ATHLETE, at=AT)], other)
    assert session.run("sessions", "show", ID).out == by_id
    refused = session.run("sessions", "show", ID[:8])
    assert refused.status != 0
    assert ID in refused.sentence
    assert other in refused.sentence
    assert "no such session" in session.run("sessions", "show", ID[1:9]).sentence


def test_a_session_is_shown_with_the_state_of_its_video(session: Shell) -> None:
    """R-EVT-18"""
    digest = "0" * 64
    recorded = [
        recordings.StartRecording(user_id=ATHLETE, session_id=ID, name="", aspect_ratio=1.5, at=AT),
        recordings.AppendFrames(
            first_frame=0,
            frames=1,
            start_ms=0,
            end_ms=0,
            digest=digest,
            images=1,
            images_digest=digest,
        ),
        recordings.StopRecording(at=AT),
    ]
    assert session.json("sessions", "show", ID)["video"] == {"status": "none", "problem": None}
    for command, shown in (
        (recorded, "Video: pending"),
        ([recordings.FailVideo(problem="media.missing", at=AT)], "Video: failed (media.missing)"),
    ):
        execute(session, RECORDING, command)
        assert shown in session.run("sessions", "show", ID).out.splitlines()
    video = {"status": "failed", "problem": "media.missing"}
    assert session.json("sessions", "show", ID)["video"] == video


def test_session_ids_are_never_truncated(session: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe gets a line per session, and a narrow terminal wraps the other columns."""
    (row,) = [line for line in session.run("sessions", "list").out.splitlines() if ID in line]
    assert ATHLETE in row
    terminal = Console(force_terminal=True, color_system=None, width=40, soft_wrap=True)
    monkeypatch.setattr(output, "out", terminal)
    listed = session.run("sessions", "list").out
    assert ID in listed
    assert ATHLETE not in listed
    assert "…" not in listed


def test_a_replay_prints_the_fields_of_an_event(session: Shell) -> None:
    shown = session.run("audit", "replay", "--stream", f"session-{ID}")
    assert "         reason: pose_lost" in shown.out.splitlines()


def test_what_cannot_be_a_tenant_is_refused(shell: Shell) -> None:
    """R-TEN-01: it is no empty list."""
    ran = shell.run("sessions", "list", "--tenant", "A B")
    assert (ran.status, ran.out) == (30, "")
    assert ran.err.startswith("kinelog: A tenant id has 1 to 64 of the characters")


def test_ids_are_printed_as_they_are(shell: Shell) -> None:
    """Brackets are no markup, and a name between colons is no picture."""
    session_id, athlete = SessionId("[/b]gym:x:1"), UserId("gym:x:1")
    execute(shell, SESSION, [commands.StartSession(athlete_id=athlete, at=AT)], session_id)
    listed = shell.run("sessions", "list")
    (row,) = [line for line in listed.out.splitlines() if session_id in line]
    assert (listed.status, row.count(athlete)) == (0, 2)
    refused = shell.run("audit", "replay", "--stream", f"session-{athlete}")
    assert refused.err == f"kinelog: There is no stream 'session-{athlete}' in this tenant.\n"
