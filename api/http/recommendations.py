"""Recommendations over REST, and the recommendation service's `POST /recommendations`."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.caller import CurrentCaller, CurrentClaims, Id
from api.http.conditional_requests import WITH_ETAG, IfMatch, etag_of
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.read_your_writes import ReadingCaller
from api.views import recommendations as views
from api.views.base import Body, StrictTypes
from api.views.recommendations import (
    ClickedItem,
    Context,
    GuidancePreferences,
    RecommendationList,
    ScoredItems,
    ViewedItems,
)
from domain.catalog.events import Level
from domain.guidance.candidates import ItemKind
from domain.guidance.commands import GuidancePreferencesMoved
from domain.guidance.features import Features, Preferences

PROBLEMS = problem_responses(401, 403, 422, 503)
MAX_METRICS = 50
Percent = Annotated[float, Field(ge=-100, le=10_000)]

router = APIRouter(tags=["recommendations"], responses=PROBLEMS)


class RecommendationNoted(Body):
    """Result of a command about a list or an item: the log has it up to `position`."""

    id: str
    position: int
    repeated: bool


class FeaturesBody(StrictTypes):
    """Features of a user, by the names of the recommendation service."""

    model_config = ConfigDict(extra="forbid", alias_generator=None)

    fitness_level: Level = "beginner"
    preferences: GuidancePreferences = GuidancePreferences()
    completion_rate: Annotated[float, Field(ge=0, le=1)] | None = None
    health_metrics: Annotated[dict[str, Percent], Field(max_length=MAX_METRICS)] = Field(
        default_factory=dict,
        description="By name, such as `sleep_change`: how much the last week differs from what "
        "is usual, in percent.",
    )


class RecommendationRequest(BaseModel):
    """A user and their features."""

    model_config = ConfigDict(extra="forbid")

    userId: str  # noqa: N815  the name that the service requires
    features: FeaturesBody

    def to_features(self) -> Features:
        """Return the features."""
        given = self.features
        return Features(
            fitness_level=given.preferences.level or given.fitness_level,
            preferences=given.preferences.to_preferences(),
            completion_rate=given.completion_rate,
            health_metrics={name: round(each) for name, each in given.health_metrics.items()},
        )


@router.get(
    "/v1/recommend",
    operation_id="getRecommendations",
    summary="Get recommendations",
)
def recommend(
    caller: ReadingCaller,
    response: Response,
    user_id: Annotated[
        str | None, Query(alias="userId", description="The signed-in user; the default.")
    ] = None,
    context: Annotated[Context, Query()] = "home",
) -> RecommendationList:
    """Return at most ten recommendations, each with a reason that was checked.

    A list is kept for 300 seconds, unless the user dismisses an item, changes preferences or syncs
    health data. A new list is recorded.
    """
    response.headers["Cache-Control"] = "private, no-store"
    return views.get_recommendations(caller, user_id, context)


@router.post(
    "/v1/recommendations",
    operation_id="scoreRecommendations",
    summary="Get recommendations for given features",
)
def score(caller: ReadingCaller, body: RecommendationRequest) -> ScoredItems:
    """Score all plans, workouts, videos and exercises for these features; return the best ten.

    Nothing is recorded.
    """
    return views.score_items(caller, body.userId, body.to_features())


@router.post(
    "/v1/recommendations/{list_id}/views",
    operation_id="noteRecommendationsViewed",
    summary="Note which recommendations were seen",
    responses=problem_responses(404, 409),
)
def viewed(
    list_id: Id, caller: CurrentCaller, _: CurrentClaims, command_id: CommandId, body: ViewedItems
) -> RecommendationNoted:
    """Note how many items of a list you have seen."""
    noted = views.note_recommendations_viewed(caller, list_id, body, command_id)
    return RecommendationNoted.model_validate(noted)


@router.post(
    "/v1/recommendations/{list_id}/clicks",
    operation_id="noteRecommendationClicked",
    summary="Note that a recommendation was opened",
    responses=problem_responses(404, 409),
)
def clicked(
    list_id: Id, caller: CurrentCaller, _: CurrentClaims, command_id: CommandId, body: ClickedItem
) -> RecommendationNoted:
    """Note that you opened an item of a list."""
    noted = views.note_recommendation_clicked(caller, list_id, body, command_id)
    return RecommendationNoted.model_validate(noted)


@router.put(
    "/v1/me/dismissed-recommendations/{kind}/{item_id}",
    operation_id="dismissRecommendation",
    summary="Dismiss a recommendation",
    responses=problem_responses(409),
)
def dismiss(
    kind: ItemKind, item_id: Id, caller: CurrentCaller, _: CurrentClaims, command_id: CommandId
) -> RecommendationNoted:
    """Never recommend an item to you again, until you restore it."""
    noted = views.dismiss_recommendation(caller, kind, item_id, command_id)
    return RecommendationNoted.model_validate(noted)


@router.delete(
    "/v1/me/dismissed-recommendations/{kind}/{item_id}",
    operation_id="restoreRecommendation",
    summary="Restore a dismissed recommendation",
    responses=problem_responses(409),
)
def restore(
    kind: ItemKind, item_id: Id, caller: CurrentCaller, _: CurrentClaims, command_id: CommandId
) -> RecommendationNoted:
    """Allow an item that you dismissed to be recommended again."""
    noted = views.restore_recommendation(caller, kind, item_id, command_id)
    return RecommendationNoted.model_validate(noted)


@router.put(
    "/v1/me/wanted-recommendations/{kind}/{item_id}",
    operation_id="wantMore",
    summary="Want more like a recommendation",
    responses=problem_responses(409),
)
def want(
    kind: ItemKind, item_id: Id, caller: CurrentCaller, _: CurrentClaims, command_id: CommandId
) -> RecommendationNoted:
    """Recommend more like an item to you, from now on. Constraints exclude it all the same."""
    noted = views.want_more(caller, kind, item_id, command_id)
    return RecommendationNoted.model_validate(noted)


@router.delete(
    "/v1/me/wanted-recommendations/{kind}/{item_id}",
    operation_id="stopWantingMore",
    summary="Take back wanting more",
    responses=problem_responses(409),
)
def stop_wanting(
    kind: ItemKind, item_id: Id, caller: CurrentCaller, _: CurrentClaims, command_id: CommandId
) -> RecommendationNoted:
    """Take back that you want more like an item."""
    noted = views.stop_wanting_more(caller, kind, item_id, command_id)
    return RecommendationNoted.model_validate(noted)


@router.get(
    "/v1/me/guidance-preferences",
    operation_id="getGuidancePreferences",
    summary="Get your preferences for recommendations",
    responses=WITH_ETAG,
)
def preferences(caller: CurrentCaller, _: CurrentClaims, response: Response) -> GuidancePreferences:
    """Return your preferences for recommendations."""
    return _with_etag(views.get_guidance_preferences(caller), response)


@router.put(
    "/v1/me/guidance-preferences",
    operation_id="changeGuidancePreferences",
    summary="Replace your preferences for recommendations",
    responses=WITH_ETAG | problem_responses(409, 412),
)
def change_preferences(
    *,
    response: Response,
    caller: CurrentCaller,
    _: CurrentClaims,
    command_id: CommandId,
    body: GuidancePreferences,
    if_match: IfMatch,
) -> GuidancePreferences:
    """Replace your preferences for recommendations. New recommendations use them at once."""
    expected = if_match.expected(
        caller,
        command_id,
        lambda: views.get_guidance_preferences(caller),
        _etag,
        GuidancePreferencesMoved,
    )
    written = views.change_guidance_preferences(caller, body, command_id, expected)
    return _with_etag(written.preferences, response)


def _with_etag(preferences: Preferences, response: Response) -> GuidancePreferences:
    response.headers["ETag"] = _etag(preferences)
    response.headers["Cache-Control"] = "private, no-cache"
    return GuidancePreferences.of(preferences)


def _etag(preferences: Preferences) -> str:
    return etag_of(repr(preferences))
