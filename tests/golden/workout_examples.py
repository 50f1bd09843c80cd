"""Examples of the events of workouts."""

from typing import Any

from domain.ids import ContentId, ExerciseId
from domain.personal import Personal
from domain.values import Tempo
from domain.workouts import events as workout
from tests.golden.health_examples import ADA, AT, LATER

EXERCISES = (
    workout.PrescribedExercise(
        ExerciseId("squat"), sets=3, target_repetitions=8, rest_s=90, load_kg=62.5
    ),
    workout.PrescribedExercise(ExerciseId("plank"), sets=2, target_hold_s=30),
    workout.PrescribedExercise(
        ExerciseId("lunge"),
        sets=1,
        target_repetitions=8,
        tempo=Tempo(2.0, 0.5, 1.0, 0.5),
        range_of_motion_deg=81.5,
        lesson=workout.LessonPart(ContentId("squats"), 1, 2),
        target_rpe=7.5,
    ),
)

NOTES = Personal[tuple[str, ...]](ADA, ("Stop above the bad knee.", "", "Slowly."))

EXAMPLES: list[Any] = [
    workout.WorkoutPrescribed(
        name=Personal(ADA, "Legs"), author_id=ADA, exercises=EXERCISES, notes=NOTES, at=AT
    ),
    workout.WorkoutRevised(
        name=Personal(ADA, "Legs and core"), exercises=EXERCISES, notes=None, at=LATER
    ),
    workout.WorkoutDeleted(at=LATER),
    workout.WorkoutRestored(at=LATER),
]
