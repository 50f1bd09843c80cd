"""Features of an athlete, on which recommendations depend."""

from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta
from typing import Final, Literal

from domain.catalog.events import Level
from domain.intents.vocabulary import exercise_names
from domain.kernel import value

Goal = Literal["strength", "muscle", "endurance"]

RECENT_DAYS: Final = 14
"""Days before today whose training counts as recent."""

AHEAD: Final = timedelta(days=1)
"""How far a session may be in the future to count as recent: the clock of a device may be wrong."""

LEVELS: Final[tuple[Level, ...]] = ("beginner", "intermediate", "advanced")

MIN_MINUTES: Final = 5
MAX_MINUTES: Final = 240


@value
class Preferences:
    """Wishes of an athlete; None stands for any.

    `level`: their own estimate, instead of the one from their training. `minutes`: time for one
    workout. `equipment`: what they have. `spared`: body parts that hurt.
    """

    level: Level | None = None
    goal: Goal | None = None
    minutes: int | None = None
    equipment: tuple[str, ...] | None = None
    spared: tuple[str, ...] = ()


@value
class RecentTraining:
    """Training of the last RECENT_DAYS days: sessions, and sets by movement pattern."""

    sessions: int = 0
    pattern_sets: Mapping[str, int] = field(default_factory=dict[str, int])


@value
class Features:
    """Features of an athlete.

    `completion_rate`: share of the workouts of their plans that they performed on time, 0..1; None
    without plans. `health_metrics`: by name, such as `sleep_change`: how much the mean of the last
    week differs from what is usual, in percent. `recent` is None if their training is not given.
    `completed`: how often they completed a workout, by its id. `finished`: how often they completed
    a plan, or watched a video to its end, by kind and id. `performed`: exercises they have done.
    `planned`: ids of the workouts that their plans have next. `enrolled`: plans that
    they follow. `dismissed`: items that they do not want to see, as kind and id. `wanted`: items
    that they want more of; `wanted_patterns`: how many of them train a movement pattern mainly.
    """

    fitness_level: Level = "beginner"
    preferences: Preferences = field(default_factory=Preferences)
    completion_rate: float | None = None
    health_metrics: Mapping[str, float] = field(default_factory=dict[str, float])
    recent: RecentTraining | None = None
    completed: Mapping[str, int] = field(default_factory=dict[str, int])
    finished: Mapping[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    performed: frozenset[str] = frozenset()
    planned: frozenset[str] = frozenset()
    enrolled: frozenset[str] = frozenset()
    dismissed: frozenset[tuple[str, str]] = frozenset()
    wanted: frozenset[tuple[str, str]] = frozenset()
    wanted_patterns: Mapping[str, int] = field(default_factory=dict[str, int])


def equipment() -> frozenset[str]:
    """Return the ids of all equipment that an exercise may need."""
    return frozenset(each for entry in exercise_names().entries.values() for each in entry.needs)


def body_parts() -> frozenset[str]:
    """Return the ids of all body parts that an exercise may strain."""
    return frozenset(each for entry in exercise_names().entries.values() for each in entry.strains)


def level_of(sessions: int) -> Level:
    """Estimate a level from the number of completed sessions.

    The bounds are ours: a habit of a month with three sessions a week, and one of half a year.
    """
    return "beginner" if sessions < 12 else "intermediate" if sessions < 75 else "advanced"
