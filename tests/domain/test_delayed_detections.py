"""Detections that arrive late, out of order, or after one that was lost (R-EVT-19)."""

from dataclasses import replace

import pytest

from domain.sessions import commands, events
from domain.sessions.session import SESSION
from domain.values import Span
from tests.domain.session_examples import (
    FIRST_SET,
    OVER,
    SERVER,
    SPAN,
    count,
    reconciled,
    repetition,
    session_completed,
    set_completed,
    set_started,
    start_set,
)
from tests.specification import specification

given = specification(SESSION)

AFTER_SET = Span(2500, 4500)
HOLD = commands.MeasureHold(set=1, span=SPAN, form=0.5, faults=(), source="server")
of_both_kinds = pytest.mark.parametrize("delayed", [count(3), HOLD], ids=["repetition", "hold"])
COMPLETED_SET = (*FIRST_SET, repetition(1), set_completed(1, 1))


def detected(*commands_of_detections: commands.DetectionCommand) -> commands.RecordDetections:
    return commands.RecordDetections(detections=commands_of_detections)


def rejected(reason: str, span: Span = SPAN) -> events.RepetitionRejected:
    return events.RepetitionRejected(set=1, span=span, reason=reason)


def after_gap(number: int, counter: int) -> events.RepetitionCounted:
    """Return the repetition of the set to which its counter gave another number."""
    return replace(repetition(number), counter=counter)


def test_a_lost_count_does_not_reject_the_later_ones() -> None:
    """R-EVT-19: 1 arrived, 2 was lost, 3 and 4 count."""
    history = (*FIRST_SET, repetition(1))
    given(*history).when(detected(count(3), count(4))).then(after_gap(2, 3), repetition(3))
    given(*history, after_gap(2, 3)).when(detected(count(3))).then_nothing()


def test_a_lost_count_is_recorded_when_it_is_replayed() -> None:
    """R-EVT-19: once, as the next repetition of the set."""
    history = (*FIRST_SET, repetition(1), after_gap(2, 3), repetition(3))
    given(*history).when(detected(count(2))).then(after_gap(4, 2))
    given(*history, after_gap(4, 2)).when(detected(count(2))).then_nothing()
    given(*history, after_gap(4, 2)).when(detected(count(5))).then(repetition(5))


def test_a_client_cannot_leave_out_a_number() -> None:
    """R-WKT-10: only detections may have gaps."""
    given(*FIRST_SET, repetition(1)).when(count(3)).then_rejected(commands.RepetitionOutOfOrder)


def test_a_correction_waits_for_the_count_that_it_names() -> None:
    """R-EVT-19: it is rejected until the lost count is replayed."""
    history = (*FIRST_SET, repetition(1), after_gap(2, 3))
    correction = commands.ReconcileRepetitions(set=1, withdrawn=(2,), added=(), counted_by=SERVER)
    given(*history).when(detected(correction)).then_rejected(commands.RepetitionNotCounted)
    given(*history, after_gap(3, 2)).when(detected(correction)).then(reconciled(2, withdrawn=(3,)))


def test_a_delayed_count_of_a_completed_set_counts() -> None:
    """R-WKT-10, R-EVT-19: the movement ended before the set did."""
    delayed = detected(start_set(1), count(2))
    given(*COMPLETED_SET).when(delayed).then(repetition(2))
    given(*COMPLETED_SET, repetition(2)).when(delayed).then_nothing()
    given(*COMPLETED_SET, set_started(2)).when(delayed).then(repetition(2))


def test_a_movement_that_ended_after_its_set_is_recorded_as_rejected() -> None:
    """R-WKT-10: it does not count, and stays visible with the reason."""
    delayed = detected(replace(count(2), span=AFTER_SET))
    given(*COMPLETED_SET).when(delayed).then(rejected("incomplete", AFTER_SET))


def test_other_delayed_detections_of_a_completed_set_are_recorded() -> None:
    """R-EVT-19: rejections, cues, holds up to the end of the set, and corrections."""
    fault = commands.NoteFault(set=1, repetition=1, fault="knees_in", cue="Knees out", at_ms=2000)
    seen = events.FaultSeen(set=1, repetition=1, fault="knees_in", cue="Knees out", at_ms=2000)
    praise = commands.NotePraise(set=1, repetition=1, cue="Great depth", at_ms=2000)
    earned = events.PraiseEarned(set=1, repetition=1, cue="Great depth", at_ms=2000)
    hold = commands.MeasureHold(set=1, span=AFTER_SET, form=0.5, faults=(), source="server")
    held = events.HoldMeasured(set=1, span=Span(2500, 3000), form=0.5, faults=(), source="server")
    correction = commands.ReconcileRepetitions(set=1, withdrawn=(1,), added=(), counted_by=SERVER)
    shallow = commands.RejectRepetition(set=1, span=SPAN, reason="too_shallow")
    given(*COMPLETED_SET).when(detected(shallow, fault, praise, hold)).then(
        rejected("too_shallow"), seen, earned, held
    )
    given(*COMPLETED_SET).when(detected(correction)).then(reconciled(0, withdrawn=(1,)))
    later = replace(hold, span=Span(3500, 4500))
    given(*COMPLETED_SET).when(detected(later)).then(rejected("incomplete", Span(3500, 4500)))
    complete = commands.CompleteSet(set=1, span=SPAN)
    given(*COMPLETED_SET).when(detected(start_set(1), complete)).then_nothing()


def test_a_lost_end_of_a_set_does_not_reject_the_next_set() -> None:
    """R-EVT-19: the first detection of the next set completes the set before it."""
    history = (*FIRST_SET, repetition(1))
    given(*history).when(detected(start_set(2))).then(set_completed(1, 1), set_started(2))
    empty = events.SetCompleted(set=1, repetitions=0, span=Span(0, 0))
    given(*FIRST_SET).when(detected(start_set(2))).then(empty, set_started(2))


@of_both_kinds
def test_a_detection_of_a_completed_session_is_recorded_as_rejected(
    delayed: commands.DetectionCommand,
) -> None:
    """R-EVT-19: the totals of the session stay, and the movement is visible with the reason."""
    given(*OVER).when(detected(start_set(1), delayed)).then(rejected("after_session"))


def test_a_movement_that_counted_is_not_rejected_after_the_session() -> None:
    """R-EVT-19: its detection arrives a second time when the session is completed."""
    over = (*COMPLETED_SET, session_completed(1))
    given(*over).when(detected(count(1))).then_nothing()
    another = replace(count(2), span=AFTER_SET)
    given(*over).when(detected(another)).then(rejected("after_session", AFTER_SET))
    held = events.HoldMeasured(set=1, span=SPAN, form=0.5, faults=(), source="server")
    over_with_hold = (*FIRST_SET, held, set_completed(1, 0), session_completed(0))
    given(*over_with_hold).when(detected(HOLD)).then_nothing()


@of_both_kinds
def test_a_detection_that_arrives_twice_after_the_session_is_rejected_once(
    delayed: commands.DetectionCommand,
) -> None:
    """R-EVT-19"""
    given(*OVER).when(detected(delayed, delayed)).then(rejected("after_session"))
    given(*OVER, rejected("after_session")).when(detected(delayed)).then_nothing()


def test_a_rejection_after_the_session_counts_as_in_its_set() -> None:
    """C-02: neither a part of a counted movement nor the same rejection counts again."""
    over = (*COMPLETED_SET, session_completed(1))
    span = repetition(1).span
    part = Span(span.start_ms + 100, span.end_ms)
    for each in (span, part):
        shallow = commands.RejectRepetition(set=1, span=each, reason="too_shallow")
        given(*over).when(detected(shallow)).then_nothing()
    shallow = commands.RejectRepetition(set=1, span=AFTER_SET, reason="too_shallow")
    given(*over).when(detected(shallow, shallow)).then(rejected("too_shallow", AFTER_SET))


def test_other_delayed_detections_of_a_completed_session() -> None:
    """R-EVT-19: facts that change no total are recorded, and what would is rejected."""
    fault = commands.NoteFault(set=1, repetition=1, fault="knees_in", cue="Knees out", at_ms=2000)
    seen = events.FaultSeen(set=1, repetition=1, fault="knees_in", cue="Knees out", at_ms=2000)
    shallow = commands.RejectRepetition(set=1, span=SPAN, reason="too_shallow")
    complete = commands.CompleteSet(set=1, span=SPAN)
    given(*OVER).when(detected(start_set(1), fault, shallow, complete)).then(
        seen, rejected("too_shallow")
    )
    correction = commands.ReconcileRepetitions(set=1, withdrawn=(1,), added=(), counted_by=SERVER)
    given(*OVER).when(detected(correction)).then_rejected(commands.SessionNotUnderway)
    given(*OVER).when(detected(start_set(9))).then_rejected(commands.SessionNotUnderway)
