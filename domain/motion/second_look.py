"""Three counters that err in different ways are asked about a set; the middle answer stands."""

from domain.motion.ballot import candidates, elected
from domain.motion.learned import Learned, measured
from domain.motion.memory import evenly, recall
from domain.motion.phases import rounds
from domain.motion.review import Return
from domain.motion.state import Memory


def reconsidered(counted: list[Return], memory: Memory, known: Learned) -> list[Return]:
    """Ask the learned round and the vote of the measures about what the signals counted."""
    recollection = recall(memory)
    if recollection is None:
        return counted
    measures = evenly(recollection, measured(recollection.chunk))
    times_s = recollection.times_s
    by_round = rounds(times_s, measures, recollection.seen, known.round)
    by_vote = elected(candidates(times_s, measures, known.voters.travel), known.voters.trust)
    return middle(counted, by_round, by_vote)


def middle(counted: list[Return], by_round: list[Return], by_vote: list[Return]) -> list[Return]:
    """Give the answer whose count lies between the others; the first of equal ones.

    Who found no repetition at all where others did has not seen the movement, and is not asked.
    """
    answers = [answer for answer in (counted, by_round, by_vote) if answer]
    if len(answers) < 3:
        return counted
    wanted = sorted(len(answer) for answer in answers)[1]
    return next(answer for answer in answers if len(answer) == wanted)
