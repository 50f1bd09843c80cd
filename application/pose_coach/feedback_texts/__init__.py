"""Sentences of feedback, one catalogue of Fluent for each language of the pages."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from fluent.runtime import FluentBundle, FluentResource

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
    """Return a sentence; `values` are those of its variables. Raises ValueError if one lacks."""
    bundle = _bundle(language)
    pattern = bundle.get_message(name).value
    if pattern is None:
        raise ValueError(f"the feedback {name} has no text in {language}")
    text, errors = bundle.format_pattern(pattern, dict(values))
    if errors:
        raise ValueError(f"the feedback {name} lacks a value in {language}: {errors}")
    return str(text)


@cache
def _bundle(language: Language) -> FluentBundle:
    bundle = FluentBundle([language], use_isolating=False)
    source = (files(__name__) / f"{language}.ftl").read_text(encoding="utf-8")
    bundle.add_resource(FluentResource(source))
    return bundle
