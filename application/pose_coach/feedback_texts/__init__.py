"""Sentences of feedback, one catalogue of Fluent for each language of the pages."""

from collections.abc import Mapping
from typing import Final, Literal

from application.kernel import catalogues

Language = Literal["en", "es", "ru"]

DEFAULT_LANGUAGE: Final[Language] = "en"
LANGUAGES: Final[tuple[Language, ...]] = ("en", "es", "ru")


def language_of(locale: str) -> Language:
    """Return the language of a locale such as `es-MX`, or English if it has no catalogue."""
    tag = locale.partition("-")[0].lower()
    for each in LANGUAGES:
        if each == tag:
            return each
    return DEFAULT_LANGUAGE


def feedback_text(name: str, language: Language, values: Mapping[str, float | str]) -> str:
    """Return a sentence; `values` are those of its variables.

    Raises ValueError if a value is missing.
    """
    return catalogues.texts_of(__name__, name, language, values)[""]
