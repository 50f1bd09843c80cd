"""Median of three counters that err in different ways."""

from itertools import pairwise
from statistics import median
from typing import Final

import numpy as np
import numpy.typing as npt

from domain.kernel import value
from domain.motion.counting.ensemble import (
    candidates,
    in_local_range,
    weigh_votes,
    weighted_vote,
)
from domain.motion.counting.phase_tracking import find_cycles
from domain.motion.counting.pose_buffer import decode, evenly
from domain.motion.counting.set_review import Return, usual_size
from domain.motion.counting.trained_model import TrainedModel, measure_chunk
from domain.motion.signals.body import Array
from domain.motion.state import PoseBuffer

FEWEST: Final = 3
"""With fewer repetitions, the ends of the set cannot be determined."""

PARTIAL: Final = 0.7
"""A smaller share of the usual movement is not a repetition if the signals did not count it."""

CUT: Final = 0.25
"""A repetition whose extreme is closer to an end of the poses, in usual intervals, is cut off."""


@value
class ThreeCounts:
    """Repetitions of a set by its signals, by phase tracking and by voting, and their median.

    `votes`, `weights`: the repetitions by each measure, and the weight of its vote. `unseen`: share
    of the set without a pose, 0..1.
    """

    counted: list[Return]
    by_round: list[Return]
    by_vote: list[Return]
    answer: list[Return]
    votes: list[list[Return]]
    weights: list[float]
    unseen: float


def reconsider(counted: list[Return], memory: PoseBuffer, model: TrainedModel) -> list[Return]:
    """Compare the live count with the trained phase model and the vote of the measures."""
    counts = count_by_model(counted, memory, model)
    return counted if counts is None else counts.answer


def count_by_model(
    counted: list[Return], memory: PoseBuffer, model: TrainedModel
) -> ThreeCounts | None:
    """Count the buffered poses beside the signals; None if fewer than two poses were seen."""
    poses = decode(memory)
    if poses is None:
        return None
    measures = evenly(poses, measure_chunk(poses.chunk))
    return count_three_ways(counted, poses.times_s, measures, poses.seen, model)


def count_three_ways(
    counted: list[Return],
    times_s: Array,
    measures: Array,
    seen: npt.NDArray[np.bool_],
    model: TrainedModel,
) -> ThreeCounts:
    """Count measures (n, k) of a set by phase tracking and by voting beside the signals."""
    shares = in_local_range(measures)
    by_measure = candidates(times_s, shares)
    weights = weigh_votes(times_s, shares, by_measure)
    votes = [without_cut_ones(each, times_s) for each in by_measure]
    by_signals = without_cut_ones(counted, times_s)
    by_round = without_cut_ones(find_cycles(times_s, measures, seen, model.round), times_s)
    by_vote = weighted_vote(votes, weights)
    answer = count_or_median(by_signals, by_round, by_vote)
    unseen = float(1.0 - seen.mean())
    return ThreeCounts(by_signals, by_round, by_vote, answer, votes, weights.tolist(), unseen)


def without_cut_ones(returns: list[Return], times_s: Array) -> list[Return]:
    """Drop a repetition that the beginning or the end of the poses cuts off."""
    if len(returns) <= FEWEST:
        return returns
    room_s = CUT * median(after.peak_s - before.peak_s for before, after in pairwise(returns))
    kept = list(returns)
    if kept[0].peak_s - times_s[0] < room_s:
        del kept[0]
    if times_s[-1] - kept[-1].peak_s < room_s:
        del kept[-1]
    return kept


def count_or_median(
    counted: list[Return], by_round: list[Return], by_vote: list[Return]
) -> list[Return]:
    """Return the median count, without movements before or after those that the signals counted.

    The phase model and the vote follow any movement, such as bending to tie a shoe before the first
    squat. The exercise's own signals know the ends of the set better: one movement at either end is
    dropped if it lies more than half a usual interval outside of them.
    """
    answer = median_count(counted, by_round, by_vote)
    if answer is counted or len(counted) < FEWEST:
        return answer
    wait_s = median(after.peak_s - before.peak_s for before, after in pairwise(counted))
    kept = list(answer)
    if len(kept) > FEWEST and kept[0].ended_s <= counted[0].peak_s - wait_s / 2.0:
        del kept[0]
    if len(kept) > FEWEST and kept[-1].started_s >= counted[-1].peak_s + wait_s / 2.0:
        del kept[-1]
    return _without_partial_ones(kept, counted, wait_s / 2.0)


def _without_partial_ones(
    answer: list[Return], counted: list[Return], room_s: float
) -> list[Return]:
    """Drop small movements that the signals, which alone know the depth, did not count."""
    least = PARTIAL * usual_size(answer)
    return [
        each
        for each in answer
        if max(each.out, each.back) >= least
        or any(abs(each.peak_s - other.peak_s) < room_s for other in counted)
    ]


def median_count(
    counted: list[Return], by_round: list[Return], by_vote: list[Return]
) -> list[Return]:
    """Return the result whose count lies between the others; the first of equal ones.

    A counter that found no repetition where others did has not seen the movement and is left out.
    """
    answers = [answer for answer in (counted, by_round, by_vote) if answer]
    if len(answers) < 3:
        return counted
    wanted = sorted(len(answer) for answer in answers)[1]
    return next(answer for answer in answers if len(answer) == wanted)
