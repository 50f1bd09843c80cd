"""How well a set of facts went: accuracy and performance, with what they are made of (C-16)."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.motion.definition import ExerciseDefinition
from domain.motion.facts import (
    HoldMeasured,
    MotionFact,
    RepetitionCounted,
    RepetitionsReconciled,
)
from domain.motion.judging import tempo_control
from domain.motion.scoring import PerformanceInputs, performance_score
from domain.sessions.events import Performance


@dataclass(frozen=True)
class SessionScore:
    """`accuracy` 0..1 and `performance` 0..100; None where nothing was counted or held."""

    accuracy: float | None
    performance: Performance | None


def score(
    definition: ExerciseDefinition, facts: Sequence[MotionFact], target_repetitions: int | None
) -> SessionScore:
    """Score the repetitions that stand, or the holds."""
    holds = [fact for fact in facts if isinstance(fact, HoldMeasured)]
    if definition.kind == "hold":
        return _scored_holds(holds)
    reps = _standing(facts)
    if not reps:
        return SessionScore(None, None)
    forms = [rep.form for rep in reps if rep.form is not None]
    form = _mean(forms) if forms else None
    ranges = [
        min(rep.range_of_motion_deg / definition.range_of_motion.target_deg, 1.0)
        for rep in reps
        if rep.range_of_motion_deg is not None
    ]
    tempi = [tempo_control(definition, rep.tempo) for rep in reps if rep.tempo is not None]
    inputs = PerformanceInputs(
        completion=None if target_repetitions is None else min(len(reps) / target_repetitions, 1.0),
        form=form,
        tempo=_mean(tempi) if tempi else None,
        range_of_motion=_mean(ranges) if ranges else None,
    )
    return SessionScore(form, _performance(inputs))


def _standing(facts: Sequence[MotionFact]) -> list[RepetitionCounted]:
    withdrawn = {
        number
        for fact in facts
        if isinstance(fact, RepetitionsReconciled)
        for number in fact.withdrawn
    }
    counted = [fact for fact in facts if isinstance(fact, RepetitionCounted)]
    return [fact for fact in counted if fact.number not in withdrawn]


def _scored_holds(holds: Sequence[HoldMeasured]) -> SessionScore:
    """Form is weighted by the seconds held; tempo and range of motion mean nothing here."""
    held = sum(hold.held_s for hold in holds)
    if held == 0:
        return SessionScore(None, None)
    form = sum(hold.form * hold.held_s for hold in holds) / held
    inputs = PerformanceInputs(completion=None, form=form, tempo=None, range_of_motion=None)
    return SessionScore(form, _performance(inputs))


def _performance(inputs: PerformanceInputs) -> Performance:
    scored = performance_score(inputs)
    return Performance(
        score=scored.score,
        completion=inputs.completion,
        form=inputs.form,
        tempo=inputs.tempo,
        range_of_motion=inputs.range_of_motion,
    )


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers)
