"""Suggestions in GraphQL."""

import strawberry

from api.graphql.consistency import reading
from api.graphql.context import Info
from api.graphql.derived_types import convert, derived
from api.views import suggestions as views


@derived(views.SuggestionFact)
class SuggestionFact:
    """A fact that a sentence states: a number, or a text."""


@derived(views.SuggestedSentence)
class SuggestedSentence:
    """A sentence, and the facts that it states."""


@derived(views.TrainingSuggestion)
class TrainingSuggestion:
    """An answer about one's own training."""


@strawberry.type
class SuggestionQueries:
    """Queries of suggestions."""

    @reading("Answer about the training of the signed-in user, with the facts that it states.")
    def suggestion(
        self, info: Info, question: str | None = None, locale: str | None = None
    ) -> TrainingSuggestion:
        """Answer a question; without one, say what is most notable."""
        info.context.may_keep = False  # it depends on today's date
        answer = views.get_suggestion(info.context.caller, None, question, locale)
        return convert(TrainingSuggestion, answer)
