"""Sessions performed set by set, and the view of the workout player."""

from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest

from application.sessions.exercise_specs import exercise_specs
from application.sessions.session_view import CueView, to_session_view
from application.sessions.summary import NotCompleted, feedback_points, summarize
from domain.ids import ExerciseId, SessionId
from domain.sessions import commands, events, prescription_commands
from domain.sessions import prescription_events as facts
from domain.sessions.commands import SessionNotFound
from domain.sessions.prescription_events import PrescribedLine
from domain.sessions.session import SESSION, AthleteCommand
from domain.sessions.set_movements import LATER_LOOK
from domain.sessions.underway import DEFAULT_REST_S
from domain.values import CountedBy, Span, UnknownExercise
from tests.live.chunks import NOW
from tests.live.session_fixture import COUNTED_BY, SessionFixture

SQUAT, PLANK = ExerciseId("squat"), ExerciseId("plank")
LINES = (PrescribedLine(SQUAT, 1, 8, None, 90), PrescribedLine(PLANK, 1, None, 30, 45))


@pytest.fixture
def fixture() -> SessionFixture:
    fixture = SessionFixture()
    fixture.execute(prescription_commands.TakePrescription(lines=LINES))
    return fixture


def begin_next(
    exercise: str | None = None, at: int = 0, number: int | None = None
) -> prescription_commands.BeginNextSet:
    return prescription_commands.BeginNextSet(
        exercise_id=None if exercise is None else ExerciseId(exercise),
        number=number,
        source="manual",
        model="hand",
        at=at,
        specs=exercise_specs(),
    )


def decided(
    fixture: SessionFixture, command: commands.SessionCommand
) -> tuple[events.SessionEvent, ...]:
    return SESSION.decide(command, SESSION.fold(fixture.all_events()))


def begun(fixture: SessionFixture, exercise: str | None = None) -> events.SetStarted:
    *_, event = decided(fixture, begin_next(exercise))
    assert isinstance(event, events.SetStarted)
    return event


def test_the_next_set_has_the_targets_of_its_line() -> None:
    """R-WKT-02"""
    fixture = SessionFixture()
    fixture.execute(prescription_commands.TakePrescription(lines=LINES))
    first = begun(fixture)
    assert (first.exercise_id, first.line, first.target_repetitions) == (SQUAT, 1, 8)
    fixture.execute(begin_next(), commands.CompleteSet(set=1, span=Span(0, 1)))
    second = begun(fixture)
    assert (second.exercise_id, second.line, second.target_hold_s) == (PLANK, 2, 30)


def test_a_substitute_of_another_kind_has_no_target(fixture: SessionFixture) -> None:
    swapped = begun(fixture, "plank")
    assert (swapped.line, swapped.target_repetitions, swapped.target_hold_s) == (1, None, None)
    assert begun(fixture, "lunge").target_repetitions == 8


def test_a_numbered_set_begins_once_and_no_other_set_in_its_place(fixture: SessionFixture) -> None:
    """R-WKT-03: one of two devices may have an outdated view of the session."""
    fixture.execute(begin_next(number=1))
    assert decided(fixture, begin_next(number=1)) == ()
    fixture.execute(commands.CompleteSet(set=1, span=Span(0, 1)))
    for other in (0, 1, 3):
        with pytest.raises(commands.SetOutOfOrder):
            fixture.execute(begin_next(number=other))
    fixture.execute(begin_next(number=2))
    with pytest.raises(commands.SetOutOfOrder):
        fixture.execute(begin_next(number=1))


def test_a_set_that_is_counted_by_hand_is_not_begun_again_with_a_camera(
    fixture: SessionFixture,
) -> None:
    """R-WKT-03: on another device, which would count each repetition a second time."""
    fixture.execute(begin_next(number=1))
    with pytest.raises(commands.SetUnderway):
        fixture.execute(replace(begin_next(number=1), source="server"))


def test_an_unnumbered_set_waits_for_the_set_under_way(fixture: SessionFixture) -> None:
    fixture.execute(begin_next())
    with pytest.raises(commands.SetUnderway):
        fixture.execute(begin_next())


def test_only_a_server_counts_with_a_trained_model(
    fixture: SessionFixture,
) -> None:
    """C-49: the client names source and model, the server adds the rest."""
    squat = exercise_specs()[SQUAT]
    by_hand = begun(fixture).counted_by
    assert by_hand == CountedBy("manual", "hand", squat.version, None)
    (event,) = decided(fixture, replace(begin_next(), source="server", model="heavy"))
    assert isinstance(event, events.SetStarted)
    assert event.counted_by == CountedBy("server", "heavy", squat.version, squat.trained_model)


def test_only_exercises_of_the_library_are_performed(fixture: SessionFixture) -> None:
    with pytest.raises(UnknownExercise):
        fixture.execute(begin_next("moonwalk"))


def test_a_rest_ends_where_the_next_set_begins(fixture: SessionFixture) -> None:
    """R-WKT-12"""
    fixture.execute(begin_next(), commands.CompleteSet(set=1, span=Span(0, 1)))
    fixture.execute(prescription_commands.StartRest(at=1000))
    assert to_session_view(SessionId("s"), fixture.all_events()).rest is not None
    end, _ = decided(fixture, begin_next(at=50_000))
    assert end == facts.RestEnded(after_set=1, rested_ms=49_000, at_ms=50_000)


@pytest.mark.parametrize(("prescribed", "rest_s"), [(True, 90), (False, DEFAULT_REST_S)])
def test_a_rest_lasts_as_prescribed_or_the_default(*, prescribed: bool, rest_s: int) -> None:
    """R-WKT-12"""
    fixture = SessionFixture()
    if prescribed:
        fixture.execute(prescription_commands.TakePrescription(lines=LINES))
    fixture.execute(begin_next("squat"), commands.CompleteSet(set=1, span=Span(0, 1)))
    started = facts.RestStarted(after_set=1, planned_s=rest_s, at_ms=0)
    assert decided(fixture, prescription_commands.StartRest(at=0)) == (started,)


def test_a_set_started_by_a_camera_begins_with_its_first_movement(fixture: SessionFixture) -> None:
    fixture.execute(
        commands.StartSet(set=1, exercise_id=SQUAT, counted_by=COUNTED_BY),
        commands.CountRepetition(source="server", set=1, number=1, span=Span(4000, 5000)),
    )
    (finished,) = decided(fixture, commands.FinishSet(set=1, at=9000))
    assert finished == events.SetCompleted(set=1, repetitions=1, span=Span(4000, 9000))


def test_a_time_of_the_clock_counts_from_the_start_of_the_session(fixture: SessionFixture) -> None:
    """The session began ten minutes ago, and lasts at most a day."""
    for days, at_ms in ((0, 600_000), (-1, 0), (2, 86_400_000)):
        another = SessionFixture()
        another.execute(begin_next("squat"))
        now = NOW + timedelta(days=days)
        (logged,) = decided(another, commands.LogRepetitions(set=1, repetitions=1, at=now))
        assert isinstance(logged, events.RepetitionCounted)
        assert logged.span.start_ms == at_ms


def test_a_logged_hold_lasts_as_long_as_the_athlete_reports(fixture: SessionFixture) -> None:
    """R-WKT-03, C-49"""
    fixture.execute(begin_next("plank"))
    for end_ms, span in ((40_000, Span(10_000, 40_000)), (5000, Span(0, 30_000))):
        (held,) = decided(fixture, commands.LogHold(set=1, duration_ms=30_000, at=end_ms))
        assert isinstance(held, events.HoldMeasured)
        assert (held.span, held.by_hand, held.form) == (span, True, None)


def test_commands_of_an_athlete_are_rejected_before_the_session_starts() -> None:
    athlete_commands = (
        begin_next(),
        prescription_commands.SkipSets(what="set"),
        prescription_commands.StartRest(at=0),
        prescription_commands.EndRest(at=0),
        commands.FinishSet(set=1, at=1),
        commands.LogRepetitions(set=1, repetitions=1, at=0),
        commands.LogHold(set=1, duration_ms=1, at=1),
        commands.OverruleRepetition(set=1, accepted=False),
    )
    assert {type(each) for each in athlete_commands} == set(get_args(AthleteCommand))
    for command in athlete_commands:
        with pytest.raises(SessionNotFound):
            SESSION.decide(command, SESSION.initial)
    with pytest.raises(SessionNotFound):
        to_session_view(SessionId("s"), [])


def test_healthkit_is_requested_once(fixture: SessionFixture) -> None:
    """R-HLT-11"""
    complete = commands.CompleteSession(at=NOW, specs=exercise_specs(), request_healthkit=True)
    fixture.execute(complete)
    assert decided(fixture, replace(complete, at=NOW + timedelta(days=1))) == ()
    assert to_session_view(SessionId("s"), fixture.all_events()).health_kit.status == "pending"


def test_a_withdrawn_repetition_names_the_later_count_as_reason(fixture: SessionFixture) -> None:
    """C-02, C-49"""
    fixture.execute(
        begin_next(),
        commands.CountRepetition(source="server", set=1, number=1, span=Span(0, 900)),
        commands.ReconcileRepetitions(set=1, withdrawn=(1,), counted_by=COUNTED_BY),
    )
    (performed,) = to_session_view(SessionId("s"), fixture.all_events()).sets
    assert [(each.accepted, each.reason) for each in performed.movements] == [(False, LATER_LOOK)]
    assert (performed.source, performed.rejected) == ("server", 1)


def test_a_repetition_that_the_recount_withdrew_is_listed_once(fixture: SessionFixture) -> None:
    """C-02"""
    fixture.execute(
        begin_next(),
        commands.CountRepetition(source="server", set=1, number=1, span=Span(0, 900)),
        commands.RejectRepetition(set=1, span=Span(0, 900), reason="not_periodic"),
        commands.ReconcileRepetitions(set=1, withdrawn=(1,), counted_by=COUNTED_BY),
    )
    (performed,) = to_session_view(SessionId("s"), fixture.all_events()).sets
    assert [(each.number, each.reason) for each in performed.movements] == [(1, "not_periodic")]
    assert performed.rejected == 1


def test_a_session_under_way_has_no_summary(fixture: SessionFixture) -> None:
    with pytest.raises(NotCompleted):
        summarize(to_session_view(SessionId("s"), fixture.all_events()), {})


def test_the_most_frequent_cues_are_the_feedback_points() -> None:
    """C-48"""
    said = ["a", "b", "b", "c", "d", "e", "f"]
    cues = [CueView(1, None, "fault", sentence, at) for at, sentence in enumerate(said)]
    assert feedback_points(cues) == ("b", "a", "c", "d", "e")
