"""Rows of manual changes by athletes, and of their workouts."""

from dataclasses import replace

from domain.ids import ExerciseId
from domain.sessions import events
from domain.sessions import prescription_events as facts
from domain.sessions.set_state import movement_of
from domain.values import Span
from projections.exercise_performance import EXERCISE_PERFORMANCE
from projections.exercise_set import EXERCISE_SET
from projections.health_activity import HEALTH_ACTIVITY
from projections.rejected_repetition import REJECTED_REPETITION
from projections.repetition import REPETITION
from projections.session_summary import SESSION_SUMMARY
from tests.projections.histories import (
    ADA,
    AT,
    completed,
    reconciled,
    rejected,
    repetition,
    row_after,
    rows_after,
    set_started,
    started,
)

SESSION = "session-s1"
SQUAT = ExerciseId("squat")


def overruled(number: int, *, accepted: bool, standing: int) -> events.RepetitionOverruled:
    movement = (
        events.Movement(Span(100, 400), by_hand=True)
        if number > 2
        else movement_of(repetition(number))
    )
    return events.RepetitionOverruled(
        set=1, number=number, accepted=accepted, repetitions=standing, movement=movement
    )


COUNTED = (started(), set_started(), repetition(1), repetition(2), rejected())
TAKEN_BACK = (*COUNTED, overruled(2, accepted=False, standing=1))
INSISTED = (*TAKEN_BACK, overruled(2, accepted=True, standing=2))
ACCEPTED = (*COUNTED, overruled(3, accepted=True, standing=3))


def reasons_after(*history: events.SessionEvent) -> list[str]:
    """Return the reasons of rejected movements; both counts of them match the list."""
    row = row_after(REJECTED_REPETITION, SESSION, *history)
    summary = row_after(SESSION_SUMMARY, SESSION, *history)
    performed = row_after(EXERCISE_SET, SESSION, *history)
    assert summary.rejected == performed.rejected == len(row.rejected)
    return [each.reason for each in row.rejected]


def not_periodic(number: int) -> events.RepetitionRejected:
    return replace(rejected(), span=repetition(number).span, reason="not_periodic")


def test_a_rejected_movement_that_a_later_count_adds_is_no_longer_rejected() -> None:
    """C-02"""
    early = replace(rejected(), span=Span(4500, 4800), reason="too_fast")
    history = (started(), set_started(), repetition(1), early)
    assert reasons_after(*history) == ["too_fast"]
    added = (repetition(2), reconciled(standing=2, added=(2,)))
    assert reasons_after(*history, *added) == []
    assert reasons_after(*history, *added, completed()) == []


def test_a_withdrawn_repetition_is_rejected_once_for_one_reason() -> None:
    """C-02"""
    history = (started(), set_started(), repetition(1), repetition(2))
    withdrawn = reconciled(2, standing=1)
    assert reasons_after(*history, withdrawn) == ["later_look"]
    assert reasons_after(*history, not_periodic(2), withdrawn) == ["not_periodic"]
    back = overruled(2, accepted=True, standing=2)
    assert reasons_after(*history, not_periodic(2), withdrawn, back) == []


def test_a_repetition_rejected_by_the_athlete_has_no_row() -> None:
    """C-49"""
    assert list(rows_after(REPETITION, SESSION, *TAKEN_BACK)) == ["s1/0001/00001"]
    assert reasons_after(*TAKEN_BACK) == ["too_shallow", "athlete"]
    summary = row_after(SESSION_SUMMARY, SESSION, *TAKEN_BACK)
    row = row_after(EXERCISE_SET, SESSION, *TAKEN_BACK)
    assert (summary.repetitions, summary.rejected) == (row.repetitions, row.rejected) == (1, 2)


def test_an_overruled_repetition_keeps_its_measurements() -> None:
    """C-49"""
    assert rows_after(REPETITION, SESSION, *INSISTED) == rows_after(REPETITION, SESSION, *COUNTED)
    assert reasons_after(*INSISTED) == ["too_shallow"]
    summary = row_after(SESSION_SUMMARY, SESSION, *INSISTED)
    assert (summary.repetitions, summary.rejected) == (2, 1)


def test_a_rejected_movement_that_the_athlete_accepts_counts_by_their_hand() -> None:
    """C-49"""
    rows = rows_after(REPETITION, SESSION, *ACCEPTED)
    assert [row.by_hand for row in rows.values()] == [False, False, True]
    assert reasons_after(*ACCEPTED) == []
    row = row_after(EXERCISE_SET, SESSION, *ACCEPTED)
    assert (row.repetitions, row.rejected) == (3, 0)


def test_a_set_knows_its_line_of_the_prescription() -> None:
    """R-WKT-13"""
    begun = replace(set_started(), line=2, target_hold_s=30, at_ms=1500)
    row = row_after(EXERCISE_SET, SESSION, started(), begun)
    assert (row.line, row.target_hold_s, row.start_ms) == (2, 30, 1500)


def test_a_completed_session_has_its_healthkit_status() -> None:
    """R-HLT-09, R-HLT-11, R-DAT-06"""
    over = (started(), completed())
    requested = facts.HealthKitRequested(at=AT)
    failed = facts.HealthKitFailed(at=AT, reason="locked")
    done = facts.HealthKitSynced(at=AT)
    reported = [
        (row.healthkit_status, row.healthkit_reason)
        for row in (
            row_after(SESSION_SUMMARY, SESSION, *over),
            row_after(SESSION_SUMMARY, SESSION, *over, requested),
            row_after(SESSION_SUMMARY, SESSION, *over, requested, failed),
            row_after(SESSION_SUMMARY, SESSION, *over, requested, failed, done),
        )
    ]
    assert reported == [
        ("not_requested", None),
        ("pending", None),
        ("failed", "locked"),
        ("synced", None),
    ]


def performed(*sets: events.PerformedSet) -> events.ExercisePerformed:
    return events.ExercisePerformed(athlete_id=ADA, exercise_id=SQUAT, sets=sets, at=AT)


def test_an_exercise_performance_has_its_best_set_of_each_kind() -> None:
    """R-WKT-05"""
    row = row_after(
        EXERCISE_PERFORMANCE,
        SESSION,
        performed(
            events.PerformedSet(1, 8, 0, 20.0, 0.7),
            events.PerformedSet(2, 6, 0, 30.0, 0.9),
            events.PerformedSet(3, 0, 0, 99.0, None),
        ),
    )
    assert (row.id, row.session_id, row.exercise_id) == ("s1/squat", "s1", "squat")
    assert (row.most_repetitions, row.heaviest_kg, row.best_form) == (8, 30.0, 0.9)
    assert (row.longest_hold_ms, row.shown) == (0, True)


def test_an_exercise_performance_and_a_set_have_the_verified_part() -> None:
    """C-49, R-WKT-05"""
    done = performed(
        events.PerformedSet(1, 12, 0, 40.0, 0.7, 0, 0),
        events.PerformedSet(2, 9, 30_000, 30.0, 0.9, 6, 20_000),
        events.PerformedSet(3, 4, 0, None, None),
    )
    row = row_after(EXERCISE_PERFORMANCE, SESSION, done)
    assert (row.most_repetitions, row.most_verified_repetitions) == (12, 6)
    assert (row.heaviest_kg, row.heaviest_verified_kg) == (40.0, 30.0)
    assert (row.longest_hold_ms, row.longest_verified_hold_ms) == (30_000, 20_000)
    begun = [set_started(number) for number in (1, 2, 3)]
    sets = rows_after(EXERCISE_SET, SESSION, *begun, done).values()
    figures = [(each.verified_repetitions, each.verified_hold_ms) for each in sets]
    assert figures == [(0, 0), (6, 20_000), (None, None)]


def test_a_deleted_session_sets_no_records_until_it_is_back() -> None:
    """R-WKT-05"""
    trained = events.Trained(
        athlete_id=ADA, started_at=AT, time_zone="UTC", sets=1, repetitions=8,
        duration_ms=1, calories_kcal=1.0, accuracy=None, exercises=(SQUAT,),
    )  # fmt: skip
    history = (performed(events.PerformedSet(1, 8, 0, None, None)), completed())
    gone = events.SessionDeleted(at=AT, trained=trained)
    back = events.SessionRestored(at=AT, trained=trained)
    assert not row_after(EXERCISE_PERFORMANCE, SESSION, *history, gone).shown
    assert row_after(EXERCISE_PERFORMANCE, SESSION, *history, gone, back).shown
    assert not row_after(HEALTH_ACTIVITY, SESSION, *history, gone).shown
    assert row_after(HEALTH_ACTIVITY, SESSION, *history, gone, back).shown


def test_a_completed_session_is_an_activity_whether_or_not_a_service_is_linked() -> None:
    """R-WKT-07, R-HLT-10"""
    done = replace(completed(), exercises=(SQUAT,))
    row = row_after(HEALTH_ACTIVITY, SESSION, started(), done)
    assert (row.id, row.athlete_id) == ("s1", "ada")
    assert row.activity_type == "functionalStrengthTraining"
    assert (row.started_at, row.ended_at, row.energy_kcal) == (AT, done.at, 12.5)
    mixed = replace(done, exercises=(SQUAT, ExerciseId("plank")))
    assert row_after(HEALTH_ACTIVITY, SESSION, mixed).activity_type == "crossTraining"
    assert row_after(HEALTH_ACTIVITY, SESSION, completed()).activity_type == "other"


def test_a_session_that_is_ended_without_a_set_is_no_activity() -> None:
    """R-WKT-07: so it is not written to clouds."""
    empty = replace(completed(), sets=0, repetitions=0)
    assert rows_after(HEALTH_ACTIVITY, SESSION, started(), empty) == {}
