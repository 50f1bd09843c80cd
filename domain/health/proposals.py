"""Proposals of goals: a little more than what a person does anyway."""

from collections.abc import Mapping, Sequence
from datetime import date
from math import ceil
from statistics import median
from typing import Final

from domain.health.events import Goal
from domain.kernel import value

DAYS: Final = 28
"""Days before today whose median a proposal begins with."""

NEEDED: Final = 7
"""Days with a figure that a proposal needs."""


@value
class Rule:
    """How a target follows from the median: `factor` times it, in steps, at most `most`."""

    factor: float
    step: float
    most: float


RULES: Final[Mapping[str, Rule]] = {
    "active_minutes": Rule(1.1, 5, 60),
    "hydration": Rule(1.1, 100, 2500),
    "mindful_minutes": Rule(1.1, 5, 30),
    "sleep": Rule(1.03, 15, 480),
    "steps": Rule(1.1, 500, 12000),
    "workout_minutes": Rule(1.1, 5, 60),
}
"""Metrics of which more is better for most people. No goal is proposed for a weight."""


@value
class Proposal:
    """A goal, and the median of the last four weeks that it comes from."""

    goal: Goal
    usual: float
    days: int


def propose(
    figures: Mapping[str, Mapping[date, float]], chosen: Sequence[str]
) -> tuple[Proposal, ...]:
    """Return proposals for metrics without a goal, in order of metric.

    A metric whose median already reaches `most` has no proposal.
    """
    return tuple(
        Proposal(Goal(metric, target, "at_least"), usual, len(values))
        for metric, rule in RULES.items()
        if metric not in chosen and len(values := list(figures.get(metric, {}).values())) >= NEEDED
        if (usual := median(values)) < (target := _target(rule, usual))
    )


def _target(rule: Rule, usual: float) -> float:
    return min(ceil(usual * rule.factor / rule.step) * rule.step, rule.most)
