"""Sentences of reasons of changes, with no numbers but those of their facts."""

from typing import Final

from application.kernel.catalogues import texts_of
from domain.programs.changes import Change

PACKAGE: Final = "application.programs.reason_texts"


def change_reason(change: Change, locale: str) -> str:
    """Return the reason of a change in the language of a locale, or in English."""
    values: dict[str, float] = {each.name: each.number for each in change.facts}
    reason = texts_of(PACKAGE, change.code, locale, values)[""]
    if "min_form" not in values:
        return reason
    return f"{reason} {texts_of(PACKAGE, 'form', locale, values)['']}"
