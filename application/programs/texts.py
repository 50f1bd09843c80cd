"""Sentences of reasons of changes, whose only numbers are those of their facts."""

from typing import Final

from application.kernel.catalogues import DEFAULT_LANGUAGE, texts_of
from domain.kernel import value
from domain.programs.changes import Change
from domain.users.identities import Units

PACKAGE: Final = "application.programs.reason_texts"


POUND_KG: Final = 0.45359237


@value
class Reader:
    """Language and units of who reads a reason."""

    locale: str = DEFAULT_LANGUAGE
    units: Units = "metric"


def change_reason(change: Change, reader: Reader) -> str:
    """Return the reason of a change in the language of its reader, or in English."""
    locale = reader.locale
    values: dict[str, float | str] = {each.name: each.number for each in change.facts}
    maximum = values.get("one_repetition_max_kg")
    if isinstance(maximum, float | int):
        is_imperial = reader.units == "imperial"
        values["maximum"] = round(maximum / POUND_KG, 1) if is_imperial else maximum
        values["unit"] = "lb" if is_imperial else "kg"
    reason = texts_of(PACKAGE, change.code, locale, values)[""]
    if "min_form" not in values:
        return reason
    return f"{reason} {texts_of(PACKAGE, 'form', locale, values)['']}"
