from dataclasses import replace
from datetime import UTC, datetime

from application.sessions.report import build_report
from domain.ids import ExerciseId, SessionId, UserId
from domain.sessions import events
from domain.sessions.set_state import movement_of
from domain.values import CountedBy, Span, Tempo

AT = datetime(2030, 1, 1, tzinfo=UTC)
BY = CountedBy("file", "model", 3)
STARTED = events.SessionStarted(athlete_id=UserId("ada"), workout_id=None, at=AT, time_zone="UTC")
SET = events.SetStarted(
    set=1, exercise_id=ExerciseId("squat"), counted_by=BY, target_repetitions=None, load_kg=None
)


def repetition(number: int, unjudged: tuple[str, ...] | None = None) -> events.RepetitionCounted:
    return events.RepetitionCounted(
        set=1,
        number=number,
        span=Span(number * 1000, number * 1000 + 800),
        tempo=Tempo(0.333, 0.1, 0.3, 0.0),
        range_of_motion_deg=91.26,
        symmetry=None,
        form=0.98765,
        confidence=1.0,
        faults=(),
        unjudged=unjudged,
    )


def test_a_withdrawn_repetition_leaves_the_list_and_the_others_keep_their_numbers() -> None:
    """C-02: a correction is a separate event."""
    correction = events.RepetitionsReconciled(
        set=1, repetitions=2, withdrawn=(2,), added=(), counted_by=BY
    )
    found = build_report(
        SessionId("s"), (STARTED, SET, *(repetition(n) for n in (1, 2, 3)), correction)
    )
    assert [rep.number for rep in found.reps] == [1, 3]
    assert found.repetitions == 2


def test_each_movement_that_does_not_count_is_listed_once() -> None:
    """C-02: one of three rejections is of a repetition counted later, one of a withdrawn one."""
    again = events.RepetitionRejected(set=1, span=Span(2000, 2800), reason="not_periodic")
    rejections = (
        replace(again, span=Span(3100, 3300), reason="too_fast"),
        replace(again, span=Span(9000, 9300), reason="too_shallow"),
    )
    correction = events.RepetitionsReconciled(
        set=1, repetitions=2, withdrawn=(2,), added=(3,), counted_by=BY
    )
    first = (repetition(1), repetition(2), *rejections, again)
    report = build_report(SessionId("s"), (STARTED, SET, *first, repetition(3), correction))
    assert [each.reason for each in report.rejected] == ["not_periodic", "too_shallow"]


def test_numbers_are_rounded_to_what_a_camera_can_know() -> None:
    rep = build_report(SessionId("s"), (STARTED, SET, repetition(1))).reps[0]
    assert (rep.range_of_motion_deg, rep.form) == (91.3, 0.988)
    assert rep.tempo_s is not None
    assert rep.tempo_s.eccentric == 0.33


def test_a_cue_is_listed_once() -> None:
    seen = events.FaultSeen(set=1, repetition=1, fault="shallow", cue="Go deeper", at_ms=1)
    assert build_report(SessionId("s"), (STARTED, SET, seen, seen)).cues == ("Go deeper",)


def test_holds_add_up() -> None:
    hold = events.HoldMeasured(set=1, span=Span(0, 5600), form=None, faults=())
    assert build_report(SessionId("s"), (STARTED, SET, hold, hold)).hold_s == 11.2


def test_an_unfinished_session_says_so() -> None:
    assert build_report(SessionId("s"), (STARTED,)).completed is False


def test_a_report_names_what_no_repetition_could_show() -> None:
    """C-49: including what the counter had learned."""
    repetitions = (
        repetition(1),
        repetition(2, ("heels_rising", "trunk_lean")),
        repetition(3, ("trunk_lean",)),
        repetition(4),
    )
    learned = replace(SET, counted_by=replace(BY, learned="0123456789ab"))
    report = build_report(SessionId("s"), (STARTED, learned, *repetitions))
    assert [rep.unjudged for rep in report.reps] == [each.unjudged for each in repetitions]
    assert (report.unjudged, report.learned) == (("trunk_lean",), "0123456789ab")
    assert build_report(SessionId("s"), (STARTED, SET, repetition(1))).unjudged is None


def test_an_overruled_movement_moves_to_the_other_list() -> None:
    """C-49"""
    gone = events.RepetitionOverruled(
        set=1, number=1, accepted=False, repetitions=1, movement=movement_of(repetition(1))
    )
    history = (STARTED, SET, repetition(1), repetition(2))
    report = build_report(SessionId("s"), (*history, gone))
    assert ([rep.number for rep in report.reps], report.repetitions) == ([2], 1)
    assert [(each.start_s, each.reason) for each in report.rejected] == [(1.0, "athlete")]
    back = replace(gone, accepted=True, repetitions=2)
    assert build_report(SessionId("s"), (*history, gone, back)) == build_report(
        SessionId("s"), history
    )
