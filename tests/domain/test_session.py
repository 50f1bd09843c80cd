from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import strategies as st

from domain.ids import UserId
from domain.sessions import commands, events
from domain.sessions.session import SESSION, Completed, NotStarted, Underway
from domain.values import InvalidValue, Span, Tempo
from tests.domain.session_examples import (
    ADA,
    AT,
    COMPLETE,
    EVERY_COMMAND,
    FIRST_SET,
    HOLD,
    NOTE,
    OVER,
    PRAISE,
    REJECT,
    SPAN,
    START,
    STARTED,
    WITHIN_A_SET,
    complete_set,
    count,
    reconcile,
    reconciled,
    repetition,
    session_completed,
    set_completed,
    set_started,
    squats_performed,
    start_set,
)
from tests.specification import for_any, is_refused, specification

given = specification(SESSION)

# Session


def test_a_session_starts_with_its_athlete_and_time_zone() -> None:
    """R-WKT-01: an execution begins; C-17 calls it a session."""
    given().when(START).then(STARTED)


@pytest.mark.parametrize("history", [(STARTED,), OVER], ids=["underway", "over"])
def test_a_session_starts_once(history: tuple[events.SessionEvent, ...]) -> None:
    given(*history).when(START).then_rejected(commands.SessionAlreadyStarted)


@pytest.mark.parametrize("athlete", ["", "   "])
def test_a_session_belongs_to_an_athlete(athlete: str) -> None:
    """R-IDN-16"""
    is_refused(
        commands.AthleteMissing,
        lambda: commands.StartSession(athlete_id=UserId(athlete), at=AT),
    )


@pytest.mark.parametrize("year", [1, 1899, 9001, 9999])
def test_the_day_of_a_session_is_a_valid_date(year: int) -> None:
    """In the first and last year a local date may not exist, which read models need."""
    at = AT.replace(year=year)
    is_refused(InvalidValue, lambda: commands.StartSession(athlete_id=ADA, at=at))
    is_refused(InvalidValue, lambda: commands.CompleteSession(at=at, specs={}))


@pytest.mark.parametrize(
    "zone", ["", "Mars/Olympus", "../../etc/passwd", "localtime", "Factory", "right/UTC"]
)
def test_the_day_of_a_session_needs_a_valid_time_zone(zone: str) -> None:
    """C-52"""
    is_refused(InvalidValue, lambda: commands.StartSession(athlete_id=ADA, at=AT, time_zone=zone))


@pytest.mark.parametrize("command", EVERY_COMMAND[1:], ids=lambda command: type(command).__name__)
def test_nothing_happens_before_a_session_starts(command: commands.SessionCommand) -> None:
    given().when(command).then_rejected(commands.SessionNotUnderway)


def test_a_session_does_not_end_before_it_began_or_after_a_day() -> None:
    for seconds in (-1, 86_401):
        command = replace(COMPLETE, at=AT + timedelta(seconds=seconds))
        given(STARTED).when(command).then_rejected(InvalidValue)


@pytest.mark.parametrize("command", EVERY_COMMAND[1:-1], ids=lambda command: type(command).__name__)
def test_nothing_happens_after_a_session_is_over(command: commands.SessionCommand) -> None:
    given(*OVER).when(command).then_rejected(commands.SessionNotUnderway)


def test_a_completed_session_names_the_athlete_and_the_totals() -> None:
    """R-WKT-04, R-WKT-09"""
    history = (*FIRST_SET, repetition(1), repetition(2), set_completed(1, 2))
    given(*history).when(COMPLETE).then(squats_performed(2), session_completed(2))


def test_a_session_may_be_completed_without_a_set() -> None:
    given(STARTED).when(COMPLETE).then(session_completed())


def test_a_session_is_not_completed_in_the_middle_of_a_set() -> None:
    given(*FIRST_SET).when(COMPLETE).then_rejected(commands.SetUnderway)


def test_completing_a_session_twice_changes_nothing() -> None:
    """R-EVT-16"""
    given(*OVER).when(COMPLETE).then_nothing()


# Sets


def test_a_set_starts_with_its_exercise_load_and_counter() -> None:
    """R-WKT-02; C-49: the count names its source."""
    given(STARTED).when(start_set(1)).then(set_started(1))


def test_starting_a_set_twice_starts_it_once() -> None:
    """R-EVT-16"""
    given(*FIRST_SET, repetition(1)).when(start_set(1)).then_nothing()


def test_a_set_is_completed_before_the_next_one_starts() -> None:
    given(*FIRST_SET).when(start_set(2)).then_rejected(commands.SetUnderway)


@pytest.mark.parametrize("number", [1, 3])
def test_sets_are_numbered_in_the_order_of_training(number: int) -> None:
    history = (*FIRST_SET, set_completed(1, 0))
    given(*history).when(start_set(number)).then_rejected(commands.SetOutOfOrder)


def test_the_next_set_starts_after_the_one_before_it() -> None:
    given(*FIRST_SET, set_completed(1, 0)).when(start_set(2)).then(set_started(2))


def test_a_completed_set_has_the_repetitions_counted_in_it() -> None:
    """R-WKT-03, R-WKT-13"""
    history = (*FIRST_SET, repetition(1), repetition(2))
    given(*history).when(complete_set(1)).then(set_completed(1, 2))


def test_a_set_completed_twice_was_completed_once() -> None:
    """R-EVT-16"""
    given(*FIRST_SET, set_completed(1, 0)).when(complete_set(1)).then_nothing()


def test_a_set_that_never_started_is_not_completed() -> None:
    given(STARTED).when(complete_set(1)).then_rejected(commands.NoSetUnderway)


def test_only_the_set_underway_is_completed() -> None:
    given(*FIRST_SET).when(complete_set(2)).then_rejected(commands.SetOutOfOrder)


# Repetitions, faults and holds


def test_a_repetition_is_counted_in_the_current_set() -> None:
    """R-POS-02: repetition, tempo and range of motion."""
    given(*FIRST_SET).when(count(1)).then(repetition(1))


def test_a_repetition_seen_twice_is_counted_once() -> None:
    """R-EVT-16"""
    given(*FIRST_SET, repetition(1)).when(count(1)).then_nothing()


def test_no_repetition_is_left_out() -> None:
    given(*FIRST_SET, repetition(1)).when(count(3)).then_rejected(commands.RepetitionOutOfOrder)


def test_counting_begins_again_with_each_set() -> None:
    history = (*FIRST_SET, repetition(1), set_completed(1, 1), set_started(2))
    given(*history).when(count(1, in_set=2)).then(repetition(1, in_set=2))


def test_a_rejected_movement_is_recorded_with_its_reason() -> None:
    given(*FIRST_SET).when(REJECT).then(
        events.RepetitionRejected(set=1, span=SPAN, reason="too shallow")
    )


def test_a_rejected_movement_does_not_count() -> None:
    rejected = events.RepetitionRejected(set=1, span=SPAN, reason="too shallow")
    given(*FIRST_SET, rejected).when(count(1)).then(repetition(1))


def test_a_fault_is_noted_with_its_cue_and_time() -> None:
    """R-POS-06; C-48: a cue has its time and repetition."""
    given(*FIRST_SET).when(NOTE).then(
        events.FaultSeen(set=1, repetition=3, fault="knees_in", cue="Knees out", at_ms=2500)
    )


def test_praise_is_noted_with_its_repetition() -> None:
    """R-POS-06: corrections and praise."""
    given(*FIRST_SET).when(PRAISE).then(
        events.PraiseEarned(set=1, repetition=1, cue="Great depth", at_ms=2500)
    )


def test_a_hold_is_measured_with_its_form() -> None:
    """R-WKT-02: repetitions or duration."""
    given(*FIRST_SET).when(HOLD).then(
        events.HoldMeasured(set=1, span=SPAN, form=0.7, faults=("hips_low",), source="server")
    )


@pytest.mark.parametrize("command", WITHIN_A_SET, ids=lambda command: type(command).__name__)
@pytest.mark.parametrize(
    "history", [(STARTED,), (*FIRST_SET, set_completed(1, 0))], ids=["before", "after"]
)
def test_detections_need_a_set_under_way(
    history: tuple[events.SessionEvent, ...], command: commands.SessionCommand
) -> None:
    given(*history).when(command).then_rejected(commands.NoSetUnderway)


@pytest.mark.parametrize("command", WITHIN_A_SET, ids=lambda command: type(command).__name__)
def test_detections_must_name_the_current_set(command: commands.SessionCommand) -> None:
    history = (*FIRST_SET, set_completed(1, 0), set_started(2))
    given(*history).when(command).then_rejected(commands.SetOutOfOrder)


# Reconciliation of counts


def test_reconciliation_withdraws_false_repetitions() -> None:
    """C-02: the correction is itself an event."""
    history = (*FIRST_SET, repetition(1), repetition(2), repetition(3))
    given(*history).when(reconcile((3, 1))).then(reconciled(1, withdrawn=(1, 3)))


def test_reconciliation_adds_missed_repetitions() -> None:
    """C-02"""
    history = (*FIRST_SET, repetition(1), repetition(2))
    given(*history).when(reconcile(added=(2,))).then(reconciled(2, added=(2,)))
    given(*history, reconciled(2, added=(2,))).when(reconcile(added=(2,))).then_nothing()


def test_a_repetition_is_withdrawn_once() -> None:
    """R-EVT-16"""
    history = (*FIRST_SET, repetition(1), repetition(2), reconciled(1, withdrawn=(1,)))
    given(*history).when(reconcile((1,))).then_nothing()
    given(*history).when(reconcile((1, 2, 2))).then(reconciled(0, withdrawn=(2,)))


def test_one_correction_can_follow_another() -> None:
    """C-02"""
    history = (
        *FIRST_SET, repetition(1), repetition(2), repetition(3),
        reconciled(2, withdrawn=(1,)), reconciled(1, withdrawn=(2,), added=(3,)),
    )  # fmt: skip
    given(*history).when(reconcile((1, 2))).then_nothing()
    given(*history).when(reconcile((3,))).then(reconciled(0, withdrawn=(3,)))
    given(*history).when(complete_set(1)).then(set_completed(1, 1))


def test_a_second_count_that_agrees_changes_nothing() -> None:
    given(*FIRST_SET, repetition(1)).when(reconcile()).then_nothing()


@pytest.mark.parametrize("number", [0, 2])
def test_only_a_counted_repetition_is_corrected(number: int) -> None:
    history = (*FIRST_SET, repetition(1))
    given(*history).when(reconcile((number,))).then_rejected(commands.RepetitionNotCounted)
    given(*history).when(reconcile(added=(number,))).then_rejected(commands.RepetitionNotCounted)


def test_the_corrected_count_is_the_count_of_the_set_and_session() -> None:
    """C-02, R-WKT-04"""
    history = (
        *FIRST_SET, repetition(1), repetition(2), reconciled(1, withdrawn=(2,)),
    )  # fmt: skip
    given(*history).when(complete_set(1)).then(set_completed(1, 1))
    given(*history, set_completed(1, 1)).when(COMPLETE).then(
        squats_performed(1), session_completed(1)
    )


def test_counting_goes_on_after_a_correction_with_the_next_number() -> None:
    history = (*FIRST_SET, repetition(1), repetition(2), reconciled(1, withdrawn=(2,)))
    given(*history).when(count(3)).then(repetition(3))


def test_corrections_end_with_their_set() -> None:
    history = (
        *FIRST_SET, repetition(1), reconciled(0, withdrawn=(1,)), set_completed(1, 0),
        set_started(2), repetition(1, in_set=2),
    )  # fmt: skip
    given(*history).when(complete_set(2)).then(set_completed(2, 1))


# Quantities


@pytest.mark.parametrize(
    ("command", "field", "wrong"),
    [
        (start_set(1), "set", 0),
        (start_set(1), "target_repetitions", 0),
        (start_set(1), "load_kg", -1.0),
        (start_set(1), "load_kg", float("nan")),
        (count(1), "number", 0),
        (count(1), "confidence", 1.01),
        (count(1), "confidence", float("nan")),
        (count(1), "form", -0.01),
        (count(1), "symmetry", 1.01),
        (count(1), "range_of_motion_deg", 361.0),
        (NOTE, "at_ms", -1),
        (PRAISE, "at_ms", -1),
        (HOLD, "form", float("inf")),
        (complete_set(1), "set", 0),
        (COMPLETE.capture, "frames", -1),
        (COMPLETE.capture, "frames_with_pose", 1801),
        (COMPLETE.body_mass, "kg", 19.9),
        (COMPLETE.body_mass, "kg", float("nan")),
    ],
)  # fmt: skip
def test_a_quantity_outside_of_its_meaning_is_refused(
    command: Any, field: str, wrong: object
) -> None:
    """R-POS-07, C-16: shares are 0..1, the performance score is 0..100."""
    fields = {name: getattr(command, name) for name in command.__dataclass_fields__}
    is_refused(InvalidValue, lambda: type(command)(**fields | {field: wrong}))


def test_a_span_does_not_end_before_it_starts() -> None:
    is_refused(InvalidValue, lambda: Span(2, 1))
    is_refused(InvalidValue, lambda: Span(-1, 1))


def test_a_phase_has_no_negative_duration() -> None:
    is_refused(InvalidValue, lambda: Tempo(1.0, -0.1, 1.0, 0.0))


# Invariants


@for_any(st.lists(st.integers(min_value=1, max_value=30)))
def test_an_unsteady_camera_never_lowers_the_count(seen: list[int]) -> None:
    log = given(*FIRST_SET).log_after(count(number) for number in seen)
    counted = [event.number for event in log if isinstance(event, events.RepetitionCounted)]
    assert counted == list(range(1, len(counted) + 1))


numbers = st.integers(min_value=1, max_value=3)
any_command: st.SearchStrategy[commands.SessionCommand] = st.one_of(
    st.sampled_from([START, COMPLETE, REJECT, NOTE, PRAISE, HOLD]),
    st.builds(start_set, numbers),
    st.builds(complete_set, numbers),
    st.builds(lambda number, in_set: count(number, in_set=in_set), numbers, numbers),
    st.builds(
        lambda withdrawn, added: reconcile(tuple(withdrawn), tuple(added)),
        st.lists(numbers, max_size=2),
        st.lists(numbers, max_size=2),
    ),
)
said_once = st.one_of(
    st.sampled_from([START, COMPLETE]),
    st.builds(start_set, numbers),
    st.builds(complete_set, numbers),
    st.builds(lambda number, in_set: count(number, in_set=in_set), numbers, numbers),
    st.builds(lambda withdrawn: reconcile(tuple(withdrawn)), st.lists(numbers, max_size=2)),
)


@for_any(st.lists(any_command, max_size=30), said_once)
def test_a_repeated_numbered_command_is_applied_once(
    history: list[commands.SessionCommand], again: commands.SessionCommand
) -> None:
    """R-EVT-16: faults and holds have no number; for them the command id decides."""
    once = given(STARTED).log_after([*history, again])
    assert given(*once).log_after([again]) == once


@for_any(st.lists(any_command, max_size=60))
def test_the_total_counts_the_confirmed_repetitions_of_completed_sets(
    history: list[commands.SessionCommand],
) -> None:
    log = given(STARTED).log_after(history)
    completed = [event for event in log if isinstance(event, events.SetCompleted)]
    assert all(event.repetitions >= 0 for event in completed)
    for event in log:
        if isinstance(event, events.SessionCompleted):
            assert event.repetitions == sum(done.repetitions for done in completed)
            assert event.sets == len(completed)


@for_any(st.permutations(list(FIRST_SET) + list(OVER) + [repetition(1), reconciled(9, added=(9,))]))
def test_the_fold_accepts_every_recorded_event(history: list[events.SessionEvent]) -> None:
    """R-EVT-14: all stored events can be replayed."""
    assert isinstance(SESSION.fold(history), NotStarted | Underway | Completed)
