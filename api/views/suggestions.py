"""Suggestions: answers about one's own training, with the facts that each sentence states."""

from pydantic import Field

from api.views.base import Body
from api.views.recommendations import requested_user
from application.caller import Caller
from application.guidance.suggestions import Suggestion
from application.pose_coach.feedback import Author
from application.pose_coach.feedback_facts import Fact
from application.pose_coach.feedback_texts import Language


class SuggestionFact(Body):
    """A fact that a sentence states: a number, or a text."""

    name: str = Field(description="What the fact is, such as `squat.form`, in percent.")
    number: float | None
    text: str | None
    sources: tuple[str, ...] = Field(
        description="Streams of events that the fact follows from, such as `session-{id}`, or "
        "passages of the knowledge base, as `knowledge:{id}`."
    )

    @classmethod
    def of_fact(cls, fact: Fact) -> "SuggestionFact":
        """Return the view of a fact."""
        text = fact.value if isinstance(fact.value, str) else None
        number = None if isinstance(fact.value, str) else float(fact.value)
        return cls(name=fact.name, number=number, text=text, sources=fact.sources)


class SuggestedSentence(Body):
    """A sentence, and the facts that it states."""

    text: str
    citations: tuple[SuggestionFact, ...]


class TrainingSuggestion(Body):
    """An answer about one's own training."""

    language: Language
    author: Author = Field(description="A `generic` answer has no citations: nothing was found.")
    text: str = Field(description="All sentences.")
    sentences: tuple[SuggestedSentence, ...]

    @classmethod
    def of(cls, suggestion: Suggestion) -> "TrainingSuggestion":
        """Return the view of an answer."""
        return cls(
            language=suggestion.language,
            author=suggestion.author,
            text=suggestion.text,
            sentences=tuple(
                SuggestedSentence(
                    text=each.text, citations=tuple(map(SuggestionFact.of_fact, each.citations))
                )
                for each in suggestion.sentences
            ),
        )


def get_suggestion(
    caller: Caller, user_id: str | None, question: str | None, locale: str | None
) -> TrainingSuggestion:
    """Answer a question of the caller about their own training.

    Raises SignInRequired, Forbidden for another user, and QuestionInvalid.
    """
    user, platform = requested_user(caller, user_id), caller.platform
    answer = platform.suggestions.answer(caller.tenant_id, user, question, platform.clock(), locale)
    return TrainingSuggestion.of(answer)
