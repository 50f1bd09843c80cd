"""Texts of e-mails about assigned workouts, by language."""

from collections.abc import Mapping
from typing import Any

from application.kernel import catalogues
from application.users.email_texts import EmailText, parts_of


def language_of(locale: str) -> str:
    """Return the language of e-mails to a person with this locale."""
    return catalogues.language_of(__name__, locale)


def email_text(locale: str, values: Mapping[str, Any]) -> EmailText:
    """Return the text of an e-mail about an assigned workout.

    A trainer or workout without a name is described. Raises ValueError if a value is missing.
    """

    def described(part: str) -> Any:
        return values.get(part) or catalogues.texts_of(__name__, f"your-{part}", locale, {})[""]

    shown = {**values, "trainer": described("trainer"), "workout": described("workout")}
    return parts_of(catalogues.texts_of(__name__, "assigned", locale, shown))
