"""Intent recognition: spoken text to an intent, over HTTP or the topic `nlp.intent`.

Nothing is stored except on the topics, for their retention time. The caller decides what to do with
the result (R-POS-04).
"""

import json
from dataclasses import asdict
from typing import Any, Final
from uuid import UUID, uuid5

from application.kernel.bus import Delivery, Message, Publisher
from application.kernel.topics import NLP_REPLY, WORKERS, Group
from domain.ids import TenantId
from domain.intents.classifier import Slots, classify
from domain.intents.substitution import Substitution, find_substitute
from domain.intents.vocabulary import DEFAULT_LANGUAGE, Intent
from domain.kernel import Rejected, value
from domain.motion.exercises.library import get_exercise as check_exercise

TOPIC: Final = "nlp.intent"
GROUP: Final[Group] = next(group for group in WORKERS if group.topics == (TOPIC,))

NAMESPACE: Final = UUID("0197d3a6-41f0-7c52-8e0d-2f6b9a7c1e08")
"""UUID namespace of replies."""


class InvalidIntentRequest(Rejected):
    """A message on `nlp.intent` has an `id`, a `tenant_id` and the `text` that was heard."""

    code = "intent.spoken_broken"
    kind = "invalid"


@value
class Utterance:
    """Recognized speech; `exercise` is the current one, if any.

    `tenant_id` is that of the athlete; requests of earlier versions have none.
    """

    text: str
    language: str = DEFAULT_LANGUAGE
    exercise: str | None = None
    tenant_id: TenantId | None = None


@value
class IntentResult:
    """An intent with its confidence 0..1, its slots, and a substitute exercise if one applies."""

    intent: Intent
    confidence: float
    slots: Slots
    substitution: Substitution | None


def recognize(spoken: Utterance) -> IntentResult:
    """Classify an utterance.

    Raises SpeechTooLong, SpeechLanguageUnknown, and UnknownExercise for the current exercise.
    """
    understood = classify(spoken.text, spoken.language)
    slots = understood.slots
    left = slots.exercise or spoken.exercise
    if spoken.exercise is not None:
        check_exercise(spoken.exercise)
    offered = None
    if understood.intent == "swap_exercise" and left is not None:
        offered = find_substitute(
            left,
            instead=slots.instead,
            lacking=slots.equipment,
            hurting=slots.body,
            language=spoken.language,
        )
    return IntentResult(understood.intent, understood.confidence, slots, offered)


def reply_to(delivered: Delivery, publisher: Publisher) -> None:
    """Handle a message of `nlp.intent`: publish the result to `nlp.reply`, under the same key.

    Repeated requests get the same reply under the same id. Raises InvalidIntentRequest,
    BusUnavailable, and what `recognize` raises.
    """
    request = _read(delivered.message)
    intent = recognize(request.spoken)
    content = {"id": request.id, "tenant_id": request.tenant_id, **asdict(intent)}
    headers = (
        ("ce_id", str(uuid5(NAMESPACE, f"{request.tenant_id}/{request.id}")).encode()),
        ("ce_type", NLP_REPLY.name.encode()),
        ("ce_tenantid", request.tenant_id.encode()),
        ("content-type", b"application/json"),
    )
    message = Message(NLP_REPLY.name, delivered.message.key, json.dumps(content).encode(), headers)
    publisher.publish([message])


@value
class _Request:
    id: str
    tenant_id: str
    spoken: Utterance


def _read(message: Message) -> _Request:
    try:
        content: Any = json.loads(message.value or b"")
        spoken = Utterance(
            text=_text(content["text"]),
            language=_text(content.get("language", DEFAULT_LANGUAGE)),
            exercise=None if content.get("exercise") is None else _text(content["exercise"]),
        )
        return _Request(_text(content["id"]), _text(content["tenant_id"]), spoken)
    except (ValueError, KeyError, TypeError, AttributeError) as broken:
        raise InvalidIntentRequest from broken


def _text(given: Any) -> str:
    if not isinstance(given, str):
        raise TypeError
    return given
