"""Voice intents, for clients that recognize speech (R-POS-04)."""

from fastapi import APIRouter
from pydantic import ConfigDict, Field

from api.caller import CurrentCaller
from api.problem_details import problem_responses
from api.views.base import Body
from application import intents
from domain.intents.classifier import MAX_CHARACTERS
from domain.intents.vocabulary import DEFAULT_LANGUAGE, Intent

router = APIRouter(prefix="/v1/intents", tags=["live"], responses=problem_responses(404, 422))


class UtteranceInput(Body):
    """Recognized speech, and the exercise in progress."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(
        max_length=MAX_CHARACTERS, examples=["My knees hurt, can I do something else?"]
    )
    language: str = Field(
        DEFAULT_LANGUAGE, max_length=35, description="The spoken language: `en`, `es` or `ru`."
    )
    exercise: str | None = Field(None, max_length=64, description="The exercise in progress.")


class IntentSlots(Body):
    """Details of an intent; null if not mentioned."""

    exercise: str | None
    instead: str | None
    equipment: str | None
    body: str | None
    repetitions: int | None


class Substitute(Body):
    """A replacement for an exercise, with the reason."""

    exercise: str
    instead: str
    reason: str


class IntentResult(Body):
    """A recognized intent with its confidence, 0..1; `unknown` if none matches."""

    intent: Intent
    confidence: float
    slots: IntentSlots
    substitution: Substitute | None


@router.post("", operation_id="recognizeIntent", summary="Recognize an intent")
def recognize_intent(caller: CurrentCaller, body: UtteranceInput) -> IntentResult:
    """Return the intent, do not execute it."""
    utterance = intents.Utterance(
        text=body.text, language=body.language, exercise=body.exercise, tenant_id=caller.tenant_id
    )
    return IntentResult.model_validate(intents.recognize(utterance))
