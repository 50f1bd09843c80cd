"""Spoken guidance through a workout, built from short sentences.

"Get ready. Squat. Set 2 of 3. 12 repetitions." is four sentences, so a small set of them covers all
workouts. Numbers are bounded; larger ones are shown on the page and not spoken by the server.
"""

from collections.abc import Iterator
from typing import Final

from domain.coaching.phrasebook import Phrasebook
from domain.motion.exercises.library import all_exercises

MAX_SETS: Final = 10
"""Sets of a prescription line."""

MAX_REPETITIONS: Final = 100
"""Target repetitions of a set, and the highest count spoken aloud."""

MAX_SECONDS: Final = 300
"""Seconds of a rest or a hold."""


def all_guidance(phrasebook: Phrasebook) -> Iterator[str]:
    """Yield every guidance sentence with every number and name filled in."""
    yield from (phrasebook.guide[each] for each in ("ready", "done", "rest", "rested"))
    for exercise in all_exercises().values():
        name = phrasebook.names.get(exercise.id, exercise.name)
        yield from (phrasebook.guide[each].format(name=name) for each in ("exercise", "next"))
    for sets in range(1, MAX_SETS + 1):
        for number in range(1, sets + 1):
            yield phrasebook.guide["set"].format(number=number, sets=sets)
    yield from _amounts(phrasebook, "rep", MAX_REPETITIONS)
    yield from _amounts(phrasebook, "second", MAX_SECONDS)
    for number in range(1, MAX_REPETITIONS + 1):
        yield phrasebook.guide["count"].format(number=number)


def _amounts(phrasebook: Phrasebook, one: str, most: int) -> Iterator[str]:
    yield phrasebook.guide[one].format(number=1)
    yield from (phrasebook.guide[f"{one}s"].format(number=number) for number in range(2, most + 1))
