"""Recommendations in GraphQL."""

from typing import Any

import strawberry

from api.graphql.consistency import reading
from api.graphql.context import Context, Info
from api.graphql.derived_types import convert, derived
from api.graphql.fields import field
from api.graphql.mutations import MutationPayload
from api.views import recommendations as views
from api.views.recommendations import GuidanceWritten, RecommendationNoted


@derived(views.RecommendationClaim)
class RecommendationClaim:
    """A statement about one fact, which was checked."""


@derived(views.RecommendationChange)
class RecommendationChange:
    """A change of preferences with which the item would not be recommended."""


@derived(views.RecommendedItem)
class RecommendedItem:
    """A recommended item, with the strongest reason that holds."""


@derived(views.RecommendationList)
class RecommendationList:
    """At most ten recommendations, best first."""


@derived(views.GuidancePreferences)
class GuidancePreferences:
    """What a user wants to be recommended; null stands for any."""


@strawberry.type
class RecommendationQueries:
    """Queries of recommendations."""

    @reading("Recommendations for the signed-in user, each with a reason that was checked.")
    def recommendations(self, info: Info, context: str = "home") -> RecommendationList:
        """Return recommendations; a new list is recorded."""
        info.context.may_keep = False  # they depend on the time
        found = views.get_recommendations(info.context.caller, None, context)
        return convert(RecommendationList, found)

    @field("Preferences of the signed-in user for recommendations.")
    def guidance_preferences(self, info: Info) -> GuidancePreferences:
        """Return preferences from the log."""
        return convert(GuidancePreferences, views.get_guidance_preferences(info.context.caller))


@strawberry.type
class GuidancePayload(MutationPayload):
    """The preferences after a command."""

    preferences: GuidancePreferences

    @classmethod
    def of(cls, _: Context, written: GuidanceWritten, **common: Any) -> "GuidancePayload":
        """Return the payload of a command."""
        return cls(preferences=convert(GuidancePreferences, written.preferences), **common)


@strawberry.type
class RecommendationPayload(MutationPayload):
    """The id of the list or item."""

    id: strawberry.ID

    @classmethod
    def of(cls, _: Context, noted: RecommendationNoted, **common: Any) -> "RecommendationPayload":
        """Return the payload of a command."""
        return cls(id=strawberry.ID(noted.id), **common)
