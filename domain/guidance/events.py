"""Events of recommendations, and of what an athlete wants to be recommended.

Preferences say what hurts, so they are encrypted with the key of the athlete.
"""

from datetime import datetime

from domain.guidance.candidates import ItemKind
from domain.guidance.features import Preferences
from domain.guidance.reasons import ReasonCode
from domain.ids import UserId
from domain.kernel import event, value
from domain.personal import Personal


@event("guidance.preferences_changed")
class PreferencesChanged:
    """The stream has the id of the user."""

    preferences: Personal[Preferences]
    at: datetime


@event("guidance.item_dismissed")
class ItemDismissed:
    """The user does not want to see an item among their recommendations."""

    kind: ItemKind
    item_id: str
    at: datetime


@event("guidance.item_restored")
class ItemRestored:
    kind: ItemKind
    item_id: str
    at: datetime


GuidanceEvent = PreferencesChanged | ItemDismissed | ItemRestored


@value
class RecommendedItem:
    """An item of a list. `score` is 0..1; `reason` is the code of the one that was shown.

    `propensity`: probability with which the item got its place, 0..1; 1 without exploration.
    """

    kind: ItemKind
    item_id: str
    score: float
    reason: ReasonCode
    propensity: float


@event("recommendation.generated")
class RecommendationGenerated:
    """A list of recommendations, best first; `context` is the page that asked for it."""

    user_id: UserId
    context: str
    model: str
    items: tuple[RecommendedItem, ...]
    at: datetime


@event("recommendation.viewed")
class RecommendationViewed:
    """The user saw the first `count` items of the list, or more than before."""

    count: int
    at: datetime


@event("recommendation.clicked")
class RecommendationClicked:
    """The user opened an item of the list, for the first time; its place counts from 1."""

    kind: ItemKind
    item_id: str
    place: int
    at: datetime


RecommendationEvent = RecommendationGenerated | RecommendationViewed | RecommendationClicked
"""Events of one list of recommendations."""
