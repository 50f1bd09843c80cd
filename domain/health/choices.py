"""Decider of a person's choices about their health data: sources, goals, and their profile."""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime
from typing import Final, get_args

from domain.health.events import (
    CloudSource,
    Goal,
    GoalRemoved,
    GoalSet,
    HealthEvent,
    ProfileDeleted,
    Source,
    SourceOrder,
    SourcesOrdered,
)
from domain.health.metrics import find_metric
from domain.ids import UserId
from domain.kernel import Decider, Rejected, command, value
from domain.personal import Personal
from domain.values import InvalidValue, within

SOURCES: Final[tuple[Source, ...]] = get_args(Source)
"""All sources, in the order in which they count where the person has chosen none."""

CLOUDS: Final[tuple[CloudSource, ...]] = get_args(CloudSource)
"""Sources that are linked by OAuth."""

DEVICES: Final[tuple[Source, ...]] = tuple(source for source in SOURCES if source not in CLOUDS)
"""Sources whose records a device sends."""


class SourceUnknown(Rejected):
    """There is no source of health data of this name."""

    code = "health.source_unknown"
    kind = "not_found"


def find_source(name: str) -> Source:
    """Return a source on devices by its name. Raises SourceUnknown."""
    for source in DEVICES:
        if source == name:
            return source
    raise SourceUnknown


def find_cloud(name: str) -> CloudSource:
    """Return a cloud by its name. Raises SourceUnknown."""
    for source in CLOUDS:
        if source == name:
            return source
    raise SourceUnknown


@command
class OrderSources:
    """Prefer sources of a metric in this order."""

    user_id: UserId
    order: SourceOrder
    at: datetime

    def __post_init__(self) -> None:
        find_metric(self.order.metric)
        if not self.order.sources or len(set(self.order.sources)) < len(self.order.sources):
            raise InvalidValue("Name at least one source, and each once.")


@command
class SetGoal:
    """Set the goal for a metric, instead of an earlier one."""

    user_id: UserId
    goal: Goal
    at: datetime

    def __post_init__(self) -> None:
        metric = find_metric(self.goal.metric)
        within("target", self.goal.target, metric.low, metric.high)


@command
class RemoveGoal:
    """Remove the goal for a metric."""

    user_id: UserId
    metric: str
    at: datetime


@command
class DeleteProfile:
    """Delete the health profile, whose sessions were deleted before."""

    user_id: UserId
    at: datetime


HealthCommand = OrderSources | SetGoal | RemoveGoal | DeleteProfile


class ProfileNotFound(Rejected):
    """You have no health profile: you deleted it, and nothing was saved since."""

    code = "health.profile_unknown"
    kind = "not_found"


class GoalNotFound(Rejected):
    """You have no goal for this metric."""

    code = "health.goal_unknown"
    kind = "not_found"


@value
class HealthChoices:
    """Orders of sources and goals, both by metric; whether the profile was deleted once."""

    orders: Mapping[str, tuple[Source, ...]] = field(default_factory=dict[str, tuple[Source, ...]])
    goals: Mapping[str, Goal] = field(default_factory=dict[str, Goal])
    profile_deleted: bool = False

    def sources(self, metric: str) -> tuple[Source, ...]:
        """Return all sources of a metric, the preferred one first."""
        chosen = self.orders.get(metric, ())
        return (*chosen, *(each for each in SOURCES if each not in chosen))


def decide(command: HealthCommand, choices: HealthChoices) -> tuple[HealthEvent, ...]:
    """Return the events of a command; none if it changes nothing. Raises GoalNotFound."""
    user = command.user_id
    match command:
        case OrderSources(order=order, at=at):
            if choices.orders.get(order.metric) == order.sources:
                return ()
            return (SourcesOrdered(order=Personal(user, order), at=at),)
        case SetGoal(goal=goal, at=at):
            if choices.goals.get(goal.metric) == goal:
                return ()
            return (GoalSet(goal=Personal(user, goal), at=at),)
        case RemoveGoal(metric=metric, at=at):
            if metric not in choices.goals:
                raise GoalNotFound
            return (GoalRemoved(metric=Personal(user, metric), at=at),)
        case DeleteProfile(at=at):
            return (ProfileDeleted(user_id=user, at=at),)


def evolve(choices: HealthChoices, event: HealthEvent) -> HealthChoices:
    """Apply one event; erased choices are forgotten."""
    match event:
        case SourcesOrdered(order=Personal(value=SourceOrder() as order)):
            return replace(choices, orders={**choices.orders, order.metric: order.sources})
        case GoalSet(goal=Personal(value=Goal() as goal)):
            return replace(choices, goals={**choices.goals, goal.metric: goal})
        case GoalRemoved(metric=Personal(value=str() as metric)):
            left = {name: goal for name, goal in choices.goals.items() if name != metric}
            return replace(choices, goals=left)
        case ProfileDeleted():
            return replace(choices, profile_deleted=True)
        case _:
            return choices


HEALTH = Decider[HealthCommand, HealthEvent, HealthChoices](
    "health", initial=HealthChoices(), decide=decide, evolve=evolve
)
