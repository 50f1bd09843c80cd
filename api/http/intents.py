"""What an athlete said, understood: for clients that recognise speech (R-POS-04)."""

from fastapi import APIRouter
from pydantic import ConfigDict, Field

from api.caller import CurrentCaller
from api.problem_details import problem_responses
from api.views.base import Body
from application.intents import Utterance, recognize
from domain.intents.classifier import LONGEST
from domain.intents.vocabulary import DEFAULT_LANGUAGE, Intent

router = APIRouter(prefix="/v1/intents", tags=["live"], responses=problem_responses(404, 422))


class SpokenWords(Body):
    """What was heard, and in which exercise."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=LONGEST, examples=["My knees hurt, can I do something else?"])
    language: str = Field(DEFAULT_LANGUAGE, max_length=35)
    exercise: str | None = Field(None, max_length=64, description="The one under way.")


class WishSlots(Body):
    """What a wish is about; None where nothing was said of it."""

    exercise: str | None
    instead: str | None
    equipment: str | None
    body: str | None
    repetitions: int | None


class Substitute(Body):
    """Which exercise instead of which, and why."""

    exercise: str
    instead: str
    reason: str


class WishBody(Body):
    """What is wanted, and how surely, 0..1; `unknown` where nobody can tell."""

    intent: Intent
    confidence: float
    slots: WishSlots
    substitution: Substitute | None


@router.post("", operation_id="understand", summary="Understand what an athlete said")
def understand(_caller: CurrentCaller, asked: SpokenWords) -> WishBody:
    """Say what is meant; to carry it out is the client's."""
    spoken = Utterance(text=asked.text, language=asked.language, exercise=asked.exercise)
    return WishBody.model_validate(recognize(spoken))
