"""Segments of a video that shows several exercises."""

from itertools import pairwise

import pytest

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from domain.motion.exercise_segmentation import ExerciseSegment, segment_exercises
from domain.motion.landmarks import PoseChunk
from domain.values import Tempo
from tests.domain.motion.figure import cut
from tests.domain.motion.scenes import absent, record, standing, then

TEMPO = Tempo(eccentric_s=2.0, bottom_pause_s=0.5, concentric_s=1.0, top_pause_s=0.5)


def performed(exercise: str, repetitions: int) -> PoseChunk:
    return landmarks(Performance(exercise=exercise, repetitions=repetitions, tempo=TEMPO, fps=15))


def segments(video: PoseChunk) -> tuple[ExerciseSegment, ...]:
    chunks = list(cut(video, [100] * (len(video) // 100 + 1)))
    return segment_exercises(chunks, float(video.times_s[-1]))


def test_a_lesson_of_three_exercises_has_their_segments_in_order() -> None:
    lesson = then(
        record(standing(), 20),
        performed("squat", 6),
        absent(20),
        performed("shoulder_press", 5),
        record(standing(), 20),
        performed("squat", 4),
    )
    seen = segments(lesson)
    assert [(each.exercise, each.repetitions) for each in seen] == [
        ("squat", 6),
        ("shoulder_press", 5),
        ("squat", 4),
    ]
    assert all(one.ended_s <= other.started_s for one, other in pairwise(seen))
    assert seen[0].started_s == pytest.approx(21, abs=0.5)


def test_targets_are_the_medians_of_the_trainers_repetitions() -> None:
    (seen,) = segments(performed("squat", 6))
    tempo = seen.targets.tempo
    assert tempo is not None
    phases = (tempo.eccentric_s, tempo.bottom_pause_s, tempo.concentric_s, tempo.top_pause_s)
    assert phases == pytest.approx((2.0, 0.5, 1.0, 0.5), abs=0.15)
    assert seen.targets.range_of_motion_deg == pytest.approx(100, abs=5)
    assert seen.targets.range_spread_deg == pytest.approx(0, abs=2)


def test_a_hold_is_a_segment_with_its_seconds() -> None:
    (seen,) = segments(performed("plank", 1))
    assert (seen.exercise, seen.repetitions) == ("plank", 0)
    assert seen.held_s is not None
    assert seen.held_s > 3


@pytest.mark.parametrize("scene", [record(standing(), 30), absent(30)])
def test_a_video_without_an_exercise_has_no_segments(scene: PoseChunk) -> None:
    assert segments(scene) == ()


def test_the_work_can_be_ended_between_its_parts() -> None:
    video = performed("squat", 4)

    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        segment_exercises([video], float(video.times_s[-1]), stop)
