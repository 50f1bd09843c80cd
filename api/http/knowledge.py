"""Knowledge base search, over REST."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.caller import CurrentCaller
from api.problem_details import problem_responses
from api.views.base import Body
from application.knowledge import LONGEST_QUESTION, MOST_RESULTS, SearchResult

router = APIRouter(
    prefix="/v1/knowledge", tags=["knowledge"], responses=problem_responses(422, 503)
)


class Passage(Body):
    """A passage that answers the question, its source, and its similarity: up to 1."""

    id: str
    title: str
    text: str
    source: str
    similarity: float

    @classmethod
    def of(cls, result: SearchResult) -> "Passage":
        """Return the view of a search result."""
        passage = result.passage
        return cls(
            id=passage.id,
            title=passage.title,
            text=passage.text,
            source=passage.source,
            similarity=round(result.similarity, 4),
        )


@router.get("", operation_id="searchKnowledge", summary="Search the knowledge base")
def knowledge(
    caller: CurrentCaller,
    question: Annotated[
        str, Query(alias="q", min_length=1, max_length=LONGEST_QUESTION, description="In English.")
    ],
    limit: Annotated[int, Query(ge=1, le=MOST_RESULTS)] = 5,
) -> list[Passage]:
    """Return passages by meaning, most similar first; empty if none is similar enough."""
    return [Passage.of(result) for result in caller.platform.knowledge().search(question, limit)]
