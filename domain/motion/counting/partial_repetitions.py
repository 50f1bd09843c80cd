"""A repetition that goes only a part of the way is a bad repetition, not none.

Heights shrink faster than angles: a squat half as deep hardly moves the hips by a third, so a set's
rhythm, which is found in heights, passes over it. Where the joint was measured in degrees, the
degrees say what it was.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from domain.motion.counting.set_review import SHORTEST_SET, Return
from domain.motion.state import RepetitionTimes

LEAST_SHARE: Final = 0.4
"""Share of the set's usual degrees that a repetition must reach to be one, if a bad one."""

EARLY: Final = 0.5
LATE: Final = 1.5
"""Waits, of the usual one, between which a repetition follows or precedes another in time."""


def accept_partial(
    doubted: Mapping[int, RepetitionTimes],
    counted: Sequence[RepetitionTimes],
    returns: Sequence[Return],
) -> list[int]:
    """Say which doubted repetitions, by number, were ones: far enough, and in time with the set.

    `counted` are all that were counted live, `returns` those that the whole set confirms. One that
    was under way when the set began is none of them: how far out it had been was not seen.
    """
    travels = [travel for _, _, _, travel in counted if travel is not None]
    if not travels or len(returns) < SHORTEST_SET:
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
    # Both ways, for one that is in time may be so only with another doubted one, found before it.
    for number, peak_s in (*large, *reversed(large)):
        apart = min(abs(peak_s - other) for other in peaks)
        if EARLY * wait <= apart <= LATE * wait:
            found.append(number)
            peaks.append(peak_s)
    return found
