"""Candidates: what can be recommended to an athlete."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Final, Literal

from domain.catalog.events import Level
from domain.guidance.features import Goal
from domain.intents.vocabulary import exercise_names
from domain.kernel import value
from domain.workouts.events import PrescribedExercise

ItemKind = Literal["plan", "workout", "exercise", "video"]

SECONDS_OF_REPETITION: Final = 3.5
"""Usual duration of one repetition, for estimates of time."""

DEFAULT_REPETITIONS: Final = 10

GOAL_REPETITIONS: Final[Mapping[Goal, tuple[int, int]]] = {
    "strength": (1, 6),
    "muscle": (7, 12),
    "endurance": (13, 1000),
}
"""Repetitions of a set by goal, after the repetition continuum: Schoenfeld et al., "Loading
Recommendations for Muscle Strength, Hypertrophy, and Local Endurance", Sports 9(2), 2021."""


@value
class Candidate:
    """An item that may be recommended. What is None or empty does not apply to it.

    `needs`: equipment. `strains`: body parts. `minutes`: estimated duration of it, or of one of its
    workouts. `pattern_sets`: its sets by movement pattern, and `goal_sets` by the goal that their
    repetitions suit. `is_described`: all that it needs and strains is known. `is_open`:
    the athlete may use it, or buy it.
    """

    kind: ItemKind
    id: str
    title: str
    level: Level | None = None
    needs: frozenset[str] = frozenset()
    strains: frozenset[str] = frozenset()
    minutes: int | None = None
    pattern_sets: Mapping[str, int] = field(default_factory=dict[str, int])
    goal_sets: Mapping[Goal, int] = field(default_factory=dict[Goal, int])
    is_described: bool = True
    is_open: bool = True

    @property
    def sets(self) -> int:
        """Number of its sets."""
        return sum(self.pattern_sets.values())

    @property
    def main_pattern(self) -> str | None:
        """The movement pattern that most of its sets have."""
        if not self.pattern_sets:
            return None
        return min(self.pattern_sets, key=lambda each: (-self.pattern_sets[each], each))


@value
class Content:
    """What the exercises of a workout amount to; see `Candidate`."""

    needs: frozenset[str]
    strains: frozenset[str]
    minutes: int
    pattern_sets: Mapping[str, int]
    goal_sets: Mapping[Goal, int]
    is_described: bool


def content_of(exercises: Iterable[PrescribedExercise]) -> Content:
    """Add up the exercises of a workout. Exercises without an entry only take time."""
    entries = exercise_names().entries
    patterns: Counter[str] = Counter()
    goals: Counter[Goal] = Counter()
    needs: set[str] = set()
    strains: set[str] = set()
    seconds = 0.0
    is_described = True
    for each in exercises:
        seconds += each.sets * (_set_s(each) + each.rest_s)
        entry = entries.get(each.exercise_id)
        if entry is None:
            is_described = False
            continue
        patterns[entry.pattern] += each.sets
        needs |= entry.needs
        strains |= entry.strains
        goal = _goal(each)
        if goal is not None:
            goals[goal] += each.sets
    return Content(
        frozenset(needs),
        frozenset(strains),
        math.ceil(seconds / 60),
        dict(patterns),
        dict(goals),
        is_described,
    )


def exercise_candidate(exercise_id: str, name: str) -> Candidate:
    """Return an exercise of the library as a candidate. Raises KeyError."""
    entry = exercise_names().entries[exercise_id]
    return Candidate(
        kind="exercise",
        id=exercise_id,
        title=name,
        needs=entry.needs,
        strains=entry.strains,
        pattern_sets={entry.pattern: 1},
    )


def _set_s(exercise: PrescribedExercise) -> float:
    if exercise.target_hold_s is not None:
        return exercise.target_hold_s
    repetitions = exercise.target_repetitions or DEFAULT_REPETITIONS
    return repetitions * SECONDS_OF_REPETITION


def _goal(exercise: PrescribedExercise) -> Goal | None:
    repetitions = exercise.target_repetitions
    if repetitions is None:
        return None
    for goal, (fewest, most) in GOAL_REPETITIONS.items():
        if fewest <= repetitions <= most:
            return goal
    return None
