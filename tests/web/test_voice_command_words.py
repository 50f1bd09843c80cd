"""The words that pages name are those that are understood."""

from typing import Final, get_args

import pytest

from domain.intents.classifier import classify
from domain.intents.normalization import normalize
from domain.intents.vocabulary import Intent, Named, SlotKind, get_vocabulary
from tests.web.catalogues import LANGUAGES, texts

NAMED: Final = [intent for intent in get_args(Intent) if intent != "unknown"]
"""Intents in the order of the texts."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["voice-commands", "voice-commands-workout"])
def test_the_named_voice_commands_are_understood(language: str, text: str) -> None:
    """R-LIV-16, R-UIX-07."""
    _, words = texts(language)[text].value.split(": ")
    assert [classify(word, language).intent for word in words.split(", ")] == NAMED


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_equipment_and_body_parts_are_understood_as_pages_name_them(language: str) -> None:
    """R-POS-04, R-UIX-07."""
    speech = get_vocabulary(language)
    prefixes: dict[SlotKind, str] = {"equipment": "equipment-", "body": "home-part-"}
    for kind, prefix in prefixes.items():
        for id_ in {each.id for each in speech.names.values() if each.kind == kind}:
            name = texts(language)[prefix + id_].value
            assert normalize(name, speech).names == (Named(kind, id_),), name
