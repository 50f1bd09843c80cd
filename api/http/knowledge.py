"""What Kinelog knows in words, by a question."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.caller import CurrentCaller
from api.problem_details import problem_responses
from api.views.base import Body
from application.knowledge.search import LONGEST_QUESTION, MOST_FOUND, Found

router = APIRouter(
    prefix="/v1/knowledge", tags=["knowledge"], responses=problem_responses(422, 503)
)


class Passage(Body):
    """Sentences that answer something, their source, and how near to the question: up to 1."""

    id: str
    title: str
    text: str
    source: str
    similarity: float

    @classmethod
    def of(cls, found: Found) -> "Passage":
        """Tell a passage that was found."""
        passage = found.passage
        return cls(
            id=passage.id,
            title=passage.title,
            text=passage.text,
            source=passage.source,
            similarity=round(found.similarity, 4),
        )


@router.get("", operation_id="knowledge", summary="Passages that answer a question")
def knowledge(
    caller: CurrentCaller,
    question: Annotated[
        str, Query(alias="q", min_length=1, max_length=LONGEST_QUESTION, description="In English.")
    ],
    limit: Annotated[int, Query(ge=1, le=MOST_FOUND)] = 5,
) -> list[Passage]:
    """Find passages by what the question means, the nearest first; none where none is near."""
    return [Passage.of(found) for found in caller.platform.knowledge().ask(question, limit)]
