"""Recommendations, and what the user wants to be recommended: views, inputs and writes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, get_args
from uuid import UUID

from pydantic import Field, StringConstraints

from api.views.base import Body, StrictBody, write
from application.caller import Caller, checked_id
from application.guidance.service import RecommendationService, ShownItem
from application.guidance.texts import item_title, reason_text
from application.kernel.catalogues import DEFAULT_LANGUAGE
from application.users.authorization import Forbidden
from application.users.errors import SignInRequired
from domain.catalog.events import Level
from domain.guidance import commands
from domain.guidance.candidates import ItemKind
from domain.guidance.constraints import Counterfactual
from domain.guidance.features import MAX_MINUTES, MIN_MINUTES, Features, Goal, Preferences
from domain.guidance.reasons import Claim, ReasonCode, Relation
from domain.ids import UserId
from domain.values import InvalidValue
from projections.user_profile import USER_PROFILE

Context = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$"),
    Field(description="The page that shows the list, such as `home`."),
]

MAX_NAMES: Final = 50
KINDS: Final[tuple[ItemKind, ...]] = get_args(ItemKind)


class RecommendationClaim(Body):
    """A statement about one fact, which was checked, such as `sets_14_days.squat` is 0."""

    fact: str
    relation: Relation
    value: str

    @classmethod
    def of(cls, claim: Claim) -> "RecommendationClaim":
        """Return the view of a claim."""
        return cls(fact=claim.fact, relation=claim.relation, value=str(claim.value))


class RecommendationChange(Body):
    """A change of preferences with which the item would not be recommended."""

    constraint: str
    value: str = Field(description="Minutes, equipment that is missing, or what hurts.")

    @classmethod
    def of(cls, change: Counterfactual) -> "RecommendationChange":
        """Return the view of a change."""
        return cls(constraint=change.constraint, value=str(change.value))


class RecommendedItem(Body):
    """A recommended item, with the strongest reason that holds."""

    id: str
    kind: ItemKind
    title: str
    score: float = Field(description="0..1")
    reason: str = Field(description="One sentence, in the language of the account.")
    reason_code: ReasonCode
    claims: tuple[RecommendationClaim, ...]
    excluded_if: tuple[RecommendationChange, ...]
    wanted: bool = Field(description="You said that you want more of it.")

    @classmethod
    def of(cls, item: ShownItem, locale: str) -> "RecommendedItem":
        """Return the view of an item."""
        return cls(
            id=item.id,
            kind=item.kind,
            title=item_title(item.kind, item.id, item.title, locale),
            score=item.score,
            reason=reason_text(item.reason, locale),
            reason_code=item.reason.code,
            claims=tuple(RecommendationClaim.of(each) for each in item.reason.claims),
            excluded_if=tuple(RecommendationChange.of(each) for each in item.excluded_if),
            wanted=item.wanted,
        )


class RecommendationList(Body):
    """At most ten recommendations, best first. The id is that of the list."""

    id: str
    generated_at: datetime
    recommendations: tuple[RecommendedItem, ...]


class ScoredItems(Body):
    """Recommendations for given features."""

    recommendations: tuple[RecommendedItem, ...]


class GuidancePreferences(StrictBody):
    """What you want to be recommended; null stands for any."""

    level: Level | None = None
    goal: Goal | None = None
    minutes: int | None = Field(
        default=None, ge=MIN_MINUTES, le=MAX_MINUTES, description="Time for one workout."
    )
    equipment: tuple[str, ...] | None = Field(
        default=None, max_length=MAX_NAMES, description="What you have, such as `barbell`."
    )
    spared: tuple[str, ...] = Field(
        default=(), max_length=MAX_NAMES, description="Body parts that hurt."
    )

    @classmethod
    def of(cls, preferences: Preferences) -> "GuidancePreferences":
        """Return the view of preferences."""
        return cls.model_validate(preferences)

    def to_preferences(self) -> Preferences:
        """Return the preferences."""
        return Preferences(self.level, self.goal, self.minutes, self.equipment, self.spared)


@dataclass(frozen=True, slots=True)
class GuidanceWritten:
    """The preferences after a command; the log has them up to `position`."""

    preferences: Preferences
    position: int
    repeated: bool


@dataclass(frozen=True, slots=True)
class RecommendationNoted:
    """Result of a command about a list or an item: the log has it up to `position`."""

    id: str
    position: int
    repeated: bool


class ViewedItems(StrictBody):
    """The first items of a list that were seen."""

    count: int = Field(ge=1, le=commands.MAX_PLACES)


class ClickedItem(StrictBody):
    """An item of a list that was opened."""

    kind: ItemKind
    id: str


def get_recommendations(caller: Caller, user_id: str | None, context: str) -> RecommendationList:
    """Return recommendations for the caller. Raises SignInRequired, and Forbidden for others."""
    user = requested_user(caller, user_id)
    shown = _service(caller).recommend(caller.tenant_id, user, context, caller.origin())
    locale = _locale(caller, user)
    return RecommendationList(
        id=shown.id,
        generated_at=shown.generated_at,
        recommendations=tuple(RecommendedItem.of(each, locale) for each in shown.items),
    )


def score_items(caller: Caller, user_id: str, features: Features) -> ScoredItems:
    """Return recommendations for given features. Raises as `get_recommendations` does."""
    user = requested_user(caller, user_id)
    items = _service(caller).for_features(caller.tenant_id, user, features)
    locale = _locale(caller, user)
    return ScoredItems(recommendations=tuple(RecommendedItem.of(each, locale) for each in items))


def get_guidance_preferences(caller: Caller) -> Preferences:
    """Return the caller's preferences. Raises SignInRequired."""
    claims = caller.signed_in()
    return _service(caller).preferences(claims.tenant_id, claims.user_id)


@write
def change_guidance_preferences(
    caller: Caller,
    body: GuidancePreferences,
    command_id: UUID,
    expected: Preferences | None = None,
) -> GuidanceWritten:
    """Replace your preferences for recommendations. New recommendations use them at once."""
    user_id = caller.signed_in().user_id
    change = commands.ChangePreferences(
        user_id=user_id,
        preferences=body.to_preferences(),
        at=caller.platform.clock(),
        expected=expected,
    )
    appended = _service(caller).change(
        user_id, change, origin=caller.origin(), command_id=command_id
    )
    preferences = get_guidance_preferences(caller)
    return GuidanceWritten(preferences, appended.position, appended.repeated)


@write
def dismiss_recommendation(
    caller: Caller, kind: str, item_id: str, command_id: UUID
) -> RecommendationNoted:
    """Never recommend an item to you again, until you restore it."""
    at = caller.platform.clock()
    dismiss = commands.DismissItem(kind=_kind(kind), item_id=checked_id(item_id), at=at)
    return _changed(caller, item_id, dismiss, command_id)


@write
def restore_recommendation(
    caller: Caller, kind: str, item_id: str, command_id: UUID
) -> RecommendationNoted:
    """Allow an item that you dismissed to be recommended again."""
    at = caller.platform.clock()
    restore = commands.RestoreItem(kind=_kind(kind), item_id=checked_id(item_id), at=at)
    return _changed(caller, item_id, restore, command_id)


@write
def want_more(caller: Caller, kind: str, item_id: str, command_id: UUID) -> RecommendationNoted:
    """Recommend more like an item to you, from now on. Constraints exclude it all the same."""
    at = caller.platform.clock()
    want = commands.WantMore(kind=_kind(kind), item_id=checked_id(item_id), at=at)
    return _changed(caller, item_id, want, command_id)


@write
def stop_wanting_more(
    caller: Caller, kind: str, item_id: str, command_id: UUID
) -> RecommendationNoted:
    """Take back that you want more like an item."""
    at = caller.platform.clock()
    stop = commands.StopWantingMore(kind=_kind(kind), item_id=checked_id(item_id), at=at)
    return _changed(caller, item_id, stop, command_id)


@write
def note_recommendations_viewed(
    caller: Caller, list_id: str, body: ViewedItems, command_id: UUID
) -> RecommendationNoted:
    """Note how many items of a list you have seen."""
    user_id, at = caller.signed_in().user_id, caller.platform.clock()
    viewed = commands.NoteViewed(user_id=user_id, count=body.count, at=at)
    return _noted(caller, list_id, viewed, command_id)


@write
def note_recommendation_clicked(
    caller: Caller, list_id: str, body: ClickedItem, command_id: UUID
) -> RecommendationNoted:
    """Note that you opened an item of a list."""
    user_id, at = caller.signed_in().user_id, caller.platform.clock()
    clicked = commands.NoteClicked(
        user_id=user_id, kind=body.kind, item_id=checked_id(body.id), at=at
    )
    return _noted(caller, list_id, clicked, command_id)


def _changed(
    caller: Caller, item_id: str, command: commands.GuidanceCommand, command_id: UUID
) -> RecommendationNoted:
    user_id = caller.signed_in().user_id
    appended = _service(caller).change(
        user_id, command, origin=caller.origin(), command_id=command_id
    )
    return RecommendationNoted(item_id, appended.position, appended.repeated)


def _noted(
    caller: Caller, list_id: str, command: commands.RecommendationCommand, command_id: UUID
) -> RecommendationNoted:
    appended = _service(caller).note(
        checked_id(list_id), command, origin=caller.origin(), command_id=command_id
    )
    return RecommendationNoted(list_id, appended.position, appended.repeated)


def _kind(name: str) -> ItemKind:
    """Return a kind of items by its name. Raises InvalidValue."""
    for kind in KINDS:
        if kind == name:
            return kind
    raise InvalidValue(f"A kind of items is one of {', '.join(KINDS)}.")


def _service(caller: Caller) -> RecommendationService:
    return caller.platform.recommendations


def requested_user(caller: Caller, user_id: str | None) -> UserId:
    """Return the user of a request: the caller, whom it may name; or, without sign-in, the named.

    Raises Forbidden for another user (C-35), and SignInRequired if nobody is named.
    """
    if caller.claims is None:
        if user_id is None:
            raise SignInRequired
        return UserId(checked_id(user_id))
    if user_id is not None and user_id != caller.claims.user_id:
        raise Forbidden
    return caller.claims.user_id


def _locale(caller: Caller, user_id: UserId) -> str:
    profile = caller.platform.read.get(USER_PROFILE, caller.tenant_id, user_id)
    return DEFAULT_LANGUAGE if profile is None else profile.locale
