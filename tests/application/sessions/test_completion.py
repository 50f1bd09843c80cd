"""The figures of a completed live session, from its events and the exercise library."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from application.sessions.exercise_specs import exercise_specs
from domain.ids import ExerciseId
from domain.motion.exercises.library import get_exercise
from domain.sessions import commands, events
from domain.sessions.ending import FORGOTTEN_AFTER
from domain.sessions.moments import MILLISECOND
from domain.sessions.prescription_commands import StartRest, TakePrescription
from domain.sessions.prescription_events import PrescribedLine
from domain.sessions.scoring import AthleteMass, calories_kcal
from domain.sessions.session import SESSION
from domain.sessions.states import Underway
from domain.values import CountedBy, InvalidValue, Span, Tempo
from tests.live.chunks import NOW
from tests.live.session_fixture import COUNTED_BY, SessionFixture

PROPER = Tempo(2.0, 0.2, 2.0, 0.2)
TARGET_DEG = get_exercise("squat").range_of_motion.target_deg


def repetition(number: int, *, set_number: int = 1, form: float = 1.0) -> commands.CountRepetition:
    return commands.CountRepetition(
        source="server",
        set=set_number,
        number=number,
        span=Span(1000 * number, 1000 * number + 900),
        tempo=PROPER,
        range_of_motion_deg=TARGET_DEG / 2,
        form=form,
    )


def begun(number: int, name: str, target: int | None) -> commands.StartSet:
    return commands.StartSet(
        set=number,
        exercise_id=name,  # type: ignore[arg-type]  # an exercise's id is a string
        counted_by=COUNTED_BY,
        target_repetitions=target,
    )


@pytest.fixture
def fixture() -> SessionFixture:
    fixture = SessionFixture()
    fixture.execute(
        begun(1, "squat", 4),
        repetition(1, form=0.8),
        repetition(2, form=0.6),
        repetition(3, form=0.1),
        commands.ReconcileRepetitions(set=1, withdrawn=(3,), counted_by=CountedBy("file", "m", 1)),
        commands.CompleteSet(set=1, span=Span(0, 30_000)),
    )
    return fixture


def completed(
    fixture: SessionFixture, body_mass: AthleteMass | None = None, at: datetime = NOW
) -> events.SessionCompleted:
    """Complete the session on a copy of its events; return the summary."""
    command = commands.CompleteSession(
        at=at, body_mass=body_mass or AthleteMass(), specs=exercise_specs()
    )
    *_, last = SESSION.decide(command, SESSION.fold(fixture.all_events()))
    assert isinstance(last, events.SessionCompleted)
    return last


def test_only_accepted_repetitions_count(fixture: SessionFixture) -> None:
    """R-WKT-04, C-16: withdrawn repetitions do not count."""
    closed = completed(fixture)
    assert closed.accuracy == pytest.approx(0.7)
    assert closed.performance is not None
    assert closed.performance.completion == pytest.approx(0.5)
    assert closed.performance.tempo == pytest.approx(1.0)
    assert closed.performance.range_of_motion == pytest.approx(0.5)
    assert closed.duration_ms == timedelta(minutes=10) / timedelta(milliseconds=1)


def test_calories_are_those_of_the_sets(fixture: SessionFixture) -> None:
    """R-WKT-10."""
    met = get_exercise("squat").energy.met
    assert completed(fixture, AthleteMass(80.0)).calories_kcal == calories_kcal(met, 80.0, 30.0)


LONG = Span(0, 86_400_000)
"""A set that was left open for a day."""


def test_energy_of_a_paused_set_is_limited_by_its_movements() -> None:
    """R-WKT-04: a movement, counted or not, lasts at most the exercise's maximum."""
    squat = get_exercise("squat")
    fixture = SessionFixture()
    fixture.execute(
        begun(1, "squat", None),
        repetition(1),
        commands.RejectRepetition(set=1, span=Span(3000, 3900), reason="too_shallow"),
        commands.LogRepetitions(set=1, repetitions=1, at=5000),
        commands.OverruleRepetition(set=1, accepted=False),
        commands.CompleteSet(set=1, span=LONG),
        begun(2, "squat", None),
        commands.CompleteSet(set=2, span=LONG),
    )
    done_s = 3 * squat.counting.most_s
    assert completed(fixture).calories_kcal == calories_kcal(squat.energy.met, 70.0, done_s)


def test_energy_of_a_hold_counts_the_seconds_held() -> None:
    """R-WKT-04"""
    fixture = SessionFixture()
    fixture.execute(
        begun(1, "plank", None),
        commands.LogHold(set=1, duration_ms=20_000, at=21_000),
        commands.CompleteSet(set=1, span=LONG),
    )
    met = get_exercise("plank").energy.met
    assert completed(fixture).calories_kcal == calories_kcal(met, 70.0, 20.0)


def test_an_empty_set_without_a_target_is_not_completed() -> None:
    """R-WKT-04, C-16: a substitute for the prescribed exercise may have no target of its own."""
    fixture = SessionFixture()
    fixture.execute(
        TakePrescription(lines=(PrescribedLine(ExerciseId("squat"), 1, 4, None, 60),)),
        commands.StartSet(set=1, exercise_id=ExerciseId("plank"), counted_by=COUNTED_BY, line=1),
        commands.CompleteSet(set=1, span=Span(0, 1000)),
    )
    performance = completed(fixture).performance
    assert performance is not None
    assert performance.completion == 0.0


def test_a_second_held_weighs_as_much_as_a_repetition(fixture: SessionFixture) -> None:
    fixture.execute(
        begun(2, "plank", None),
        commands.MeasureHold(source="server", set=2, span=Span(0, 8000), form=1.0),
        commands.CompleteSet(set=2, span=Span(0, 9000)),
    )
    assert completed(fixture).accuracy == pytest.approx((0.8 + 0.6 + 8.0) / 10.0)


def test_a_session_without_sets_has_no_score() -> None:
    closed = completed(SessionFixture())
    assert (closed.accuracy, closed.performance, closed.calories_kcal) == (None, None, 0)


def test_a_session_is_not_completed_before_its_last_set(fixture: SessionFixture) -> None:
    """Workers may append the end of the set after the history was read."""
    fixture.start_set(2)
    with pytest.raises(commands.SetUnderway):
        completed(fixture)


def test_completing_again_later_changes_nothing(
    fixture: SessionFixture,
) -> None:
    """R-EVT-16: a retry a day later changes nothing."""
    fixture.complete()
    later = commands.CompleteSession(at=NOW + timedelta(days=2), specs=exercise_specs())
    assert SESSION.decide(later, SESSION.fold(fixture.all_events())) == ()


def test_a_session_waits_for_a_set_that_workers_have_not_entered_yet(
    fixture: SessionFixture,
) -> None:
    """R-LIV-10, C-44: otherwise later events of the set would find the session completed."""
    complete = commands.CompleteSession(at=NOW, specs=exercise_specs(), expected_sets=2)
    with pytest.raises(commands.SetUnderway):
        fixture.execute(complete)
    fixture.execute(replace(complete, expected_sets=1))
    fixture.execute(complete)


def ended_by_clock(fixture: SessionFixture, after: timedelta) -> events.SessionCompleted:
    """Complete the session by the server's clock, this long after it began."""
    session = SESSION.fold(fixture.all_events())
    assert isinstance(session, Underway)
    at = session.started_at + after
    command = commands.CompleteSession(at=at, within_day=True, specs=exercise_specs())
    *_, last = SESSION.decide(command, session)
    assert isinstance(last, events.SessionCompleted)
    return last


def test_the_clock_ends_a_session_within_its_day(fixture: SessionFixture) -> None:
    """None ends before it began; a time of the client that lies outside of the day is refused."""
    before = ended_by_clock(fixture, timedelta(days=-1))
    assert before.at == before.started_at
    for days in (-1, 3):
        with pytest.raises(InvalidValue):
            fixture.execute(
                commands.CompleteSession(at=NOW + timedelta(days=days), specs=exercise_specs())
            )


def test_a_forgotten_session_ends_with_its_last_set(fixture: SessionFixture) -> None:
    """The set ended after 30 s; an hour later, the session has been forgotten."""
    last_set = timedelta(seconds=30)
    for after, lasting in (
        (last_set + FORGOTTEN_AFTER, last_set + FORGOTTEN_AFTER),
        (last_set + FORGOTTEN_AFTER + timedelta(seconds=1), last_set),
        (timedelta(days=3), last_set),
    ):
        last = ended_by_clock(fixture, after)
        assert (last.at - last.started_at, last.duration_ms) == (lasting, lasting // MILLISECOND)


def test_a_forgotten_session_ends_with_its_last_rest(fixture: SessionFixture) -> None:
    """The rest lasted as planned, and what was performed later moves the end."""
    fixture.execute(StartRest(planned_s=90, at=31_000))
    resting = ended_by_clock(fixture, timedelta(hours=20))
    assert resting.duration_ms == 121_000
    fixture.execute(commands.LogRepetitions(set=1, repetitions=1, at=200_000))
    assert ended_by_clock(fixture, timedelta(hours=20)).duration_ms == 200_000


def test_a_forgotten_session_without_a_set_has_no_length() -> None:
    assert ended_by_clock(SessionFixture(), timedelta(hours=20)).duration_ms == 0


def test_prescribed_sets_that_were_not_begun_lower_completion() -> None:
    """R-WKT-04, C-16: repetitions and seconds have equal weight, set by set."""
    fixture = SessionFixture()
    squat = PrescribedLine(ExerciseId("squat"), 2, 4, None, 60)
    plank = PrescribedLine(ExerciseId("plank"), 1, None, 30, 60)
    fixture.execute(
        TakePrescription(lines=(squat, plank)),
        begun(1, "squat", 4),
        repetition(1),
        repetition(2),
        commands.CompleteSet(set=1, span=Span(0, 30_000)),
        commands.StartSet(
            set=2, exercise_id=ExerciseId("plank"), counted_by=COUNTED_BY, target_hold_s=30, line=2
        ),
        commands.MeasureHold(source="server", set=2, span=Span(40_000, 64_000), form=0.5),
        commands.CompleteSet(set=2, span=Span(40_000, 70_000)),
    )
    performance = completed(fixture).performance
    assert performance is not None
    assert performance.completion == pytest.approx((0.5 + 0.0 + 0.8) / 3)


def test_decisions_of_the_athlete_count_in_the_summary(fixture: SessionFixture) -> None:
    """C-49"""
    fixture.execute(commands.OverruleRepetition(set=1, number=2, accepted=False))
    assert completed(fixture).accuracy == pytest.approx(0.8)
    fixture.execute(commands.OverruleRepetition(set=1, number=2, accepted=True))
    assert completed(fixture).accuracy == pytest.approx(0.7)


def test_the_source_of_the_body_mass_is_recorded(fixture: SessionFixture) -> None:
    """R-WKT-04"""
    assert completed(fixture).body_mass == "default"
    assert completed(fixture, AthleteMass(80.0, "profile")).body_mass == "profile"
