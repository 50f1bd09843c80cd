"""Suggestions over REST: questions about one's own training."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from api.problem_details import problem_responses
from api.read_your_writes import ReadingCaller
from api.views import suggestions as views
from api.views.suggestions import TrainingSuggestion
from application.knowledge import LONGEST_QUESTION

MAX_LOCALE: Final = 35
"""Of a language tag with script, region and variants (RFC 5646)."""

router = APIRouter(tags=["recommendations"], responses=problem_responses(401, 403, 422, 503))


@router.get(
    "/v1/suggestions", operation_id="getSuggestion", summary="Answer a question about your training"
)
def suggestion(
    caller: ReadingCaller,
    response: Response,
    user_id: Annotated[
        str | None, Query(alias="userId", description="The signed-in user; the default.")
    ] = None,
    question: Annotated[
        str | None,
        Query(
            alias="question",
            min_length=1,
            max_length=LONGEST_QUESTION,
            description="In the language of `locale`.",
        ),
    ] = None,
    locale: Annotated[
        str | None,
        Query(
            max_length=MAX_LOCALE,
            examples=["es-MX"],
            description="Of the sentences; default: that of the account.",
        ),
    ] = None,
) -> TrainingSuggestion:
    """Answer from your training and the knowledge base; without a question, say what is notable.

    Each sentence cites the facts that it states. The same training gives the same answer.
    """
    response.headers["Cache-Control"] = "private, no-store"
    return views.get_suggestion(caller, user_id, question, locale)
