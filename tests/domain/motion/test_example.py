"""Definitions of exercises that are derived from an example.

The sample athlete performs exercises of the library as if nobody knew them.
"""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from domain.motion.exercises.custom import CUSTOM_PREFIX, from_text, is_custom, to_text
from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.exercises.example import ExampleMiscounted, InvalidExample, derive_definition
from domain.motion.exercises.library import all_exercises, get_exercise
from domain.motion.fold import fold
from domain.motion.form.faults import range_share
from domain.motion.landmarks import PoseChunk
from domain.motion.set_segmentation import chunks_between, confirmed_repetitions
from domain.motion.signals.body import ELBOW, HIP, KNEE, SHOULDER
from domain.values import Tempo
from tests.domain.motion import figure

CUSTOM = f"{CUSTOM_PREFIX}1"

EXERCISES = (
    "squat",
    "push_up",
    "biceps_curl",
    "shoulder_press",
    "jumping_jack",
    "lunge",
    "pull_up",
    "sit_up",
    "deadlift",
    "bench_press",
    "front_raise",
    "rope_pushdown",
)

QUICK, SLOW = Tempo(0.7, 0.1, 0.6, 0.1), Tempo(3.0, 0.5, 2.5, 1.0)


@cache
def performed(exercise: str, repetitions: int = 5, **other: object) -> PoseChunk:
    options = {"landmark_noise_px": 3.0, "seed": repetitions, **other}
    return landmarks(Performance(exercise=exercise, repetitions=repetitions, **options))  # type: ignore[arg-type]


def derived(chunk: PoseChunk, repetitions: int = 5) -> ExerciseDefinition:
    return derive_definition(CUSTOM, "My movement", [chunk], repetitions)


def count(definition: ExerciseDefinition, chunk: PoseChunk) -> int:
    return len(confirmed_repetitions(fold(definition, [chunk]).facts))


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_definition_counts_its_example_and_other_sets(exercise: str) -> None:
    """R-WKT-02: at another tempo, by another person, from another side of the camera's view."""
    example = performed(exercise)
    definition = derived(example)
    assert count(definition, example) == 5
    for tempo in (QUICK, SLOW):
        assert count(definition, performed(exercise, 7, tempo=tempo, stature_m=1.6)) == 7
    for azimuth_deg in (0.0, 45.0, 90.0, 150.0):
        assert count(definition, performed(exercise, 6, azimuth_deg=azimuth_deg)) == 6


@pytest.mark.parametrize("exercise", EXERCISES)
@pytest.mark.parametrize("repetitions", [2, 3, 8])
def test_an_example_may_have_few_or_more_repetitions(exercise: str, repetitions: int) -> None:
    definition = derived(performed(exercise, repetitions), repetitions)
    assert count(definition, performed(exercise, 6)) == 6


def test_a_definition_has_what_is_usual_for_the_athlete() -> None:
    """R-WKT-02: range, tempo and view of the example; no faults."""
    definition = derived(performed("squat", azimuth_deg=90.0))
    assert definition.kind == "repetitions"
    assert (definition.outward, definition.faults) == ("eccentric", ())
    assert definition.views == ("side", "oblique")
    assert 80.0 < definition.range_of_motion.target_deg < 120.0
    assert definition.tempo.eccentric_least_s == pytest.approx(0.7, abs=0.1)
    assert derived(performed("biceps_curl")).outward == "concentric"


def test_a_phase_that_took_no_time_is_hurried_below_a_tenth_of_a_second() -> None:
    """R-WKT-02: a movement out that is quicker than the frames has no measured time."""
    out_s, back_s, rest_s = 0.07, 1.0, 0.5
    times = np.arange(0.0, 7 * (out_s + back_s) + rest_s, 1 / 15)
    within = times % (out_s + back_s)
    share = np.where(within < out_s, within / out_s, 1 - (within - out_s) / back_s)
    share[times >= 7 * (out_s + back_s)] = 0.0
    poses = [figure.landmarks(figure.squatting(float(each))) for each in share]
    example = figure.chunk_of(times.tolist(), poses)
    definition = derived(example, 7)
    assert definition.tempo.eccentric_least_s == 0.1
    assert count(definition, example) == 7


def test_the_range_is_that_of_the_joint_that_bends_most() -> None:
    for exercise in ("biceps_curl", "push_up"):
        wanted = get_exercise(exercise).range_of_motion.measure
        assert derived(performed(exercise)).range_of_motion.measure == wanted


def test_an_example_in_chunks_gives_the_same_definition() -> None:
    chunk = performed("squat")
    middle = float(chunk.times_s[70])
    parts = [*chunks_between([chunk], 0.0, middle), *chunks_between([chunk], middle + 1e-6, 1e9)]
    assert derive_definition(CUSTOM, "My movement", parts, 5) == derived(chunk)


def test_some_frames_without_a_pose_do_no_harm() -> None:
    chunk = performed("squat")
    image = chunk.image.copy()
    image[40:46] = np.nan
    world = None if chunk.world is None else chunk.world.copy()
    assert world is not None
    world[40:46] = np.nan
    assert count(derived(replace(chunk, image=image, world=world)), performed("squat", 6)) == 6


def test_another_number_than_the_athletes_is_refused() -> None:
    """R-WKT-02: a definition that counts differently would count wrong from then on."""
    with pytest.raises(ExampleMiscounted, match=r"We counted 5 of 4\. Record it again, with your"):
        derived(performed("squat"), 4)


@pytest.mark.parametrize("repetitions", [1, 21])
def test_an_example_has_two_to_twenty_repetitions(repetitions: int) -> None:
    with pytest.raises(InvalidExample, match="2 to 20 repetitions"):
        derived(performed("squat"), repetitions)


def test_a_person_who_stands_still_is_refused() -> None:
    with pytest.raises(InvalidExample, match="No movement that repeats"):
        derived(performed("squat", 0, idle_before_s=5.0), 5)


def test_an_example_without_a_person_is_refused() -> None:
    chunk = performed("squat")
    with pytest.raises(InvalidExample, match="not in view"):
        derived(replace(chunk, image=np.full_like(chunk.image, np.nan), world=None))


def test_an_example_whose_landmarks_are_all_zero_is_refused() -> None:
    """Some pose models return zeros where they detect no person."""
    chunk = performed("squat")
    with pytest.raises(InvalidExample, match="not in view"):
        derived(replace(chunk, image=np.zeros_like(chunk.image), world=None))


def test_an_example_in_which_the_trunk_is_never_seen_is_refused() -> None:
    """The camera view of a movement is measured from the trunk."""
    chunk = performed("squat")
    image = chunk.image.copy()
    image[:, [*SHOULDER, *HIP]] = np.nan
    with pytest.raises(InvalidExample, match="not in view"):
        derived(replace(chunk, image=image, world=None))


def test_a_movement_in_which_no_joint_turns_far_has_no_target_of_its_range() -> None:
    """R-WKT-02: nor does the range that is measured in a later set count towards a score."""
    chunk = performed("squat")
    assert chunk.world is not None
    world = chunk.world.copy()
    world[:, [*ELBOW, *KNEE]] = np.nan  # no angle can be measured
    definition = derived(replace(chunk, world=world))
    assert definition.range_of_motion.target_deg == 0.0
    assert range_share(definition, 40.0) is None


def test_an_example_that_is_too_short_or_too_long_is_refused() -> None:
    chunk = performed("squat")
    for part in (chunks_between([chunk], 0.0, 1.5), []):
        with pytest.raises(InvalidExample, match="takes 2 to 120 seconds"):
            derive_definition(CUSTOM, "My movement", part, 5)
    slow = replace(chunk, times_s=chunk.times_s * 20)
    with pytest.raises(InvalidExample, match="takes 2 to 120 seconds"):
        derived(slow)


def test_an_example_with_too_few_images_is_refused() -> None:
    chunk = performed("squat", fps=5)
    with pytest.raises(InvalidExample, match="too few images"):
        derived(chunk)


def test_frames_out_of_order_are_refused() -> None:
    chunk = performed("squat")
    with pytest.raises(InvalidExample, match="order of their times"):
        derive_definition(CUSTOM, "My movement", [chunk, chunk], 5)


def test_a_stored_definition_is_read_as_it_was_written() -> None:
    definition = derived(performed("squat"))
    assert from_text(to_text(definition)) == definition


def test_no_exercise_of_the_library_looks_like_a_custom_one() -> None:
    assert not [name for name in all_exercises() if is_custom(name)]
    assert is_custom(CUSTOM)
