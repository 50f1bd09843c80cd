"""Rules of finding the sets of a long video."""

import numpy as np
import pytest

from domain.motion.exercises.library import get_exercise
from domain.motion.facts import HoldMeasured
from domain.motion.fold import fold
from domain.motion.landmarks import PoseChunk
from domain.motion.set_segmentation import MARGIN_S, confirmed_repetitions, fold_sets
from tests.domain.motion.figure import Pace, chunk_of, cut, lying, squats
from tests.domain.motion.scenes import absent, record, then, waving
from tests.domain.motion.scenes import standing as still

SQUAT = get_exercise("squat")
PACE = Pace()


def sets(*scenes: PoseChunk) -> list[tuple[float, float, int]]:
    video = then(*scenes)
    chunks = list(cut(video, [15] * (len(video) // 15)))
    seen = fold_sets(SQUAT, chunks, float(video.times_s[-1]))
    return [(each.started_s, each.ended_s, len(confirmed_repetitions(each.facts))) for each in seen]


def repetitions(*scenes: PoseChunk) -> list[int]:
    return [count for _, _, count in sets(*scenes)]


@pytest.mark.parametrize(
    "resting",
    [record(still(), 30), record(waving(30), 30), absent(30)],
    ids=["still", "talking", "away"],
)
def test_a_rest_separates_two_sets(resting: PoseChunk) -> None:
    assert repetitions(squats(5, yaw_deg=30), resting, squats(4, yaw_deg=30)) == [5, 4]


def test_a_short_pause_between_repetitions_is_not_a_rest() -> None:
    breath = record(still(), 6)
    assert repetitions(squats(5, yaw_deg=30), breath, squats(4, yaw_deg=30)) == [9]


def test_a_set_begins_shortly_before_its_first_repetition_and_ends_after_its_last() -> None:
    rest = record(still(), 40)
    first, second = sets(rest, squats(3, yaw_deg=30), rest, squats(3, yaw_deg=30), rest)
    assert first[:2] == pytest.approx(
        (41 - MARGIN_S, 41 + 3 * PACE.seconds - 0.5 + MARGIN_S), abs=0.3
    )
    assert second[0] - first[1] == pytest.approx(40 + 2 + 0.5 - 2 * MARGIN_S, abs=0.5)


def test_each_set_is_numbered_from_one() -> None:
    video = then(squats(3, yaw_deg=30), record(still(), 30), squats(4, yaw_deg=30))
    seen = fold_sets(SQUAT, [video], float(video.times_s[-1]))
    assert [[each.number for each in confirmed_repetitions(one.facts)] for one in seen] == [
        [1, 2, 3],
        [1, 2, 3, 4],
    ]


def test_a_video_of_one_set_is_that_set_from_beginning_to_end() -> None:
    video = squats(4)
    (seen,) = fold_sets(SQUAT, [video], 12.5)
    assert (seen.started_s, seen.ended_s) == (0.0, 12.5)
    assert seen.facts == fold(SQUAT, [video]).facts


def test_a_single_movement_between_two_rests_is_no_set() -> None:
    """For example, when the athlete sits down and gets up again."""
    rest = record(still(), 30)
    sat = squats(1, Pace(2.0, 1.0, 2.0, 0.5), yaw_deg=30)
    assert repetitions(squats(5, yaw_deg=30), rest, sat, rest, squats(5, yaw_deg=30)) == [5, 5]


def test_sets_of_one_repetition_are_kept_if_all_sets_have_one() -> None:
    rest, single = record(still(), 30), squats(1, yaw_deg=30)
    assert repetitions(single, rest, single) == [1, 1]


def test_a_video_without_repetitions_is_one_empty_set() -> None:
    ((started_s, ended_s, repetitions),) = sets(record(still(), 40))
    assert (started_s, repetitions) == (0.0, 0)
    assert ended_s == pytest.approx(40, abs=0.1)


def test_holds_are_one_set() -> None:
    times = [float(at) for at in np.arange(0.0, 12.0, 1 / 15)]
    video = chunk_of(times, [lying(0.0)] * len(times))
    (seen,) = fold_sets(get_exercise("plank"), [video], 12.0)
    assert [type(fact) for fact in seen.facts if isinstance(fact, HoldMeasured)] == [HoldMeasured]
