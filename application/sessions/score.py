"""How well the sets of a session went: accuracy and performance, and what makes them (C-16)."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.facts import (
    HoldMeasured,
    MotionFact,
    RepetitionCounted,
)
from domain.motion.form.faults import tempo_control
from domain.motion.form.form_score import PerformanceInputs, performance_score
from domain.motion.set_segmentation import confirmed_repetitions
from domain.sessions.events import Performance


@dataclass(frozen=True)
class SessionScore:
    """`accuracy` 0..1 and `performance` 0..100; None where nothing was counted or held."""

    accuracy: float | None
    performance: Performance | None


def score(
    definition: ExerciseDefinition,
    sets: Sequence[Sequence[MotionFact]],
    target_repetitions: int | None,
) -> SessionScore:
    """Score the repetitions that stand, or the holds; the target is that of each set."""
    if definition.kind == "hold":
        holds = [fact for facts in sets for fact in facts if isinstance(fact, HoldMeasured)]
        return _scored_holds(holds)
    standing_in = [confirmed_repetitions(facts) for facts in sets]
    reps = [rep for performed in standing_in for rep in performed]
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
        completion=_completion(standing_in, target_repetitions),
        form=form,
        tempo=_mean(tempi) if tempi else None,
        range_of_motion=_mean(ranges) if ranges else None,
    )
    return SessionScore(form, _performance(inputs))


def _completion(
    sets: Sequence[Sequence[RepetitionCounted]], target_repetitions: int | None
) -> float | None:
    """Mean share of the target that each set reached, 0..1."""
    if target_repetitions is None:
        return None
    return _mean([min(len(reps) / target_repetitions, 1.0) for reps in sets])


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
