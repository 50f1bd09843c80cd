from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain.ids import ExerciseId
from domain.kernel import Projection
from domain.sessions import events
from domain.values import Span
from projections.cue import CUE
from projections.exercise_set import EXERCISE_SET
from projections.fault_feedback import FAULT_FEEDBACK
from projections.kernel import fast_replace
from projections.rejected_repetition import REJECTED_REPETITION, RejectedRepetition
from projections.repetition import REPETITION
from projections.session_summary import SESSION_SUMMARY
from tests.projections.histories import (
    AT,
    DEVICE,
    completed,
    reconciled,
    recording_started,
    rejected,
    repetition,
    row_after,
    rows_after,
    set_completed,
    set_started,
    started,
)

SESSION = "session-s1"


def test_a_session_is_seen_while_it_is_underway() -> None:
    """R-WKT-13"""
    row = row_after(SESSION_SUMMARY, SESSION, started(), set_started(), repetition(1), rejected())
    assert (row.id, row.athlete_id, row.workout_id) == ("s1", "ada", "legs")
    assert (row.status, row.sets, row.repetitions, row.rejected) == ("underway", 1, 1, 1)
    assert (row.started_at, row.completed_at) == (AT, None)


def test_a_completed_session_has_its_summary() -> None:
    """R-WKT-04, C-16: duration, sets, repetitions, calories, and the score with its inputs."""
    score = events.Performance(
        score=81.5, completion=1.0, form=0.9, tempo=None, range_of_motion=0.7
    )
    row = row_after(SESSION_SUMMARY, SESSION, started(), completed(performance=score))
    assert row.status == "completed"
    assert row.completed_at == AT + timedelta(minutes=1)
    assert (row.duration_ms, row.sets, row.repetitions) == (60_000, 2, 10)
    assert (row.frames, row.frames_with_pose) == (1800, 1750)
    assert (row.calories_kcal, row.accuracy) == (12.5, 0.9)
    assert row.performance_score == 81.5
    assert (row.performance_completion, row.performance_form) == (1.0, 0.9)
    assert (row.performance_tempo, row.performance_range_of_motion) == (None, 0.7)


def test_a_session_without_a_score_shows_none() -> None:
    row = row_after(SESSION_SUMMARY, SESSION, started(), completed(performance=None))
    assert row.performance_score is None


def test_the_main_exercise_is_that_of_the_first_set() -> None:
    row = row_after(
        SESSION_SUMMARY,
        SESSION,
        started(),
        set_started(1, "squat"),
        set_started(2, "push_up"),
        set_started(3, "squat"),
    )
    assert row.exercise_id == "squat"
    assert row.exercises == (ExerciseId("squat"), ExerciseId("push_up"))


def test_a_session_says_who_counted() -> None:
    row = row_after(SESSION_SUMMARY, SESSION, started(), set_started())
    assert (row.counted_by_source, row.counted_by_model) == ("device", "blazepose-full")
    assert row.counted_by_definition_version == 3


def test_an_announced_counter_of_ours_counts_from_its_first_result() -> None:
    """C-49: a client's claims, and the athlete's log, do not make the count ours."""
    ours = replace(DEVICE, source="server", learned="0123456789ab")
    begun = replace(set_started(), counted_by=ours, claimed=True)
    claim = replace(repetition(1), source="device")
    by_us = replace(repetition(2), source="server")
    hold = events.HoldMeasured(set=1, span=Span(0, 2000), form=1.0, faults=(), source="server")
    by_hand = replace(claim, source="manual", by_hand=True)

    def counters(*log: Any) -> set[tuple[str | None, str | None]]:
        rows = (
            row_after(SESSION_SUMMARY, SESSION, started(), *log),
            row_after(EXERCISE_SET, SESSION, *log),
        )
        return {(each.counted_by_source, each.counted_by_learned) for each in rows}

    for claims in ((), (claim,), (by_hand,)):
        assert counters(begun, *claims) == {("device", None)}
    for result in (by_us, hold):
        assert counters(begun, claim, result) == {("server", "0123456789ab")}
    assert counters(replace(begun, claimed=False)) == {("server", "0123456789ab")}, "older events"


def test_a_later_count_corrects_the_row_and_names_its_source() -> None:
    row = row_after(
        SESSION_SUMMARY,
        SESSION,
        started(),
        set_started(),
        *(repetition(number) for number in (1, 2, 3)),
        reconciled(2, standing=2, added=(3,)),
    )
    assert (row.repetitions, row.counted_by_source) == (2, "server")


@pytest.mark.parametrize(
    ("zone", "day"),
    [("UTC", date(2029, 12, 31)), ("Pacific/Auckland", date(2030, 1, 1))],
)
def test_the_day_of_a_session_is_the_athletes(zone: str, day: date) -> None:
    """C-52"""
    delayed = datetime.fromisoformat("2029-12-31T23:30:00+00:00")
    assert row_after(SESSION_SUMMARY, SESSION, started(at=delayed, zone=zone)).day == day


def test_facts_about_a_session_that_never_started_make_no_row() -> None:
    assert rows_after(SESSION_SUMMARY, SESSION, repetition(1), rejected(), completed()) == {}


def test_a_set_is_its_own_record() -> None:
    """R-WKT-13"""
    rows = rows_after(
        EXERCISE_SET,
        SESSION,
        set_started(1),
        repetition(1),
        repetition(2),
        rejected(),
        set_completed(2),
        set_started(2, "push_up"),
    )
    first, second = rows["s1/0001"], rows["s1/0002"]
    assert (first.session_id, first.number, first.exercise_id) == ("s1", 1, "squat")
    assert (first.status, first.repetitions, first.rejected) == ("completed", 2, 1)
    assert (first.target_repetitions, first.load_kg) == (10, 40.0)
    assert (first.start_ms, first.end_ms) == (1000, 31_000)
    assert (second.status, second.exercise_id, second.end_ms) == ("underway", "push_up", None)


def test_a_set_adds_up_what_was_held() -> None:
    hold = events.HoldMeasured(set=1, span=Span(1000, 21_500), form=0.8, faults=())
    row = row_after(EXERCISE_SET, SESSION, set_started(1, "plank"), hold, hold)
    assert row.hold_ms == 41_000


def test_the_count_of_a_set_is_the_accepted_one() -> None:
    row = row_after(
        EXERCISE_SET,
        SESSION,
        set_started(),
        repetition(1),
        repetition(2),
        reconciled(2, standing=1),
    )
    assert (row.repetitions, row.counted_by_model) == (1, "blazepose-heavy")


def test_facts_about_a_set_that_never_started_make_no_row() -> None:
    assert rows_after(EXERCISE_SET, SESSION, repetition(1), set_completed(1)) == {}


def test_a_repetition_keeps_its_tempo_range_form_and_faults() -> None:
    row = row_after(REPETITION, SESSION, repetition(3, set_number=2))
    assert (row.id, row.set_id) == ("s1/0002/00003", "s1/0002")
    assert (row.start_ms, row.end_ms) == (6000, 7500)
    assert (row.eccentric_s, row.bottom_pause_s) == (0.7, 0.1)
    assert (row.concentric_s, row.top_pause_s) == (0.6, 0.5)
    assert (row.range_of_motion_deg, row.symmetry) == (95.5, 0.98)
    assert (row.form, row.confidence, row.faults) == (0.9, 0.8, ("knees_in",))


def test_withdrawn_repetitions_leave_and_the_others_keep_their_numbers() -> None:
    counted = [repetition(number) for number in (1, 2, 3, 4)]
    rows = rows_after(REPETITION, SESSION, *counted, reconciled(2, 3, standing=2))
    assert [row.number for row in rows.values()] == [1, 4]


def test_keys_sort_as_repetitions_were_counted() -> None:
    rows = rows_after(REPETITION, SESSION, *(repetition(number) for number in range(1, 13)))
    assert list(rows) == sorted(rows)


def test_a_rejected_movement_is_kept_with_its_reason() -> None:
    second = rejected(start_ms=900)
    rows = rows_after(REJECTED_REPETITION, SESSION, started(), rejected(), second)
    assert list(rows) == ["s1/0001"]
    assert rows["s1/0001"].rejected == [
        RejectedRepetition(1, 100, 400, "too_shallow"),
        RejectedRepetition(1, 900, 1200, "too_shallow"),
    ]


def test_faults_and_praise_are_cues() -> None:
    """R-DAT-02"""
    fault = events.FaultSeen(set=1, repetition=None, fault="knees_in", cue="Knees out", at_ms=900)
    praise = events.PraiseEarned(set=1, repetition=3, cue="Lovely", at_ms=4000)
    first, second = rows_after(CUE, SESSION, fault, praise).values()
    assert (first.fault, first.cue, first.at_ms, first.repetition) == (
        "knees_in",
        "Knees out",
        900,
        None,
    )
    assert (second.fault, second.cue, second.repetition) == (None, "Lovely", 3)


def test_feedback_on_a_fault_is_kept_until_it_is_taken_back() -> None:
    wrong = events.FaultFeedbackGiven(
        set=1, repetition=2, fault="knees_in", feedback="wrong", at=AT
    )
    missed = replace(wrong, repetition=None, feedback="missed")
    first, second = rows_after(FAULT_FEEDBACK, SESSION, wrong, missed).values()
    assert (first.repetition, first.fault, first.feedback) == (2, "knees_in", "wrong")
    assert (second.repetition, second.feedback) == (None, "missed")
    taken_back = replace(wrong, feedback=None)
    assert list(rows_after(FAULT_FEEDBACK, SESSION, wrong, missed, taken_back).values()) == [second]


@pytest.mark.parametrize(
    "projection",
    [SESSION_SUMMARY, EXERCISE_SET, REPETITION, REJECTED_REPETITION, CUE, FAULT_FEEDBACK],
    ids=lambda projection: projection.name,
)
def test_other_contexts_do_not_concern_sessions(projection: Projection[Any]) -> None:
    assert rows_after(projection, "recording-r1", recording_started()) == {}


def test_an_unknown_field_of_a_row_is_refused() -> None:
    row = row_after(SESSION_SUMMARY, SESSION, started())
    with pytest.raises(TypeError, match="score"):
        fast_replace(row, score=1.0)  # type: ignore[call-arg]  # what the checker refuses as well


def test_changing_a_row_does_not_mutate_the_previous_one() -> None:
    row = row_after(SESSION_SUMMARY, SESSION, started())
    after = fast_replace(row, sets=2)
    assert (row.sets, after.sets) == (0, 2)
    assert after == replace(row, sets=2)


def test_a_set_names_what_nothing_in_it_could_show() -> None:
    seen = [
        replace(repetition(1), unjudged=("heels_rising", "trunk_lean")),
        replace(repetition(2), unjudged=("trunk_lean",)),
    ]
    row = row_after(EXERCISE_SET, SESSION, set_started(), *seen)
    assert row.unjudged == ("trunk_lean",)
    rows = rows_after(REPETITION, SESSION, set_started(), *seen)
    assert [each.unjudged for each in rows.values()] == [each.unjudged for each in seen]
    assert row_after(EXERCISE_SET, SESSION, set_started(), repetition(1)).unjudged is None


def test_a_row_names_what_its_counter_had_learned() -> None:
    """C-49"""
    begun = replace(set_started(), counted_by=replace(DEVICE, learned="0123456789ab"))
    assert row_after(EXERCISE_SET, SESSION, begun).counted_by_learned == "0123456789ab"
    summary = row_after(SESSION_SUMMARY, SESSION, started(), begun)
    assert summary.counted_by_learned == "0123456789ab"
