"""A session with a prescription: its lines, its rests, and the athlete's corrections."""

from dataclasses import replace

import pytest
from hypothesis import strategies as st

from domain.ids import ExerciseId
from domain.sessions import commands, events, prescription_commands
from domain.sessions import prescription_events as facts
from domain.sessions.session import SESSION, Underway
from domain.sessions.set_state import MAX_REPETITIONS
from domain.values import InvalidValue, Span
from tests.domain.session_examples import (
    COMPLETE,
    DEVICE,
    FIRST_SET,
    OVER,
    REJECT,
    SPAN,
    SQUAT,
    STARTED,
    complete_set,
    count,
    reconcile,
    reconciled,
    repetition,
    session_completed,
    set_completed,
    set_started,
    squats_performed,
)
from tests.specification import for_any, specification

given = specification(SESSION)

PLANK = ExerciseId("plank")
LINES = (
    facts.PrescribedLine(SQUAT, 2, 8, None, 90),
    facts.PrescribedLine(PLANK, 1, None, 30, 45),
)
TAKE = prescription_commands.TakePrescription(lines=LINES)
TAKEN = facts.PrescriptionTaken(lines=LINES)
PRESCRIBED = (STARTED, TAKEN)


def begun(number: int, line: int | None, exercise: ExerciseId = SQUAT) -> events.SetStarted:
    hold = 30 if line == 2 else None
    return events.SetStarted(
        set=number,
        exercise_id=exercise,
        counted_by=DEVICE,
        target_repetitions=8 if line == 1 else None,
        load_kg=None,
        target_hold_s=hold,
        line=line,
    )


def begin(number: int, exercise: ExerciseId = SQUAT) -> commands.StartSet:
    return commands.StartSet(set=number, exercise_id=exercise, counted_by=DEVICE)


def by_hand(number: int, at_ms: int = 5000) -> events.RepetitionCounted:
    return events.RepetitionCounted(
        set=1,
        number=number,
        span=Span(at_ms, at_ms),
        tempo=None,
        range_of_motion_deg=None,
        symmetry=None,
        form=None,
        confidence=1.0,
        faults=(),
        by_hand=True,
        source="manual",
    )


def overruled(
    number: int, *, accepted: bool, standing: int, movement: events.Movement
) -> events.RepetitionOverruled:
    return events.RepetitionOverruled(
        set=1, number=number, accepted=accepted, repetitions=standing, movement=movement
    )


def overrule(number: int | None, *, accepted: bool = False) -> commands.OverruleRepetition:
    return commands.OverruleRepetition(set=1, number=number, accepted=accepted)


SEEN = events.Movement(
    SPAN,
    repetition(1).tempo,
    95.0,
    0.97,
    0.8,
    0.9,
    ("knees_in",),
    None,
    by_hand=False,
    source="server",
)
SAID = events.Movement(REJECT.span, by_hand=True, source="manual")
REJECTED = events.RepetitionRejected(set=1, span=SPAN, reason="too shallow")


# Prescription


def test_a_session_takes_one_prescription_before_its_first_set() -> None:
    """R-WKT-01, C-17"""
    given(STARTED).when(TAKE).then(TAKEN)
    given(*PRESCRIBED).when(TAKE).then_nothing()
    another = prescription_commands.TakePrescription(lines=LINES[:1])
    given(*PRESCRIBED).when(another).then_rejected(prescription_commands.PrescriptionAlreadyTaken)
    over = (*FIRST_SET, set_completed(1, 0))
    given(*over).when(TAKE).then_rejected(prescription_commands.PrescriptionAlreadyTaken)


def test_a_set_of_the_exercise_that_comes_next_performs_its_line() -> None:
    """R-WKT-02"""
    given(*PRESCRIBED).when(begin(1)).then(begun(1, 1))
    given(*PRESCRIBED).when(begin(1, PLANK)).then(begun(1, None, PLANK))
    squats = (begun(1, 1), set_completed(1, 0), begun(2, 1), set_completed(2, 0))
    given(*PRESCRIBED, *squats).when(begin(3, PLANK)).then(begun(3, 2, PLANK))
    given(*PRESCRIBED, *squats).when(begin(3)).then(begun(3, None))


@pytest.mark.parametrize(("what", "sets"), [("set", 1), ("exercise", 2)])
def test_the_next_set_or_all_of_its_line_are_skipped(what: str, sets: int) -> None:
    """R-WKT-03"""
    skip = prescription_commands.SkipSets(what=what)  # type: ignore[arg-type]  # both are there
    given(*PRESCRIBED).when(skip).then(facts.SetsSkipped(line=1, sets=sets))


def test_two_devices_that_skip_one_set_skip_it_once() -> None:
    """R-WKT-03"""
    skip = prescription_commands.SkipSets(what="set", line=1, round=1)
    skipped = facts.SetsSkipped(line=1, sets=1)
    given(*PRESCRIBED).when(skip).then(skipped)
    given(*PRESCRIBED, skipped).when(skip).then_nothing()
    given(*PRESCRIBED, begun(1, 1), set_completed(1, 0)).when(skip).then_nothing()


def test_two_devices_that_skip_one_exercise_do_not_skip_the_one_after_it() -> None:
    """R-WKT-03"""
    squats, plank = (
        prescription_commands.SkipSets(what="exercise", line=line, round=1) for line in (1, 2)
    )
    skipped = facts.SetsSkipped(line=1, sets=2)
    given(*PRESCRIBED, begun(1, 1), set_completed(1, 0)).when(squats).then(
        facts.SetsSkipped(line=1, sets=1)
    )
    given(*PRESCRIBED, skipped).when(squats).then_nothing()
    given(*PRESCRIBED, skipped, facts.SetsSkipped(line=2, sets=1)).when(plank).then_nothing()
    given(STARTED).when(plank).then_rejected(prescription_commands.NothingPrescribed)


def test_completed_sets_are_not_skipped() -> None:
    skip = prescription_commands.SkipSets(what="exercise")
    none = (facts.SetsSkipped(line=1, sets=2), facts.SetsSkipped(line=2, sets=1))
    given(*PRESCRIBED, *none).when(skip).then_rejected(prescription_commands.NothingPrescribed)
    given(STARTED).when(skip).then_rejected(prescription_commands.NothingPrescribed)
    given(*PRESCRIBED, begun(1, 1)).when(skip).then_rejected(commands.SetUnderway)


def test_unstarted_sets_count_as_skipped_at_the_end() -> None:
    """R-WKT-04"""
    history = (*PRESCRIBED, begun(1, 1), set_completed(1, 0), facts.SetsSkipped(line=1, sets=1))
    *_, completed = given(*history).log_after([COMPLETE])
    assert isinstance(completed, events.SessionCompleted)
    assert completed.skipped == 2
    assert completed.exercises == (SQUAT,)


def test_the_total_is_the_sum_of_all_sets() -> None:
    """R-WKT-04"""
    history = (
        *FIRST_SET, repetition(1), repetition(2), set_completed(1, 2),
        set_started(2), repetition(1, in_set=2), set_completed(2, 1),
    )  # fmt: skip
    given(*history).when(COMPLETE).then(squats_performed(2, 1), session_completed(2, 1))


# Rests


def test_a_rest_follows_a_set_and_may_be_made_longer() -> None:
    """R-WKT-12"""
    rest = prescription_commands.StartRest(planned_s=90, at=64_000)
    longer = prescription_commands.StartRest(planned_s=105, at=70_000)
    over = (*FIRST_SET, set_completed(1, 0))
    started = facts.RestStarted(after_set=1, planned_s=90, at_ms=64_000)
    given(STARTED).when(rest).then_rejected(prescription_commands.NothingToRestFrom)
    given(*FIRST_SET).when(rest).then_rejected(commands.SetUnderway)
    given(*over).when(rest).then(started)
    given(*over, started).when(rest).then_nothing()
    given(*over, started).when(longer).then(facts.RestAdjusted(after_set=1, planned_s=105))


def test_a_rest_ends_once() -> None:
    """R-WKT-12"""
    end = prescription_commands.EndRest(at=150_000)
    started = facts.RestStarted(after_set=1, planned_s=90, at_ms=64_000)
    over = (*FIRST_SET, set_completed(1, 0), started)
    ended = facts.RestEnded(after_set=1, rested_ms=86_000, at_ms=150_000)
    given(*over).when(end).then(ended)
    given(*over, ended).when(end).then_nothing()


def test_the_next_set_ends_the_rest() -> None:
    started = facts.RestStarted(after_set=1, planned_s=90, at_ms=64_000)
    history = (*FIRST_SET, set_completed(1, 0), started, begun(2, None))
    state = given(*history).state
    assert isinstance(state, Underway)
    assert state.prescription.resting is None


# Logged by hand


def test_logged_repetitions_are_marked_manual_with_their_own_times() -> None:
    """R-WKT-03, C-49"""
    log = commands.LogRepetitions(set=1, repetitions=2, at=5000)
    given(*FIRST_SET).when(log).then(by_hand(1), by_hand(2, 5001))
    given(*FIRST_SET, by_hand(1), by_hand(2, 5001)).when(log).then(
        by_hand(3, 5002), by_hand(4, 5003)
    )


def test_a_repetition_may_be_remembered_once_the_set_is_over() -> None:
    """R-WKT-03"""
    log = commands.LogRepetitions(set=1, repetitions=1, at=9000)
    given(*FIRST_SET, by_hand(1), set_completed(1, 1)).when(log).then(by_hand(2, 9000))


def test_a_set_has_no_more_repetitions_than_can_be_numbered() -> None:
    one = commands.LogRepetitions(set=1, repetitions=1, at=0)
    full = (by_hand(number, number) for number in range(1, MAX_REPETITIONS + 1))
    given(*FIRST_SET, *full).when(one).then_rejected(InvalidValue)


def test_a_counter_keeps_its_own_numbers_beside_logged_repetitions() -> None:
    """C-49: nothing is lost or counted twice."""
    history = (*FIRST_SET, repetition(1), by_hand(2))
    given(*history).when(count(1)).then_nothing()
    given(*history).when(count(2)).then(replace(repetition(2), number=3))
    praise = commands.NotePraise(set=1, repetition=2, cue="Great", at_ms=9)
    (event,) = SESSION.decide(praise, given(*history, replace(repetition(2), number=3)).state)
    assert isinstance(event, events.PraiseEarned)
    assert event.repetition == 3


# Corrections by the athlete


def test_the_last_repetition_can_be_rejected() -> None:
    """C-49"""
    history = (*FIRST_SET, repetition(1), repetition(2))
    given(*history).when(overrule(None)).then(
        overruled(2, accepted=False, standing=1, movement=SEEN)
    )


def test_a_withdrawn_repetition_does_not_return() -> None:
    """C-02, C-49: neither when it is detected again nor in a later reconciliation."""
    gone = overruled(1, accepted=False, standing=0, movement=SEEN)
    history = (*FIRST_SET, repetition(1), gone)
    given(*history).when(count(1)).then_nothing()
    given(*history).when(reconcile((), (1,))).then_nothing()
    given(*history).when(reconcile((1,))).then_nothing()
    given(*history).when(complete_set(1)).then(set_completed(1, 0))


def test_a_repetition_confirmed_by_the_athlete_stays() -> None:
    """C-02, C-49"""
    gone = overruled(1, accepted=False, standing=0, movement=SEEN)
    back = overruled(1, accepted=True, standing=1, movement=SEEN)
    history = (*FIRST_SET, repetition(1), gone)
    given(*history).when(overrule(1, accepted=True)).then(back)
    given(*history, back).when(overrule(1, accepted=True)).then_nothing()
    given(*history, back).when(reconcile((1,))).then_nothing()


def test_a_movement_that_was_rejected_becomes_a_repetition() -> None:
    """C-49"""
    accept = commands.OverruleRepetition(set=1, accepted=True, start_ms=SPAN.start_ms)
    accepted = overruled(2, accepted=True, standing=2, movement=SAID)
    elsewhere = replace(repetition(1), span=Span(5000, 6000))
    history = (*FIRST_SET, elsewhere, REJECTED)
    given(*history).when(accept).then(accepted)
    given(*history, accepted).when(accept).then_nothing()
    given(*history, accepted).when(count(2)).then(replace(repetition(2), number=3))


def test_a_rejected_movement_that_was_counted_later_is_not_counted_again() -> None:
    """C-02, C-49"""
    early = events.RepetitionRejected(set=1, span=Span(1900, 2200), reason="too_fast")
    history = (*FIRST_SET, REJECTED, early, repetition(1), reconciled(1, added=(1,)))
    accept = commands.OverruleRepetition(set=1, accepted=True, start_ms=SPAN.start_ms)
    given(*history).when(accept).then_nothing()
    missing = replace(accept, start_ms=1900)
    given(*history).when(missing).then_rejected(commands.RepetitionNotCounted)


def test_the_athlete_can_accept_a_withdrawn_repetition_under_its_number() -> None:
    """C-49"""
    recounted = (replace(REJECTED, reason="not_periodic"), reconciled(0, withdrawn=(1,)))
    history = (*FIRST_SET, repetition(1), *recounted)
    accept = commands.OverruleRepetition(set=1, accepted=True, start_ms=SPAN.start_ms)
    back = overruled(1, accepted=True, standing=1, movement=replace(SEEN, source="manual"))
    for command in (accept, overrule(1, accepted=True)):
        given(*history).when(command).then(back)
        given(*history, back).when(command).then_nothing()
    given(*history, back).when(reconcile((1,))).then_nothing()
    instead = (replace(repetition(1), number=2), reconciled(1, added=(2,)))
    given(*history, *instead).when(overrule(1, accepted=True)).then_rejected(
        commands.RepetitionNotCounted
    )


def test_completed_sets_can_be_corrected_until_the_session_ends() -> None:
    """C-49"""
    gone = overruled(1, accepted=False, standing=0, movement=SEEN)
    history = (*FIRST_SET, repetition(1), set_completed(1, 1))
    given(*history).when(overrule(1)).then(gone)
    *_, performed, completed = given(*history, gone).log_after([COMPLETE])
    assert performed == squats_performed(0)
    assert isinstance(completed, events.SessionCompleted)
    assert completed.repetitions == 0
    given(*OVER).when(overrule(1)).then_rejected(commands.SessionNotUnderway)


@pytest.mark.parametrize("command", [overrule(1), overrule(None), overrule(3, accepted=True)])
def test_overruling_an_unknown_repetition_is_refused(command: commands.OverruleRepetition) -> None:
    given(*FIRST_SET).when(command).then_rejected(commands.RepetitionNotCounted)
    given(STARTED).when(command).then_rejected(commands.SetOutOfOrder)


COMMANDS = st.one_of(
    st.integers(1, 6).map(count),
    st.builds(commands.LogRepetitions, set=st.just(1), repetitions=st.integers(1, 3),
              at=st.integers(0, 9)),
    st.builds(commands.OverruleRepetition, set=st.just(1), accepted=st.booleans(),
              number=st.one_of(st.none(), st.integers(1, 8))),
    st.lists(st.integers(1, 6), max_size=3).map(lambda gone: reconcile(tuple(gone))),
    st.just(complete_set(1)),
)  # fmt: skip


@for_any(st.lists(COMMANDS, max_size=25))
def test_all_events_agree_on_the_count_in_any_order_of_commands(
    history: list[commands.SessionCommand],
) -> None:
    """C-49: each event with a count agrees with the events before it."""
    standing: set[int] = set()
    for fact in given(*FIRST_SET).log_after(history):
        match fact:
            case events.RepetitionCounted(number=number):
                assert number not in standing
                standing.add(number)
            case events.RepetitionsReconciled(withdrawn=withdrawn, repetitions=event):
                assert standing >= set(withdrawn)
                standing -= set(withdrawn)
                assert event == len(standing)
            case events.RepetitionOverruled(number=number, accepted=accepted, repetitions=event):
                assert (number in standing) != accepted
                standing ^= {number}
                assert event == len(standing)
            case events.SetCompleted(repetitions=event):
                assert event == len(standing)
            case _:
                pass
