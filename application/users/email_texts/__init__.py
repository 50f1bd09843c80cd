"""Texts of account e-mails, one catalogue of Fluent for each language."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from fluent.runtime import FluentBundle, FluentResource

DEFAULT_LANGUAGE: Final = "en"


class EmailText(NamedTuple):
    """Subject and parts of an e-mail; `action` is the label of its link."""

    subject: str
    body: str
    action: str
    footer: str


@cache
def languages() -> frozenset[str]:
    """Languages with a catalogue."""
    names = (entry.name for entry in files(__name__).iterdir())
    return frozenset(name.removesuffix(".ftl") for name in names if name.endswith(".ftl"))


def language_of(locale: str) -> str:
    """Return the language of a locale such as `es-MX`, or English if it has no catalogue."""
    language = locale.partition("-")[0].lower()
    return language if language in languages() else DEFAULT_LANGUAGE


def email_text(name: str, language: str, values: Mapping[str, str]) -> EmailText:
    """Return the text of an e-mail; `values` are those of its variables."""
    bundle = _bundle(language)
    message = bundle.get_message(name)
    if message.value is None:
        raise ValueError(f"the e-mail {name} has no subject in {language}")
    patterns = [message.value, *(message.attributes[each] for each in EmailText._fields[1:])]
    parts: list[str] = []
    for pattern in patterns:
        text, errors = bundle.format_pattern(pattern, dict(values))
        if errors:
            raise ValueError(f"the e-mail {name} lacks a value in {language}: {errors}")
        parts.append(str(text))
    return EmailText(*parts)


@cache
def _bundle(language: str) -> FluentBundle:
    bundle = FluentBundle([language], use_isolating=False)
    source = (files(__name__) / f"{language}.ftl").read_text(encoding="utf-8")
    bundle.add_resource(FluentResource(source))
    return bundle
