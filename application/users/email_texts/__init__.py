"""Texts of account e-mails, one catalogue of Fluent for each language."""

from collections.abc import Mapping
from typing import NamedTuple

from application.kernel import catalogues


class EmailText(NamedTuple):
    """Subject and parts of an e-mail; `action` is the label of its link."""

    subject: str
    body: str
    action: str
    footer: str


def languages() -> frozenset[str]:
    """Return the languages with a catalogue."""
    return catalogues.languages(__name__)


def language_of(locale: str) -> str:
    """Return the language of a locale such as `es-MX`, or English if it has no catalogue."""
    return catalogues.language_of(__name__, locale)


def email_text(name: str, language: str, values: Mapping[str, str]) -> EmailText:
    """Return the text of an e-mail; `values` are those of its variables."""
    return parts_of(catalogues.texts_of(__name__, name, language, values))


def unsubscribe_label(language: str) -> str:
    """Return the label of the link to unsubscribe."""
    return catalogues.texts_of(__name__, "unsubscribe", language, {})[""]


def parts_of(texts: Mapping[str, str]) -> EmailText:
    """Return the parts of an e-mail from the texts of its message."""
    return EmailText(texts[""], *(texts[each] for each in EmailText._fields[1:]))
