"""Filters and orders of the lists of trainers and plans."""

from typing import Final, Literal

from api.views.base import StrictBody
from application.caller import checked_filter
from application.kernel.read_models import Condition, Containing, Holding, InSubquery, Where
from domain.catalog.events import Level
from domain.texts import fold
from projections import trainer as trainers

PlanOrder = Literal["published", "title", "weeks"]
"""Order of a list of plans: newest first, by title, or shortest first."""

ORDERS: dict[PlanOrder, tuple[str, bool]] = {
    "published": ("published_at", True),
    "title": ("search", False),
    "weeks": ("weeks", False),
}
"""Column, and whether it is descending."""

MAX_KEY: Final = 40
MAX_TEXT: Final = 200
"""Characters of filters by a key, such as `barbell`, and by a part of a name."""


class PlanFilter(StrictBody):
    """Which plans to list; all conditions must be met."""

    trainer_id: str | None = None
    level: Level | None = None
    equipment: str | None = None
    language: str | None = None
    free: bool | None = None
    text: str | None = None

    def where(self) -> Where:
        """Return the conditions on columns: only plans that are offered have a text to search.

        Raises FilterTooLong.
        """
        text = checked_filter(self.text, MAX_TEXT)
        conditions: Where = {
            "trainer_id": self._trainers(),
            "level": self.level,
            "equipment": _holding(self.equipment),
            "free": self.free,
        }
        wanted = {column: each for column, each in conditions.items() if each is not None}
        return {**wanted, "search": Containing(fold(text or ""))}

    def _trainers(self) -> Condition:
        """Return the trainer, or those who speak the language. Raises FilterTooLong."""
        speaking = _holding(self.language)
        if speaking is None:
            return self.trainer_id
        where = {} if self.trainer_id is None else {"id": self.trainer_id}
        return InSubquery(trainers.TRAINER, "id", {**where, "languages": speaking})


class TrainerFilter(StrictBody):
    """Which trainers to list; all conditions must be met."""

    language: str | None = None
    speciality: str | None = None
    text: str | None = None

    def where(self) -> Where:
        """Return the conditions on columns. Raises FilterTooLong."""
        text = checked_filter(self.text, MAX_TEXT)
        conditions: Where = {
            "languages": _holding(self.language),
            "specialities": _holding(self.speciality),
            "search": None if text is None else Containing(fold(text)),
        }
        return {column: each for column, each in conditions.items() if each is not None}


def _holding(key: str | None) -> Holding | None:
    checked = checked_filter(key, MAX_KEY)
    return None if checked is None else Holding(checked)
