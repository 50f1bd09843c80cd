from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import strategies as st

from domain.ids import ExerciseId, UserId
from domain.kernel import Rejected
from domain.personal import Erased, Personal
from domain.values import InvalidRpe, InvalidValue
from domain.workouts import commands, events
from domain.workouts.notes import MAX_NOTE_LENGTH
from domain.workouts.omitted import Omitted
from domain.workouts.workout import WORKOUT, NotPrescribed, Prescribed
from tests.specification import for_any, is_refused, specification

given = specification(WORKOUT)

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
COACH = UserId("coach")
SQUATS = events.PrescribedExercise(ExerciseId("squat"), sets=3, target_repetitions=8)
PLANK = events.PrescribedExercise(ExerciseId("plank"), sets=2, target_hold_s=30, rest_s=45)
PRESCRIBE = commands.PrescribeWorkout(name="Legs", author_id=COACH, exercises=(SQUATS,), at=AT)
PRESCRIBED = events.WorkoutPrescribed(
    name=Personal(COACH, "Legs"), author_id=COACH, exercises=(SQUATS,), at=AT
)
ADD_PLANK = commands.ReviseWorkout(name="Legs and core", exercises=(SQUATS, PLANK), at=AT)
PLANK_ADDED = events.WorkoutRevised(
    name=Personal(COACH, "Legs and core"), exercises=(SQUATS, PLANK), at=AT
)


def test_a_workout_is_prescribed_with_its_exercises() -> None:
    given().when(PRESCRIBE).then(PRESCRIBED)


def test_a_workout_is_prescribed_once() -> None:
    given(PRESCRIBED).when(PRESCRIBE).then_rejected(commands.WorkoutAlreadyPrescribed)


def test_a_workout_is_revised() -> None:
    given(PRESCRIBED).when(ADD_PLANK).then(PLANK_ADDED)


def test_a_revision_that_changes_nothing_stores_no_event() -> None:
    """R-EVT-16"""
    given(PRESCRIBED, PLANK_ADDED).when(ADD_PLANK).then_nothing()
    same = commands.ReviseWorkout(name="Legs", exercises=(SQUATS,), at=AT)
    given(PRESCRIBED).when(same).then_nothing()


def test_a_revision_of_a_workout_that_has_changed_since_is_refused() -> None:
    """R-WKT-02: of the first revision, after the second."""
    first, second = replace(ADD_PLANK, revision=1), replace(ADD_PLANK, name="Legs", revision=2)
    given(PRESCRIBED).when(first).then(PLANK_ADDED)
    given(PRESCRIBED, PLANK_ADDED).when(first).then_rejected(commands.WorkoutChanged)
    renamed = replace(PLANK_ADDED, name=Personal(COACH, "Legs"))
    given(PRESCRIBED, PLANK_ADDED).when(second).then(renamed)


def test_an_unknown_workout_cannot_be_revised() -> None:
    given().when(ADD_PLANK).then_rejected(commands.WorkoutNotFound)


def test_a_deleted_workout_is_restored_before_it_is_revised() -> None:
    """R-WKT-02: deleting or restoring it again changes nothing."""
    delete, restore = commands.DeleteWorkout(at=AT), commands.RestoreWorkout(at=AT)
    deleted, restored = events.WorkoutDeleted(at=AT), events.WorkoutRestored(at=AT)
    given(PRESCRIBED).when(delete).then(deleted)
    given(PRESCRIBED, deleted).when(delete).then_nothing()
    given(PRESCRIBED, deleted).when(ADD_PLANK).then_rejected(commands.WorkoutIsDeleted)
    given(PRESCRIBED, deleted).when(restore).then(restored)
    given(PRESCRIBED, deleted, restored).when(restore).then_nothing()
    given(PRESCRIBED, deleted, restored).when(ADD_PLANK).then(PLANK_ADDED)
    for command in (delete, restore):
        given().when(command).then_rejected(commands.WorkoutNotFound)


def refused_in_both(
    refusal: type[Rejected], name: str, *exercises: events.PrescribedExercise
) -> None:
    is_refused(
        refusal,
        lambda: commands.PrescribeWorkout(name=name, author_id=COACH, exercises=exercises, at=AT),
    )
    is_refused(refusal, lambda: commands.ReviseWorkout(name=name, exercises=exercises, at=AT))


def test_a_workout_has_a_name_and_an_exercise() -> None:
    refused_in_both(commands.WorkoutEmpty, "  ", SQUATS)
    refused_in_both(commands.WorkoutEmpty, "Legs")


def test_the_size_of_a_workout_is_limited() -> None:
    """R-WKT-02: an endless workout must not block the list of workouts."""
    refused_in_both(InvalidValue, "L" * (commands.MAX_NAME_LENGTH + 1), SQUATS)
    refused_in_both(InvalidValue, "Legs", *(SQUATS,) * (commands.MAX_EXERCISES + 1))


@pytest.mark.parametrize(("repetitions", "hold_s"), [(None, None), (8, 30)])
def test_an_exercise_has_one_kind_of_target(repetitions: int | None, hold_s: int | None) -> None:
    """R-WKT-02: repetitions or duration."""
    exercise = events.PrescribedExercise(ExerciseId("squat"), 3, repetitions, hold_s)
    refused_in_both(commands.TargetAmbiguous, "Legs", exercise)


@pytest.mark.parametrize(
    "exercise",
    [
        events.PrescribedExercise(ExerciseId("squat"), sets=0, target_repetitions=8),
        events.PrescribedExercise(ExerciseId("squat"), sets=101, target_repetitions=8),
        events.PrescribedExercise(ExerciseId("squat"), 3, 8, range_of_motion_deg=400.0),
        events.PrescribedExercise(ExerciseId("squat"), sets=3, target_repetitions=0),
        events.PrescribedExercise(ExerciseId("plank"), sets=3, target_hold_s=0),
        events.PrescribedExercise(ExerciseId("plank"), sets=3, target_hold_s=30, rest_s=-1),
        events.PrescribedExercise(ExerciseId("plank"), sets=3, target_hold_s=30, rest_s=3601),
    ],
)
def test_targets_and_rests_outside_of_their_ranges_are_refused(
    exercise: events.PrescribedExercise,
) -> None:
    """R-WKT-12: rest between sets is timed."""
    refused_in_both(InvalidValue, "Legs", SQUATS, exercise)


@pytest.mark.parametrize("rpe", [1.0, 7.5, 8, 10.0])
def test_an_exercise_may_have_a_target_of_exertion(rpe: float) -> None:
    """R-WKT-02: 1 to 10, in steps of 0.5."""
    heavy = replace(SQUATS, target_rpe=rpe)
    command = commands.ReviseWorkout(name="Legs", exercises=(heavy,), at=AT)
    revised = events.WorkoutRevised(name=Personal(COACH, "Legs"), exercises=(heavy,), at=AT)
    given(PRESCRIBED).when(command).then(revised)
    given(PRESCRIBED, revised).when(command).then_nothing()


@pytest.mark.parametrize("rpe", [0.0, 0.5, 7.25, 10.5, -8.0, float("nan"), float("inf")])
def test_a_target_of_exertion_outside_of_the_scale_is_refused(rpe: float) -> None:
    """R-WKT-02"""
    refused_in_both(InvalidRpe, "Legs", SQUATS, replace(SQUATS, target_rpe=rpe))


NOTES = ("Slowly.", "")
NOTED = events.WorkoutPrescribed(
    name=Personal(COACH, "Legs"),
    author_id=COACH,
    exercises=(SQUATS, PLANK),
    notes=Personal(COACH, NOTES),
    at=AT,
)


def test_exercises_may_have_notes_which_are_personal_data_of_the_author() -> None:
    """R-WKT-02, R-TEN-09: without a note, nothing is stored."""
    both = (SQUATS, PLANK)
    prescribe = replace(PRESCRIBE, exercises=both, notes=NOTES)
    given().when(prescribe).then(NOTED)
    same = commands.ReviseWorkout(name="Legs", exercises=both, notes=NOTES, at=AT)
    given(NOTED).when(same).then_nothing()
    removed = events.WorkoutRevised(name=Personal(COACH, "Legs"), exercises=both, at=AT)
    for notes in ((), ("", "")):
        given(NOTED).when(replace(same, notes=notes)).then(removed)
        given(NOTED, removed).when(replace(same, notes=notes)).then_nothing()


def test_a_revision_keeps_what_it_leaves_out() -> None:
    """R-WKT-02: an older client, which does not know notes and targets, removes none."""
    hard = replace(SQUATS, target_rpe=9.0)
    before = replace(
        NOTED,
        exercises=(hard, PLANK, SQUATS),
        notes=Personal[tuple[str, ...]](COACH, ("A", "B", "C")),
    )
    every = frozenset({0, 1, 2})
    renamed = commands.ReviseWorkout(
        name="Core",
        exercises=(PLANK, replace(SQUATS, sets=5), SQUATS),
        notes=("", "", ""),
        omitted=Omitted(notes=every, target_rpe=every),
        at=AT,
    )
    core = Personal(COACH, "Core")
    kept = (PLANK, replace(hard, sets=5), SQUATS)
    notes = Personal[tuple[str, ...]](COACH, ("B", "A", "C"))
    revised = events.WorkoutRevised(name=core, exercises=kept, notes=notes, at=AT)
    given(before).when(renamed).then(revised)
    given(before, revised).when(renamed).then_nothing()
    for chosen in (
        replace(renamed, omitted=Omitted()),
        replace(renamed, notes=(), omitted=Omitted()),
    ):
        removed = events.WorkoutRevised(name=core, exercises=renamed.exercises, at=AT)
        given(before).when(chosen).then(removed)
    given(NOTED).when(replace(ADD_PLANK, omitted=Omitted(notes=frozenset({0, 1})))).then(
        replace(PLANK_ADDED, notes=Personal(COACH, NOTES))
    )
    given(PRESCRIBED).when(replace(ADD_PLANK, omitted=Omitted(every, every))).then(PLANK_ADDED)


def test_erased_notes_are_not_kept() -> None:
    """R-TEN-09"""
    erased = replace(NOTED, notes=Personal[tuple[str, ...]](COACH, Erased()))
    omitted = Omitted(notes=frozenset({0, 1}))
    given(erased).when(replace(ADD_PLANK, omitted=omitted)).then(PLANK_ADDED)


@pytest.mark.parametrize("notes", [("x" * (MAX_NOTE_LENGTH + 1), ""), ("Slowly.",), ("",) * 3])
def test_each_exercise_has_one_note_of_limited_length(notes: tuple[str, ...]) -> None:
    """R-WKT-02"""
    is_refused(InvalidValue, lambda: replace(PRESCRIBE, exercises=(SQUATS, PLANK), notes=notes))


plans = st.lists(st.sampled_from([SQUATS, PLANK]), min_size=1, max_size=3).map(tuple)
any_command: st.SearchStrategy[commands.WorkoutCommand] = st.one_of(
    st.just(PRESCRIBE),
    st.builds(lambda plan: commands.ReviseWorkout(name="Legs", exercises=plan, at=AT), plans),
)


@for_any(st.lists(any_command, max_size=20), any_command)
def test_a_repeated_command_changes_nothing(
    history: list[commands.WorkoutCommand], again: commands.WorkoutCommand
) -> None:
    """R-EVT-16"""
    once = given().log_after([*history, again])
    assert given(*once).log_after([again]) == once


@for_any(st.permutations([PRESCRIBED, PRESCRIBED, PLANK_ADDED, PLANK_ADDED]))
def test_the_fold_accepts_every_recorded_event(history: list[events.WorkoutEvent]) -> None:
    """R-EVT-14: all stored events can be replayed."""
    assert isinstance(WORKOUT.fold(history), NotPrescribed | Prescribed)
    assert WORKOUT.fold([PLANK_ADDED]) == NotPrescribed()
