"""Rules of feedback on faults and on sets: it changes no figure."""

from domain.sessions import events
from domain.sessions.commands import RepetitionNotCounted, SetOutOfOrder
from domain.sessions.feedback_commands import FaultNotJudged, GiveFaultFeedback, RateSet
from domain.sessions.set_state import SetState


def decide(
    command: GiveFaultFeedback, performed: tuple[SetState, ...]
) -> tuple[events.FaultFeedbackGiven, ...]:
    """Return the feedback if it is new. Raises a refusal."""
    if not 1 <= command.set <= len(performed):
        raise SetOutOfOrder
    state = performed[command.set - 1]
    repetition, fault = command.repetition, command.fault
    if repetition is not None and not 1 <= repetition <= len(state.movements):
        raise RepetitionNotCounted
    if state.feedback_on(repetition, fault) == command.feedback:
        return ()
    is_reported = state.is_reported(repetition, fault)
    if command.feedback == "wrong" and not is_reported:
        raise FaultNotJudged
    if command.feedback == "missed" and (is_reported or not state.is_judged(repetition, fault)):
        raise FaultNotJudged
    return (
        events.FaultFeedbackGiven(
            set=command.set,
            repetition=repetition,
            fault=fault,
            feedback=command.feedback,
            at=command.at,
        ),
    )


def rate(command: RateSet, performed: tuple[SetState, ...]) -> tuple[events.SetRated, ...]:
    """Return the rating if it is new. Raises SetOutOfOrder for a set that has not begun."""
    if not 1 <= command.set <= len(performed):
        raise SetOutOfOrder
    if performed[command.set - 1].rpe == command.rpe:
        return ()
    return (events.SetRated(set=command.set, rpe=command.rpe, at=command.at),)
