"""What a workout came to, with what each figure is made of (R-WKT-04, C-16, C-48)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from application.analysis.video_analyzer import REFERENCE_BODY_MASS_KG
from application.sessions.closing import exercised_s
from application.sessions.session_view import CueView, SessionView, SetView
from domain.health.activities import HealthKitWorkout, healthkit_workout
from domain.ids import ExerciseId, SessionId, UserId, WorkoutId
from domain.kernel import Rejected
from domain.motion.exercises.library import all_exercises
from domain.motion.form.form_score import COMPLETION_SHARE, FORM_SHARE, RANGE_SHARE, TEMPO_SHARE
from domain.sessions.events import BodyMass, Performance, SessionCompleted
from domain.sessions.healthkit import HealthKitStatus
from domain.sessions.prescription_events import HealthKitObstacle

MOST_POINTS: Final = 5
"""Sentences that an athlete is left with; more are in the details."""

ENERGY_FORMULA: Final = (
    "MET x 3.5 x kilograms / 200 kilocalories a minute, of the sets without rests and breaks"
)
"""Source: `domain.motion.form.form_score.calories_kcal`; durations: `closing.exercised_s`."""


class NotCompleted(Rejected):
    """A summary is told once the session is completed."""

    code = "session.not_completed"


@dataclass(frozen=True)
class Energy:
    """What an exercise's part of the calories rests on; None where it is not known any more."""

    exercise_id: ExerciseId
    seconds: float
    met: float | None
    source: str | None


@dataclass(frozen=True)
class Calories:
    """Kilocalories, and what they rest on.

    `body_mass` says whose mass, None where nobody said. The mass itself is told only where it is
    that of the reference person: what an athlete weighs is in no summary.
    """

    kcal: float
    body_mass: BodyMass | None
    body_mass_kg: float | None
    formula: str
    exercises: tuple[Energy, ...]


@dataclass(frozen=True)
class Points:
    """How many of 100 points each input of the performance score has, where all are measured."""

    completion: float = COMPLETION_SHARE
    form: float = FORM_SHARE
    tempo: float = TEMPO_SHARE
    range_of_motion: float = RANGE_SHARE


@dataclass(frozen=True)
class HealthKitExport:
    """How far the hand-shake has come, and what is to be written while it is not written yet."""

    status: HealthKitStatus
    reason: HealthKitObstacle | None
    workout: HealthKitWorkout | None


@dataclass(frozen=True)
class WorkoutSummary:
    """A completed execution. `accuracy` is 0..1 and `performance` 0..100 with its inputs (C-16).

    `feedback_details` is all that the coach said, `feedback_points` the sentences to remember.
    """

    id: SessionId
    workout_id: WorkoutId | None
    athlete_id: UserId
    started_at: datetime
    completed_at: datetime
    duration_ms: int
    set_count: int
    repetition_count: int
    rejected_count: int
    skipped_count: int
    calories: Calories
    accuracy: float | None
    performance: Performance | None
    points: Points
    sets: tuple[SetView, ...]
    feedback_details: tuple[CueView, ...]
    feedback_points: tuple[str, ...]
    health_kit: HealthKitExport


def summarize(execution: SessionView) -> WorkoutSummary:
    """Sum an execution up. Raises NotCompleted."""
    completed = execution.completed
    if completed is None:
        raise NotCompleted
    return WorkoutSummary(
        id=execution.id,
        workout_id=execution.workout_id,
        athlete_id=execution.athlete_id,
        started_at=execution.started_at,
        completed_at=completed.at,
        duration_ms=completed.duration_ms,
        set_count=completed.sets,
        repetition_count=completed.repetitions,
        rejected_count=sum(each.rejected for each in execution.sets),
        skipped_count=completed.skipped,
        calories=_calories(execution.sets, completed),
        accuracy=completed.accuracy,
        performance=completed.performance,
        points=Points(),
        sets=execution.sets,
        feedback_details=execution.cues,
        feedback_points=feedback_points(execution.cues),
        health_kit=_healthkit(execution, completed),
    )


def feedback_points(cues: Sequence[CueView]) -> tuple[str, ...]:
    """Give the distinct sentences, those said most often first, then those said first (C-48)."""
    said = Counter(cue.cue for cue in cues)
    return tuple(sentence for sentence, _ in said.most_common(MOST_POINTS))


def _calories(sets: Sequence[SetView], completed: SessionCompleted) -> Calories:
    seconds: dict[ExerciseId, float] = {}
    for each in sets:
        seconds[each.exercise_id] = seconds.get(each.exercise_id, 0.0) + _exercised_s(each)
    is_default = completed.body_mass == "default"
    return Calories(
        kcal=completed.calories_kcal,
        body_mass=completed.body_mass,
        body_mass_kg=REFERENCE_BODY_MASS_KG if is_default else None,
        formula=ENERGY_FORMULA,
        exercises=tuple(_energy(name, lasted) for name, lasted in seconds.items()),
    )


def _exercised_s(performed: SetView) -> float:
    """Give the seconds of a set that its energy was reckoned with."""
    if performed.end_ms is None or performed.start_ms is None:
        return 0.0
    lasted_s = (performed.end_ms - performed.start_ms) / 1000
    definition = all_exercises().get(performed.exercise_id)
    if definition is None:
        return lasted_s
    return exercised_s(definition, lasted_s, len(performed.movements), performed.held_ms / 1000)


def _energy(exercise_id: ExerciseId, seconds: float) -> Energy:
    definition = all_exercises().get(exercise_id)
    if definition is None:
        return Energy(exercise_id, seconds, None, None)
    energy = definition.energy
    source = f"{energy.source}, code {energy.compendium_code}"
    return Energy(exercise_id, seconds, energy.met, source)


def _healthkit(execution: SessionView, completed: SessionCompleted) -> HealthKitExport:
    known = execution.health_kit
    if known.status not in {"pending", "failed"}:
        return HealthKitExport(known.status, known.reason, None)
    performance = completed.performance
    workout = healthkit_workout(
        execution.id,
        exercises=completed.exercises,
        start=execution.started_at,
        end=completed.at,
        time_zone=execution.time_zone,
        energy_kcal=completed.calories_kcal,
        notes={
            "Sets": completed.sets,
            "Repetitions": completed.repetitions,
            "PerformanceScore": None if performance is None else performance.score,
            "Accuracy": completed.accuracy,
        },
    )
    return HealthKitExport(known.status, known.reason, workout)
