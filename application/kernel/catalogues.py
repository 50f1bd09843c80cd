"""Catalogues of Fluent: texts of one part of the server, in a file for each language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.types import FluentType, fluent_date, fluent_number

from domain.money import FULL_SHARE, MINOR_DIGITS, Money

DEFAULT_LANGUAGE: Final = "en"

LOCALES: Final = 256
"""Catalogues that are kept parsed, by package and locale. Users choose their locales freely."""

LETTER_BEFORE_DIGIT: Final = re.compile(r"(?<=[^\W\d_])(?=\d)")


@cache
def languages(package: str) -> frozenset[str]:
    """Return the languages with a catalogue in a package."""
    names = (entry.name for entry in files(package).iterdir())
    return frozenset(name.removesuffix(".ftl") for name in names if name.endswith(".ftl"))


def language_of(package: str, locale: str) -> str:
    """Return the language of a locale such as `es-MX`, or English if it has no catalogue."""
    language = locale.partition("-")[0].lower()
    return language if language in languages(package) else DEFAULT_LANGUAGE


def texts_of(package: str, name: str, locale: str, values: Mapping[str, Any]) -> dict[str, str]:
    """Return the attributes of a message by name, and its own text as the one named "".

    The locale decides about the language, and its region about dates and amounts. `values` are
    those of the variables. Raises LookupError for an unknown message, and ValueError if a value is
    missing.
    """
    language = language_of(package, locale)
    bundle = _bundle(package, locale if language != DEFAULT_LANGUAGE else _english(locale))
    message = bundle.get_message(name)
    patterns = dict(message.attributes)
    if message.value is not None:
        patterns[""] = message.value
    texts: dict[str, str] = {}
    for part, pattern in patterns.items():
        text, errors = bundle.format_pattern(pattern, dict(values))
        if errors:
            raise ValueError(f"the text {name} lacks a value in {language}: {errors}")
        texts[part] = str(text)
    return texts


@dataclass(frozen=True)
class _Price(FluentType):
    """An amount with its currency. Letters of a currency have a space to the digits, as in CLDR."""

    money: Money

    def format(self, locale: Any) -> str:
        amount: Any = fluent_number(
            Decimal(self.money.decimal()), style="currency", currency=self.money.currency
        )
        return LETTER_BEFORE_DIGIT.sub("\N{NO-BREAK SPACE}", amount.format(locale))


def shown_money(money: Money) -> Any:
    """Return an amount as a value of a text, which shows it with its currency."""
    return _Price(money)


def shown_amount(money: Money, *, is_negative: bool = False) -> Any:
    """Return an amount as a value of a text, which shows it without its currency."""
    amount, digits = Decimal(money.decimal()), MINOR_DIGITS[money.currency]
    return fluent_number(
        -amount if is_negative else amount,
        minimumFractionDigits=digits,
        maximumFractionDigits=digits,
    )


def shown_share(basis_points: int) -> Any:
    """Return a share, such as of a tax, as a value of a text, which shows it in percent."""
    return fluent_number(
        Decimal(basis_points) / FULL_SHARE, style="percent", maximumFractionDigits=2
    )


def shown_date(day: date) -> Any:
    """Return a day as a value of a text, which shows it with the name of its month."""
    return fluent_date(day, dateStyle="long")


def _english(locale: str) -> str:
    """Return a locale of English: another one has no catalogue, and its dates would not fit."""
    return locale if locale.partition("-")[0].lower() == DEFAULT_LANGUAGE else DEFAULT_LANGUAGE


@lru_cache(maxsize=LOCALES)
def _bundle(package: str, locale: str) -> FluentBundle:
    """Return a parsed catalogue. A region that is unknown leaves the format to the language."""
    language = language_of(package, locale)
    try:
        bundle = FluentBundle([locale, language], use_isolating=False)
    except ValueError:  # well-formed for us, but not for the formats of dates
        bundle = FluentBundle([language], use_isolating=False)
    source = (files(package) / f"{language}.ftl").read_text(encoding="utf-8")
    bundle.add_resource(FluentResource(source))
    return bundle
