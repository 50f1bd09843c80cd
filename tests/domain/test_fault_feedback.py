"""Feedback of the athlete on faults."""

from dataclasses import replace

import pytest

from domain.sessions import commands, events
from domain.sessions.feedback_commands import FaultNotJudged, GiveFaultFeedback
from domain.sessions.session import SESSION
from domain.values import FaultFeedback, FaultJudgement
from tests.domain.session_examples import (
    AT,
    FIRST_SET,
    STARTED,
    repetition,
    session_completed,
    set_completed,
)
from tests.specification import specification

given = specification(SESSION)

JUDGEMENTS = (
    FaultJudgement("trunk_lean", "clear", 0.9, 50.0, 45.0),
    FaultJudgement("shallow", "none", 0.01, 80.0, 105.0),
)
JUDGED = replace(repetition(1), faults=("trunk_lean",), judgements=JUDGEMENTS)
HURRIED = events.FaultSeen(set=1, repetition=None, fault="framing", cue="Step in", at_ms=9)
TRAINING = (*FIRST_SET, JUDGED, HURRIED)
DONE = (*TRAINING, set_completed(1, 1), session_completed(1))


def say(
    fault: str, feedback: FaultFeedback | None, repetition: int | None = 1
) -> GiveFaultFeedback:
    return GiveFaultFeedback(set=1, repetition=repetition, fault=fault, feedback=feedback, at=AT)


def said(
    fault: str, feedback: FaultFeedback | None, repetition: int | None = 1
) -> events.FaultFeedbackGiven:
    return events.FaultFeedbackGiven(
        set=1, repetition=repetition, fault=fault, feedback=feedback, at=AT
    )


@pytest.mark.parametrize("history", [TRAINING, DONE], ids=["underway", "completed"])
def test_a_reported_fault_can_be_wrong_and_another_can_be_missed(
    history: tuple[events.SessionEvent, ...],
) -> None:
    """R-UIX-02: also after the session, and for a cue about no repetition."""
    given(*history).when(say("trunk_lean", "wrong")).then(said("trunk_lean", "wrong"))
    given(*history).when(say("shallow", "missed")).then(said("shallow", "missed"))
    given(*history).when(say("framing", "wrong", None)).then(said("framing", "wrong", None))


def test_feedback_is_noted_once_and_can_be_taken_back() -> None:
    wrong = said("trunk_lean", "wrong")
    given(*DONE, wrong).when(say("trunk_lean", "wrong")).then_nothing()
    given(*DONE, wrong).when(say("trunk_lean", None)).then(said("trunk_lean", None))
    taken_back = (*DONE, wrong, said("trunk_lean", None))
    given(*taken_back).when(say("trunk_lean", None)).then_nothing()
    given(*taken_back).when(say("trunk_lean", "wrong")).then(wrong)


@pytest.mark.parametrize(
    "command",
    [
        say("shallow", "wrong"),
        say("trunk_lean", "missed"),
        say("heels_rising", "missed"),
        say("trunk_lean", "wrong", None),
    ],
)
def test_only_a_judgement_can_be_contradicted(command: GiveFaultFeedback) -> None:
    given(*DONE).when(command).then_rejected(FaultNotJudged)


def test_the_set_the_repetition_and_the_session_must_exist() -> None:
    beyond = replace(say("trunk_lean", "wrong"), set=2)
    given(*DONE).when(beyond).then_rejected(commands.SetOutOfOrder)
    given(*DONE).when(say("trunk_lean", "wrong", 2)).then_rejected(commands.RepetitionNotCounted)
    given().when(say("trunk_lean", "wrong")).then_rejected(commands.SessionMissing)
    deleted = events.SessionDeleted(at=AT, trained=None)
    given(STARTED, deleted).when(say("shallow", "missed")).then_rejected(commands.SessionMissing)
