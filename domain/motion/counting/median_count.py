"""Three counters that err in different ways are asked about a set; the middle answer stands."""

from itertools import pairwise
from statistics import median
from typing import Final

from domain.motion.counting.ensemble import candidates, weighted_vote
from domain.motion.counting.phase_tracking import find_cycles
from domain.motion.counting.pose_buffer import decode, evenly
from domain.motion.counting.set_review import Return
from domain.motion.counting.trained_model import TrainedModel, measure_chunk
from domain.motion.state import PoseBuffer

FEWEST: Final = 3
"""Of fewer repetitions nobody can say where the set begins and ends."""


def reconsider(counted: list[Return], memory: PoseBuffer, known: TrainedModel) -> list[Return]:
    """Ask the learned round and the vote of the measures about what the signals counted."""
    recollection = decode(memory)
    if recollection is None:
        return counted
    measures = evenly(recollection, measure_chunk(recollection.chunk))
    times_s = recollection.times_s
    by_round = find_cycles(times_s, measures, recollection.seen, known.round)
    by_vote = weighted_vote(candidates(times_s, measures, known.voters.travel), known.voters.trust)
    return count_or_median(counted, by_round, by_vote)


def count_or_median(
    counted: list[Return], by_round: list[Return], by_vote: list[Return]
) -> list[Return]:
    """Give the middle answer, without a movement before or after all that the signals counted.

    Rounds and votes follow whatever moves, such as a bend to tie a shoe right before the first
    squat. The exercise's own signals know its beginning better: one movement at either end, over
    half a usual wait before their first extreme or begun as long after their last, is none.
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
    return kept


def median_count(
    counted: list[Return], by_round: list[Return], by_vote: list[Return]
) -> list[Return]:
    """Give the answer whose count lies between the others; the first of equal ones.

    Who found no repetition at all where others did has not seen the movement, and is not asked.
    """
    answers = [answer for answer in (counted, by_round, by_vote) if answer]
    if len(answers) < 3:
        return counted
    wanted = sorted(len(answer) for answer in answers)[1]
    return next(answer for answer in answers if len(answer) == wanted)
