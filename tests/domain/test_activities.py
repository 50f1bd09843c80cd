"""Names of workouts in health services."""

from domain.health.activities import activity_types, healthkit_workout
from domain.ids import ExerciseId, SessionId
from domain.motion.exercises.library import all_exercises
from tests.domain.session_examples import AT, SQUAT


def test_every_exercise_has_a_type_in_healthkit() -> None:
    """R-HLT-10"""
    assert activity_types().by_exercise.keys() == all_exercises().keys()


def test_a_workout_of_one_type_has_it_and_one_of_several_is_mixed() -> None:
    """R-HLT-10"""
    types = activity_types()
    push_up, plank = ExerciseId("push_up"), ExerciseId("plank")
    assert types.of([SQUAT, push_up]) == "functionalStrengthTraining"
    assert types.of([SQUAT, plank]) == types.mixed
    assert types.of([]) == types.of([ExerciseId("juggling")]) == types.unknown


def test_unmeasured_values_are_left_out_of_notes() -> None:
    """R-HLT-10"""
    workout = healthkit_workout(
        SessionId("s1"),
        exercises=[SQUAT],
        start=AT,
        end=AT,
        time_zone="UTC",
        energy_kcal=5.5,
        notes={"Repetitions": 8, "Accuracy": None},
    )
    assert workout.metadata["KinelogRepetitions"] == 8
    assert "KinelogAccuracy" not in workout.metadata
    assert workout.metadata["HKMetadataKeySyncIdentifier"] == "s1"
