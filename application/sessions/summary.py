"""Workout summary, with the inputs of each figure (R-WKT-04, C-16, C-48)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from application.sessions.exercise_specs import to_spec
from application.sessions.session_view import CueView, SessionView, SetView
from domain.health.activities import HealthKitWorkout, healthkit_workout
from domain.health.health_connect import (
    HealthConnectWorkout,
    PerformedSet,
    health_connect_workout,
)
from domain.ids import ExerciseId, SessionId, UserId, WorkoutId
from domain.kernel import Rejected
from domain.motion.exercises.definition import ExerciseDefinition
from domain.sessions.events import BodyMass, Performance, SessionCompleted
from domain.sessions.healthkit import HealthKitStatus
from domain.sessions.prescription_events import HealthKitObstacle
from domain.sessions.scoring import (
    COMPLETION_SHARE,
    FORM_SHARE,
    RANGE_SHARE,
    REFERENCE_BODY_MASS_KG,
    TEMPO_SHARE,
    exercised_s,
)

MAX_FEEDBACK_POINTS: Final = 5
"""Sentences to remember; the details have all."""

ENERGY_FORMULA: Final = (
    "MET x 3.5 x kilograms / 200 kilocalories a minute, of the sets without rests and breaks"
)
"""Source and durations: `calories_kcal` and `exercised_s` in `domain.sessions.scoring`."""


class NotCompleted(Rejected):
    """The session is not completed. Complete it to get its summary."""

    code = "session.not_completed"


@dataclass(frozen=True)
class Energy:
    """Inputs of an exercise's energy; None for an exercise that has left the library."""

    exercise_id: ExerciseId
    seconds: float
    met: float | None
    source: str | None


@dataclass(frozen=True)
class Calories:
    """Kilocalories and their inputs.

    `body_mass` is the source of the mass, None if unrecorded. The mass itself is given only for the
    reference person: an athlete's weight is in no summary.
    """

    kcal: float
    body_mass: BodyMass | None
    body_mass_kg: float | None
    formula: str
    exercises: tuple[Energy, ...]


@dataclass(frozen=True)
class ScoreWeights:
    """Points, of 100, of each input of the performance score, if all are measured."""

    completion: float = COMPLETION_SHARE
    form: float = FORM_SHARE
    tempo: float = TEMPO_SHARE
    range_of_motion: float = RANGE_SHARE


@dataclass(frozen=True)
class HealthKitExport:
    """State of the HealthKit handshake, and the workout to write until it is synced."""

    status: HealthKitStatus
    reason: HealthKitObstacle | None
    workout: HealthKitWorkout | None


@dataclass(frozen=True)
class WorkoutSummary:
    """A completed execution. `accuracy` is 0..1 and `performance` 0..100 with its inputs (C-16).

    `feedback_details` are all cues, `feedback_points` the sentences to remember.
    """

    id: SessionId
    workout_id: WorkoutId | None
    athlete_id: UserId
    started_at: datetime
    completed_at: datetime
    duration_ms: int
    set_count: int
    repetition_count: int
    verified_repetition_count: int
    rejected_count: int
    skipped_count: int
    calories: Calories
    accuracy: float | None
    performance: Performance | None
    points: ScoreWeights
    sets: tuple[SetView, ...]
    feedback_details: tuple[CueView, ...]
    feedback_points: tuple[str, ...]
    health_kit: HealthKitExport
    health_connect: HealthConnectWorkout


def summarize(
    execution: SessionView, definitions: Mapping[str, ExerciseDefinition]
) -> WorkoutSummary:
    """Summarize a completed session, given those of its exercises. Raises NotCompleted."""
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
        verified_repetition_count=sum(each.state.verified_repetitions for each in execution.sets),
        rejected_count=sum(each.rejected for each in execution.sets),
        skipped_count=completed.skipped,
        calories=_calories(execution.sets, completed, definitions),
        accuracy=completed.accuracy,
        performance=completed.performance,
        points=ScoreWeights(),
        sets=execution.sets,
        feedback_details=execution.cues,
        feedback_points=feedback_points(execution.cues),
        health_kit=_healthkit(execution, completed),
        health_connect=_health_connect(execution, completed),
    )


def feedback_points(cues: Sequence[CueView]) -> tuple[str, ...]:
    """Return the distinct sentences, by frequency, then by first use (C-48)."""
    sentences = Counter(cue.cue for cue in cues)
    return tuple(sentence for sentence, _ in sentences.most_common(MAX_FEEDBACK_POINTS))


def _calories(
    sets: Sequence[SetView],
    completed: SessionCompleted,
    definitions: Mapping[str, ExerciseDefinition],
) -> Calories:
    seconds: dict[ExerciseId, float] = {}
    for each in sets:
        lasted_s = _exercised_s(each, definitions.get(each.exercise_id))
        seconds[each.exercise_id] = seconds.get(each.exercise_id, 0.0) + lasted_s
    is_default = completed.body_mass == "default"
    return Calories(
        kcal=completed.calories_kcal,
        body_mass=completed.body_mass,
        body_mass_kg=REFERENCE_BODY_MASS_KG if is_default else None,
        formula=ENERGY_FORMULA,
        exercises=tuple(
            _energy(name, lasted, definitions.get(name)) for name, lasted in seconds.items()
        ),
    )


def _exercised_s(performed: SetView, definition: ExerciseDefinition | None) -> float:
    """Return the seconds of a set that its energy was computed from."""
    if definition is not None:
        return exercised_s(to_spec(definition), performed.state)
    span = performed.state.span
    return 0.0 if span is None else (span.end_ms - span.start_ms) / 1000


def _energy(
    exercise_id: ExerciseId, seconds: float, definition: ExerciseDefinition | None
) -> Energy:
    if definition is None:
        return Energy(exercise_id, seconds, None, None)
    energy = definition.energy
    source = f"{energy.source}, code {energy.compendium_code}"
    return Energy(exercise_id, seconds, energy.met, source)


def _healthkit(execution: SessionView, completed: SessionCompleted) -> HealthKitExport:
    state = execution.health_kit
    if state.status not in {"pending", "failed"}:
        return HealthKitExport(state.status, state.reason, None)
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
    return HealthKitExport(state.status, state.reason, workout)


def _health_connect(execution: SessionView, completed: SessionCompleted) -> HealthConnectWorkout:
    return health_connect_workout(
        execution.id,
        sets=[
            PerformedSet(
                each.exercise_id,
                each.state.repetitions,
                each.state.load_kg is not None,
                each.state.span,
            )
            for each in execution.sets
        ],
        start=execution.started_at,
        end=completed.at,
        time_zone=execution.time_zone,
        energy_kcal=completed.calories_kcal,
    )
