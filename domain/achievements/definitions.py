"""Badge and trophy definitions. The thresholds are Kinelog's own choice.

A badge is a rule that is met once. A trophy is a tier of a family of rules over one statistic
(C-50). To add one, add a line here and its display name in `web/src/ui/achievements.ts`. Athletes
keep an achievement after its definition is removed.
"""

from collections.abc import Iterator
from typing import Final, Literal

from domain.kernel import value

Tier = Literal["bronze", "silver", "gold"]

Measure = Literal[
    "workouts",
    "repetitions",
    "days_in_a_row",
    "weeks_in_a_row",
    "records",
    "exercises",
    "exercises_in_a_workout",
    "hold_s",
    "form",
]
"""Statistics of `domain.achievements.training_stats`: none of them decreases with more training."""


@value
class Badge:
    """Earned once `measure` is `least` or more."""

    name: str
    measure: Measure
    least: float


@value
class TrophyFamily:
    """A trophy with three tiers, each unlocked when `measure` reaches its threshold."""

    name: str
    measure: Measure
    bronze: float
    silver: float
    gold: float

    @property
    def tiers(self) -> tuple[tuple[Tier, float], ...]:
        """Tiers and thresholds, lowest first."""
        return ("bronze", self.bronze), ("silver", self.silver), ("gold", self.gold)


BADGES: Final = (
    Badge("first_workout", "workouts", 1),
    Badge("first_record", "records", 1),
    Badge("clean_form", "form", 0.9),
    Badge("all_round", "exercises_in_a_workout", 4),
)

FAMILIES: Final = (
    TrophyFamily("workouts", "workouts", 10, 50, 250),
    TrophyFamily("repetitions", "repetitions", 500, 5_000, 50_000),
    TrophyFamily("days_in_a_row", "days_in_a_row", 3, 7, 30),
    TrophyFamily("weeks_in_a_row", "weeks_in_a_row", 4, 12, 52),
    TrophyFamily("records", "records", 5, 25, 100),
    TrophyFamily("variety", "exercises", 3, 6, 12),
    TrophyFamily("hold", "hold_s", 60, 120, 300),
)


@value
class Rule:
    """Condition of a badge or of one tier of a family. `tier` is None for a badge."""

    name: str
    tier: Tier | None
    measure: Measure
    least: float

    @property
    def key(self) -> tuple[str, Tier | None]:
        """Identity: name and tier, independent of the threshold."""
        return self.name, self.tier


def _rules() -> Iterator[Rule]:
    for badge in BADGES:
        yield Rule(badge.name, None, badge.measure, badge.least)
    for family in FAMILIES:
        for tier, least in family.tiers:
            yield Rule(family.name, tier, family.measure, least)


RULES: Final = tuple(_rules())
