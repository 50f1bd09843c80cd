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
    ("query", "status", "code"),
    [
        ({"text": "stop", "exercise": "yoga"}, 404, "motion.unknown_exercise"),
        ({"text": "stop", "language": "tlh"}, 422, "intent.language_unknown"),
        ({"text": "a" * 301}, 422, "request.invalid"),
        ({}, 422, "request.invalid"),
    ],
)
def test_invalid_utterances_are_rejected(
    driver: ApiDriver, query: dict[str, Any], status: int, code: str
) -> None:
    refused = ask(driver, **query)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
