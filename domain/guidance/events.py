"""Events of recommendations, and of what an athlete wants to be recommended.

Preferences say what hurts, and reasons can tell how somebody sleeps, so both are encrypted with
the key of the athlete.
"""

from datetime import datetime
from typing import Literal

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


@event("guidance.more_wanted")
class MoreWanted:
    """The user wants more like this item. It is no longer dismissed."""

    kind: ItemKind
    item_id: str
    at: datetime


@event("guidance.more_no_longer_wanted")
class MoreNoLongerWanted:
    """The user took back that they want more like this item."""

    kind: ItemKind
    item_id: str
    at: datetime


GuidanceEvent = PreferencesChanged | ItemDismissed | ItemRestored | MoreWanted | MoreNoLongerWanted


@value
class RecommendedItem:
    """An item of a list. `score` is 0..1.

    `propensity`: probability with which the item got its place, 0..1; 1 without exploration.
    `rank`: its place by the ranking, from 1, which exploration may have changed. `rules_score`: its
    score without the model; `pattern`: its main movement pattern.
    """

    kind: ItemKind
    item_id: str
    score: float
    propensity: float
    rank: int
    rules_score: float
    pattern: str | None


@event("recommendation.generated", version=3)
class RecommendationGenerated:
    """A list of recommendations as it was shown; `context` is the page that asked for it.

    `reasons` has the code of the reason that was shown for each item.
    """

    user_id: UserId
    context: str
    model: str
    items: tuple[RecommendedItem, ...]
    reasons: Personal[tuple[ReasonCode, ...]]
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


Obstacle = Literal["worse_in_trial", "worse_in_use", "too_few_people"]


@value
class Comparison:
    """Comparison of a model with the rankings that were shown, by what users did.

    `difference`: successes of a list, more with the model than as ranked then; with its 95 %
    confidence interval. `lists` were seen, with `successes`.
    """

    lists: int
    successes: int
    difference: float
    low: float
    high: float


@value
class ModelEvidence:
    """What a decision about a model rests on.

    It was trained from `sessions` of `people`, up to the time `until` and position `log_position`.
    `hits` and `popular_hits` are the shares of its trial. `comparison` (see `off_policy`) is None
    without enough lists.
    """

    people: int
    sessions: int
    until: datetime | None
    log_position: int
    hits: float
    popular_hits: float
    comparison: Comparison | None


@event("recommendation_model.promoted")
class ModelPromoted:
    """A trained model serves from now on. The stream has the id of the tenant."""

    model: str
    evidence: ModelEvidence
    at: datetime


@event("recommendation_model.refused")
class ModelRefused:
    """A trained model does not serve; None if there were too few people for one.

    `serving` goes on serving; None: the rules recommend alone.
    """

    model: str | None
    serving: str | None
    obstacle: Obstacle
    evidence: ModelEvidence
    at: datetime


RecommendationEvent = RecommendationGenerated | RecommendationViewed | RecommendationClicked
"""Events of one list of recommendations."""

ModelEvent = ModelPromoted | ModelRefused
"""Events of the models of a tenant."""
