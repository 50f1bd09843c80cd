"""`kinelog sessions`: list and show sessions by their events."""

from datetime import UTC, datetime

import pytest
from rich.console import Console

from application.kernel.command_handler import Request
from bootstrap.cli import output
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, ExerciseId, SessionId, UserId
from domain.kernel import Origin
from domain.sessions import commands
from domain.sessions.session import SESSION
from domain.values import CountedBy, Span
from tests.cli.conftest import Shell

ID = SessionId("0193f0c4-5d1e-7c3a-9a44-6b1f3e2d8c02")
ATHLETE = UserId("athlete-with-an-id-that-is-longer-than-its-column")
BY = CountedBy("server", "blazepose-full", 1)


@pytest.fixture
def session(shell: Shell) -> Shell:
    """A session with one counted and one rejected squat, in its second set."""
    settings = Settings(home=shell.home, cache=shell.home, postgres_url=None)
    squat = ExerciseId("squat")
    request = (
        commands.StartSession(athlete_id=ATHLETE, at=datetime(2030, 1, 1, tzinfo=UTC)),
        commands.StartSet(set=1, exercise_id=squat, counted_by=BY),
        commands.CompleteSet(set=1, span=Span(0, 1000)),
        commands.StartSet(set=2, exercise_id=squat, counted_by=BY),
        commands.CountRepetition(source="server", set=2, number=1, span=Span(4000, 6000)),
        commands.RejectRepetition(set=2, span=Span(6800, 9800), reason="pose_lost"),
    )
    with open_platform(settings) as platform:
        origin = Origin(tenant_id=DEFAULT_TENANT, actor=ATHLETE, correlation_id=platform.new_id())
        sent = Request(SESSION, ID, request)
        platform.commands.execute(sent, origin=origin, command_id=platform.new_id())
    return shell


def test_a_session_is_shown_with_the_movements_that_were_not_counted(session: Shell) -> None:
    shown = session.run("sessions", "show", ID)
    assert shown.out.splitlines() == [
        "squat: 1 repetitions in 0.0 s",
        "Not counted, 6.8-9.8 s: pose lost.",
    ]
    report = session.json("sessions", "show", ID)
    assert report["rejected"] == [{"set": 2, "start_s": 6.8, "end_s": 9.8, "reason": "pose_lost"}]


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
