"""Speech requests from the bus are answered on the bus."""

import json
from typing import Any

import pytest

from adapters.bus.in_process import InProcessBus
from adapters.clock import utc_now
from application.intents import GROUP, Utterance, recognize, reply_to
from application.kernel.bus import Message
from application.kernel.consumer import consumer_subscription
from application.kernel.topics import NLP_REPLY, TOPICS
from domain.intents.substitution import Substitution
from domain.values import UnknownExercise


def spoken(**changes: Any) -> Message:
    content = {"id": "q-1", "tenant_id": "gym", "text": "stop", **changes}
    return Message("nlp.intent", f"{content['tenant_id']}/s-1", json.dumps(content).encode())


def worked_off(*messages: Message) -> InProcessBus:
    """Run the worker on these messages, and return its bus."""
    bus = InProcessBus(TOPICS)
    bus.publish(messages)
    worker = consumer_subscription(
        bus, GROUP, lambda each: reply_to(each, bus), draw=lambda: 0.0, clock=utc_now
    )
    worker.run_once()
    return bus


def replies(bus: InProcessBus) -> list[Message]:
    return [each.message for each in bus.read(NLP_REPLY.name)]


def test_a_question_is_answered_under_its_id_and_key() -> None:
    """R-POS-04, R-EVT-09."""
    (reply,) = replies(worked_off(spoken(text="swap bench press", language="en")))
    assert reply.key == "gym/s-1"
    assert json.loads(reply.value or b"") == {
        "id": "q-1",
        "tenant_id": "gym",
        "intent": "swap_exercise",
        "confidence": 1.0,
        "slots": {
            "exercise": "bench_press",
            "instead": None,
            "equipment": None,
            "body": None,
            "repetitions": None,
        },
        "substitution": {
            "exercise": "bench_press",
            "instead": "push_up",
            "reason": "Push-up trains the same movement as bench press, with no equipment.",
        },
    }


def test_the_answer_is_in_the_language_of_the_question() -> None:
    """R-POS-04"""
    request = spoken(text="вместо приседаний выпады", language="ru")
    (reply,) = replies(worked_off(request))
    reason = json.loads(reply.value or b"")["substitution"]["reason"]
    assert reason == "Выпады: то же движение, что и приседания."


def test_a_repeated_question_has_the_same_answer() -> None:
    """R-EVT-16"""
    first, again = replies(worked_off(spoken(), spoken()))
    assert first == again
    other = replies(worked_off(spoken(tenant_id="club")))[0]
    assert other.header("ce_id") != first.header("ce_id")


@pytest.mark.parametrize(
    "broken",
    [
        Message("nlp.intent", "k", b"{"),
        Message("nlp.intent", "k", b"[]"),
        Message("nlp.intent", "k", None),
        spoken(text=7),
        spoken(id=None),
        spoken(language="tlh"),
        spoken(exercise="yoga"),
        spoken(text="a" * 301),
    ],
)
def test_a_message_that_fails_is_moved_to_the_dead_letters(broken: Message) -> None:
    bus = worked_off(broken, spoken())
    assert len(replies(bus)) == 1
    assert len(list(bus.read(GROUP.dead_letters))) == 1


def test_the_current_exercise_is_the_default() -> None:
    """R-POS-04"""
    said = "my knees hurt"
    assert recognize(Utterance(said)).substitution is None
    offered = recognize(Utterance(said, exercise="lunge")).substitution
    assert offered == Substitution(
        "lunge",
        "deadlift",
        "Deadlift trains much of what lunge does, sparing your knee.",
    )
    named = recognize(Utterance("swap push ups", exercise="lunge")).substitution
    assert named is not None
    assert named.exercise == "push_up"
    assert recognize(Utterance("stop", exercise="lunge")).substitution is None


def test_an_exercise_outside_of_the_library_is_refused() -> None:
    with pytest.raises(UnknownExercise):
        recognize(Utterance("stop", exercise="yoga"))
