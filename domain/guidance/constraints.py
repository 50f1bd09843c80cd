"""Hard constraints of recommendations: each has a name, and excludes items whatever their score."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final, Literal

from domain.guidance.candidates import Candidate
from domain.guidance.features import LEVELS, Features
from domain.kernel import value

Constraint = Literal["injury", "equipment", "time", "level", "entitlement", "dismissed", "enrolled"]

Test = Callable[[Features, Candidate], bool]


def _injury(features: Features, item: Candidate) -> bool:
    """Return whether the item strains a body part that is spared, or may do so."""
    spared = set(features.preferences.spared)
    return bool(spared) and (not item.is_described or bool(item.strains & spared))


def _equipment(features: Features, item: Candidate) -> bool:
    available = features.preferences.equipment
    return available is not None and bool(item.needs - set(available))


def _time(features: Features, item: Candidate) -> bool:
    available, needed = features.preferences.minutes, item.minutes
    return available is not None and needed is not None and needed > available


def _level(features: Features, item: Candidate) -> bool:
    """Return whether the item is more than one level above the athlete."""
    if item.level is None:
        return False
    return LEVELS.index(item.level) - LEVELS.index(features.fitness_level) > 1


EXCLUDES: Final[Mapping[Constraint, Test]] = MappingProxyType(
    {
        "injury": _injury,
        "equipment": _equipment,
        "time": _time,
        "level": _level,
        "entitlement": lambda _, item: not item.is_open,
        "dismissed": lambda features, item: (item.kind, item.id) in features.dismissed,
        "enrolled": lambda features, item: item.kind == "plan" and item.id in features.enrolled,
    }
)


def violated(features: Features, candidate: Candidate) -> tuple[Constraint, ...]:
    """Return the names of all constraints that exclude an item."""
    return tuple(name for name, excludes in EXCLUDES.items() if excludes(features, candidate))


@value
class Counterfactual:
    """A change of the preferences with which an item would not be recommended.

    `value` is the number of minutes that are too few, the equipment that would be missing, or the
    body part that would hurt.
    """

    constraint: Literal["time", "equipment", "injury"]
    value: str | int


def counterfactuals(features: Features, candidate: Candidate) -> tuple[Counterfactual, ...]:
    """Return changes that would exclude an item that is not excluded now."""
    return tuple(_counterfactuals(candidate)) if not violated(features, candidate) else ()


def _counterfactuals(item: Candidate) -> Iterator[Counterfactual]:
    if item.minutes is not None and item.minutes > 1:
        yield Counterfactual("time", item.minutes - 1)
    for each in sorted(item.needs):
        yield Counterfactual("equipment", each)
    for each in sorted(item.strains):
        yield Counterfactual("injury", each)


def with_change(
    features: Features, change: Counterfactual, all_equipment: frozenset[str]
) -> Features:
    """Return the features with one changed preference."""
    preferences = features.preferences
    match change.constraint:
        case "time":
            changed = replace(preferences, minutes=int(change.value))
        case "equipment":
            available = (
                all_equipment if preferences.equipment is None else set(preferences.equipment)
            )
            changed = replace(preferences, equipment=tuple(sorted(available - {str(change.value)})))
        case "injury":
            changed = replace(preferences, spared=(*preferences.spared, str(change.value)))
    return replace(features, preferences=changed)
