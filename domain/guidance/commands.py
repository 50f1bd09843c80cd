"""Commands of recommendations and preferences, and their refusals."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from domain.guidance.candidates import ItemKind
from domain.guidance.events import RecommendedItem
from domain.guidance.features import (
    MAX_MINUTES,
    MIN_MINUTES,
    Preferences,
    body_parts,
    equipment,
)
from domain.guidance.reasons import ReasonCode
from domain.ids import UserId
from domain.kernel import Rejected, command
from domain.values import InvalidValue, within

MAX_DISMISSED: Final = 500
MAX_WANTED: Final = 100
MAX_PLACES: Final = 100
"""Places of a list."""


@command
class ChangePreferences:
    """Replace the preferences of a user; with `expected`, only if that is current.

    Raises InvalidValue.
    """

    user_id: UserId
    preferences: Preferences
    at: datetime
    expected: Preferences | None = None

    def __post_init__(self) -> None:
        preferences = self.preferences
        if preferences.minutes is not None:
            within("minutes", preferences.minutes, MIN_MINUTES, MAX_MINUTES)
        _require_among("equipment", preferences.equipment or (), equipment())
        _require_among("spared", preferences.spared, body_parts())


@command
class DismissItem:
    kind: ItemKind
    item_id: str
    at: datetime


@command
class RestoreItem:
    kind: ItemKind
    item_id: str
    at: datetime


@command
class WantMore:
    """Want more like an item, which is no longer dismissed."""

    kind: ItemKind
    item_id: str
    at: datetime


@command
class StopWantingMore:
    kind: ItemKind
    item_id: str
    at: datetime


GuidanceCommand = ChangePreferences | DismissItem | RestoreItem | WantMore | StopWantingMore


@command
class Generate:
    """Record a list as it was shown; `reasons` has one code for each item."""

    user_id: UserId
    context: str
    model: str
    items: tuple[RecommendedItem, ...]
    reasons: tuple[ReasonCode, ...]
    at: datetime


@command
class NoteViewed:
    """Note that the user saw the first `count` items. Raises InvalidValue."""

    user_id: UserId
    count: int
    at: datetime

    def __post_init__(self) -> None:
        within("count", self.count, 1, MAX_PLACES)


@command
class NoteClicked:
    user_id: UserId
    kind: ItemKind
    item_id: str
    at: datetime


RecommendationCommand = Generate | NoteViewed | NoteClicked


class RecommendationNotFound(Rejected):
    """There is no such recommendation of yours."""

    code = "recommendation.unknown"
    kind = "not_found"


class GuidancePreferencesMoved(Rejected):
    """The preferences for recommendations have changed. Read them again before you change them."""

    code = "guidance.preferences_moved"
    kind = "stale"


class TooManyDismissed(Rejected):
    """You can dismiss at most 500 items. Restore one first."""

    code = "guidance.too_many_dismissed"


class TooManyWanted(Rejected):
    """You can want more of at most 100 items. Take one back first."""

    code = "guidance.too_many_wanted"


def _require_among(name: str, chosen: Collection[str], allowed: frozenset[str]) -> None:
    if len(set(chosen)) != len(chosen):
        raise InvalidValue(f"{name} names something twice.")
    unknown = sorted(set(chosen) - allowed)
    if unknown:
        raise InvalidValue(f"{name} can be {', '.join(sorted(allowed))}; not {unknown[0][:64]!r}.")
