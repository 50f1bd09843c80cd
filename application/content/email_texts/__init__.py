"""Texts of e-mails about content, by kind and language."""

from collections.abc import Mapping
from typing import Any, Literal

from application.kernel import catalogues
from application.users.email_texts import EmailText, parts_of

Kind = Literal["content_live", "version_live", "taken_down", "rejected"]


def language_of(locale: str) -> str:
    """Return the language of e-mails to a person with this locale."""
    return catalogues.language_of(__name__, locale)


def email_text(kind: Kind, locale: str, values: Mapping[str, Any]) -> EmailText:
    """Return the text of an e-mail. Raises ValueError if a value is missing."""
    return parts_of(catalogues.texts_of(__name__, kind.replace("_", "-"), locale, values))
