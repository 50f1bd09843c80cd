"""Partial repetitions: they count, although they are not full ones.

Heights shrink faster than angles: a squat half as deep moves the hips by hardly a third, so the
rhythm of a set, which is found in heights, misses it. The joint's degrees, if measured, decide.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from domain.motion.counting.set_review import SHORTEST_SET, Return
from domain.motion.counting.turning_points import LEAST_REPORTED, LEAST_REPORTED_SHARE
from domain.motion.exercises.definition import Counting
from domain.motion.state import Point, RepetitionTimes

LEAST_SHARE: Final = 0.4
"""Share of the set's usual degrees that a partial repetition must reach."""

MIN_WAIT: Final = 0.5
MAX_WAIT: Final = 1.5
"""Waits, of the usual one, between which a repetition follows or precedes another in time."""


def accept_partial(
    doubted: Mapping[int, RepetitionTimes],
    counted: Sequence[RepetitionTimes],
    returns: Sequence[Return],
) -> list[int]:
    """Return the numbers of doubted repetitions that are large enough and in time with the set.

    `counted`: all repetitions counted live. `returns`: those that the whole set confirms. A
    movement that was under way when the set began is excluded, because its way out was not seen.
    """
    travels = [travel for _, _, _, travel in counted if travel is not None]
    if not travels or len(counted) < 2 or len(returns) < SHORTEST_SET:
        return []
    least = LEAST_SHARE * median(travels)
    peaks = [each.peak_s for each in returns]
    wait = median(after - before for (_, before, *_), (_, after, *_) in pairwise(counted))
    large = [
        (number, peak_s)
        for number, (started_s, peak_s, _, travel) in doubted.items()
        if travel is not None and travel >= least and started_s < peak_s
    ]
    found: list[int] = []
    # In both directions: a doubted movement may be in time only beside another one found first.
    for number, peak_s in (*large, *reversed(large)):
        apart = min(abs(peak_s - other) for other in peaks)
        if MIN_WAIT * wait <= apart <= MAX_WAIT * wait:
            found.append(number)
            peaks.append(peak_s)
    return found


def shallow_before_first(
    points: Sequence[Point], counted: Sequence[RepetitionTimes], counting: Counting
) -> list[tuple[float, float]]:
    """Return start and end of the shallow movements just before the first repetition.

    Live, they are ignored, because the athlete's range is not known yet. `points`: turning points
    of the signals' mean. A movement earlier than the set's rhythm is getting into position.
    """
    if len(counted) < SHORTEST_SET:
        return []
    wait = median(after - before for (_, before, *_), (_, after, *_) in pairwise(counted))
    first_s = counted[0][1]
    efforts = [effort for _, effort in points]
    least = max(LEAST_REPORTED, LEAST_REPORTED_SHARE * (max(efforts) - min(efforts)))
    found: list[tuple[float, float]] = []
    for (start_s, low), (peak_s, high), (end_s, back) in reversed(
        list(zip(points, points[1:], points[2:], strict=False))
    ):
        rose = min(high - low, high - back) >= least
        in_time = MIN_WAIT * wait <= first_s - peak_s <= MAX_WAIT * wait
        if rose and in_time and end_s - start_s >= counting.least_s:
            found.append((start_s, end_s))
            first_s = peak_s
    return found[::-1]
