"""Reasons of recommendations: claims about named facts, which can be checked.

A reason is not a text, but a list of claims such as "`sets_14_days.squat` is 0". `holds` evaluates
them against the facts of an athlete and an item, apart from the rule that made them; only a reason
that holds is shown. Its sentence has no numbers but those of its claims.
"""

from collections.abc import Iterator, Mapping
from typing import Final, Literal

from domain.guidance.candidates import Candidate
from domain.guidance.features import Features
from domain.kernel import value

Fact = str | int | float
Relation = Literal["is", "at_least", "at_most"]

ReasonCode = Literal[
    "wanted",
    "more_like_wanted",
    "next_in_plan",
    "neglected_pattern",
    "suits_goal",
    "short_after_bad_sleep",
    "fits_time",
    "fits_level",
    "no_equipment",
    "completed_before",
    "not_done_yet",
]

LESS_SLEEP: Final = -7
"""Change of sleep, in percent, from which a shorter workout is recommended (see `recovery`)."""

SHORT_MINUTES: Final = 20
NEGLECTED_SETS: Final = 4
"""Sets of a movement pattern in 14 days, up to which it counts as neglected."""

OFTEN: Final = 5
"""Completions of a workout from which more do not raise its score."""


@value
class Claim:
    """A statement about one fact."""

    fact: str
    relation: Relation
    value: Fact

    def holds(self, facts: Mapping[str, Fact]) -> bool:
        """Return whether the fact exists and meets the statement."""
        found = facts.get(self.fact)
        if found is None:
            return False
        if self.relation == "is":
            return found == self.value
        if isinstance(found, str) or isinstance(self.value, str):
            return False
        return found >= self.value if self.relation == "at_least" else found <= self.value


@value
class Reason:
    """A reason with its claims and its share of the score."""

    code: ReasonCode
    claims: tuple[Claim, ...]
    points: float

    def value_of(self, fact: str) -> Fact:
        """Return the value that a claim states of a fact. Raises KeyError."""
        return {each.fact: each.value for each in self.claims}[fact]


def holds(reason: Reason, facts: Mapping[str, Fact]) -> bool:
    """Return whether all claims of a reason hold. A reason without claims does not."""
    return bool(reason.claims) and all(each.holds(facts) for each in reason.claims)


def facts_of(features: Features, candidate: Candidate) -> dict[str, Fact]:
    """Return all facts about an athlete and an item, by name, without those that are not given."""
    preferences, item = features.preferences, candidate
    owned = preferences.equipment
    facts: dict[str, Fact] = {
        "fitness_level": features.fitness_level,
        "item.wanted": int((item.kind, item.id) in features.wanted),
        "item.planned": int(item.id in features.planned),
        "item.completed": _completions(features, item),
        "item.performed": int(item.id in features.performed),
        "item.sets": item.sets,
    }
    optional: dict[str, Fact | None] = {
        "preferences.goal": preferences.goal,
        "preferences.minutes": preferences.minutes,
        "preferences.equipment": None if owned is None else len(owned),
        "item.needs": len(item.needs) if item.is_described else None,
        "item.level": item.level,
        "item.minutes": item.minutes,
    }
    facts |= {name: each for name, each in optional.items() if each is not None}
    facts |= {f"health.{name}": each for name, each in features.health_metrics.items()}
    facts |= {f"item.sets.{name}": sets for name, sets in item.pattern_sets.items()}
    facts |= {f"wanted.{name}": number for name, number in features.wanted_patterns.items()}
    facts |= {f"item.goal_sets.{goal}": sets for goal, sets in item.goal_sets.items()}
    if features.recent is not None:
        recent = features.recent.pattern_sets
        facts |= {f"sets_14_days.{name}": recent.get(name, 0) for name in item.pattern_sets}
    return facts


def reasons_for(features: Features, candidate: Candidate) -> list[Reason]:
    """Return all reasons for an item that apply, the strongest first."""
    reasons = [*_reasons(features, candidate)]
    return sorted(reasons, key=lambda each: (-each.points, each.code))


def _reasons(features: Features, item: Candidate) -> Iterator[Reason]:
    preferences = features.preferences
    if item.id in features.planned:
        yield Reason("next_in_plan", (Claim("item.planned", "is", 1),), 3.0)
    yield from _wanted(features, item)
    yield from _neglected(features, item)
    yield from _goal(features, item)
    sleep = features.health_metrics.get("sleep_change")
    minutes = item.minutes
    if sleep is not None and sleep <= LESS_SLEEP and minutes and minutes <= SHORT_MINUTES:
        claims = Claim("health.sleep_change", "is", sleep), Claim("item.minutes", "is", minutes)
        yield Reason("short_after_bad_sleep", claims, 1.0)
    if preferences.minutes is not None and minutes is not None and minutes <= preferences.minutes:
        claims = (
            Claim("item.minutes", "is", minutes),
            Claim("preferences.minutes", "at_least", minutes),
        )
        yield Reason("fits_time", claims, 0.5)
    if item.level is not None and item.level == features.fitness_level:
        claims = Claim("item.level", "is", item.level), Claim("fitness_level", "is", item.level)
        yield Reason("fits_level", claims, 0.6)
    if preferences.equipment == () and item.is_described and not item.needs:
        claims = Claim("item.needs", "is", 0), Claim("preferences.equipment", "is", 0)
        yield Reason("no_equipment", claims, 0.3)
    yield _experience(features, item)


def _wanted(features: Features, item: Candidate) -> Iterator[Reason]:
    """Yield that the athlete wants more of the item, or of what it mainly trains."""
    pattern = item.main_pattern
    if (item.kind, item.id) in features.wanted:
        yield Reason("wanted", (Claim("item.wanted", "is", 1),), 2.0)
    elif pattern is not None and features.wanted_patterns.get(pattern):
        claims = (
            Claim(f"wanted.{pattern}", "is", features.wanted_patterns[pattern]),
            Claim(f"item.sets.{pattern}", "is", item.pattern_sets[pattern]),
        )
        yield Reason("more_like_wanted", claims, 1.5)


def _neglected(features: Features, item: Candidate) -> Iterator[Reason]:
    """Yield that the item trains a movement pattern which recent training has least of."""
    recent = features.recent
    if recent is None or not recent.sessions or not item.sets:
        return
    done = recent.pattern_sets
    pattern = min(
        item.pattern_sets, key=lambda each: (done.get(each, 0), -item.pattern_sets[each], each)
    )
    sets = done.get(pattern, 0)
    if sets > NEGLECTED_SETS:
        return
    share = item.pattern_sets[pattern] / item.sets
    claims = (
        Claim(f"sets_14_days.{pattern}", "is", sets),
        Claim(f"item.sets.{pattern}", "is", item.pattern_sets[pattern]),
    )
    yield Reason("neglected_pattern", claims, 2.0 * share * (1 - sets / (NEGLECTED_SETS + 1)))


def _goal(features: Features, item: Candidate) -> Iterator[Reason]:
    """Yield that at least half of the sets have the repetitions that suit the goal."""
    goal = features.preferences.goal
    sets = 0 if goal is None else item.goal_sets.get(goal, 0)
    if goal is None or not sets or 2 * sets < item.sets:
        return
    claims = (
        Claim("preferences.goal", "is", goal),
        Claim(f"item.goal_sets.{goal}", "is", sets),
        Claim("item.sets", "is", item.sets),
    )
    yield Reason("suits_goal", claims, 0.8 * sets / item.sets)


def _completions(features: Features, item: Candidate) -> int:
    """Return how often the athlete has completed a workout or a plan, or a video to its end."""
    if item.kind == "workout":
        return features.completed.get(item.id, 0)
    return features.finished.get((item.kind, item.id), 0)


def _experience(features: Features, item: Candidate) -> Reason:
    """Return whether the athlete has done the item before; one of both is always true."""
    times = _completions(features, item)
    if times:
        claim = Claim("item.completed", "is", times)
        return Reason("completed_before", (claim,), 0.4 * min(times, OFTEN) / OFTEN)
    if item.id in features.performed:
        claims = Claim("item.completed", "is", 0), Claim("item.performed", "is", 1)
        return Reason("completed_before", claims, 0.1)
    claims = Claim("item.completed", "is", 0), Claim("item.performed", "is", 0)
    return Reason("not_done_yet", claims, 0.2)
