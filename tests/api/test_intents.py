"""Voice intents over REST."""

from typing import Any

import pytest

from tests.api.driver import ApiDriver

NOTHING = dict.fromkeys(("exercise", "instead", "equipment", "body", "repetitions"))


def ask(driver: ApiDriver, **query: Any) -> Any:
    return driver.client.post("/v1/intents", json=query)


def test_utterances_are_recognized(driver: ApiDriver) -> None:
    """R-POS-04"""
    view = ask(driver, text="Coach, that one didn't count").json()
    assert view == {
        "intent": "undo_repetition",
        "confidence": 1.0,
        "slots": NOTHING,
        "substitution": None,
    }
    swap = ask(driver, text="my wrists hurt", exercise="push_up").json()
    assert (swap["intent"], swap["slots"]["body"]) == ("swap_exercise", "wrist")
    assert swap["substitution"]["instead"] == "bench_press"
    assert ask(driver, text="lovely weather").json()["intent"] == "unknown"


@pytest.mark.parametrize(
    ("language", "text", "reason"),
    [
        (
            "ru",
            "не могу отжиматься, болят запястья",
            "Жим лёжа: то же движение, что и отжимания, с меньшей нагрузкой на запястья.",  # noqa: RUF001  it is Russian
        ),
        (
            "es",
            "no puedo hacer flexiones porque me duelen las muñecas",
            "Press de banca: el mismo movimiento que flexiones, cuidando las muñecas.",
        ),
    ],
)
def test_a_substitute_is_explained_in_the_language_that_was_spoken(
    driver: ApiDriver, language: str, text: str, reason: str
) -> None:
    """R-POS-04"""
    view = ask(driver, text=text, language=language, exercise="squat").json()
    assert (view["intent"], view["confidence"]) == ("swap_exercise", 1.0)
    assert view["slots"] == NOTHING | {"exercise": "push_up", "body": "wrist"}
    substitution = {"exercise": "push_up", "instead": "bench_press", "reason": reason}
    assert view["substitution"] == substitution
    assert ask(driver, text=text, language="en").json()["intent"] == "unknown"


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"text": "stop", "exercise": "yoga"}, 404, "motion.unknown_exercise"),
        ({"text": "stop", "language": "tlh"}, 422, "intent.language_unknown"),
        ({"text": "стоп", "language": "ru-RU"}, 422, "intent.language_unknown"),
        ({"text": "a" * 301}, 422, "request.invalid"),
        ({}, 422, "request.invalid"),
    ],
)
def test_invalid_utterances_are_rejected(
    driver: ApiDriver, query: dict[str, Any], status: int, code: str
) -> None:
    refused = ask(driver, **query)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
