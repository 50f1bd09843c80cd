"""What a page says that guides through a workout: short sentences, said one after another.

"Get ready. Squat. Set 2 of 3. 12 repetitions." is four of them, so that few sentences are enough
for all workouts. Their numbers are bounded; a greater one is shown and not spoken by the server.
"""

from collections.abc import Iterator
from typing import Final

from domain.coaching.phrasebook import Phrasebook
from domain.motion.exercises.library import all_exercises

MOST_SETS: Final = 10
"""Of a line of a workout."""

MOST_REPETITIONS: Final = 100
"""Aimed at in a set, or counted aloud."""

MOST_SECONDS: Final = 300
"""Of a rest, or of a hold."""


def all_guidance(known: Phrasebook) -> Iterator[str]:
    """Give every sentence of a guide, each with all that can be filled in."""
    yield from (known.guide[each] for each in ("ready", "done", "rest", "rested"))
    for exercise in all_exercises().values():
        yield from (known.guide[each].format(name=exercise.name) for each in ("exercise", "next"))
    for sets in range(1, MOST_SETS + 1):
        for number in range(1, sets + 1):
            yield known.guide["set"].format(number=number, sets=sets)
    yield from _amounts(known, "rep", MOST_REPETITIONS)
    yield from _amounts(known, "second", MOST_SECONDS)
    for number in range(1, MOST_REPETITIONS + 1):
        yield known.guide["count"].format(number=number)


def _amounts(known: Phrasebook, one: str, most: int) -> Iterator[str]:
    yield known.guide[one].format(number=1)
    yield from (known.guide[f"{one}s"].format(number=number) for number in range(2, most + 1))
