"""Sentences of reasons, whose only numbers are those of their claims."""

from typing import Any, Final

from application.exercise_names import exercise_name
from application.kernel.catalogues import language_of, texts_of
from domain.guidance.candidates import ItemKind
from domain.guidance.reasons import Reason

PACKAGE: Final = "application.guidance.reason_texts"


def reason_text(reason: Reason, locale: str) -> str:
    """Return a reason as a sentence in the language of a locale, or in English."""
    values: dict[str, Any] = {}
    for claim in reason.claims:
        name, _, subject = claim.fact.rpartition(".")
        if name in {"sets_14_days", "item.sets", "wanted"}:  # of a movement pattern
            movement = movement_text(subject, locale)
            values |= {name.replace(".", "_"): claim.value, "movement": movement}
        elif name == "item.goal_sets":
            values |= {"goal_sets": claim.value, "goal": subject}
        else:
            values[claim.fact.replace(".", "_")] = claim.value
    if "health_sleep_change" in values:
        values["less_sleep"] = -values["health_sleep_change"]
    return texts_of(PACKAGE, reason.code, locale, values)[""]


def item_title(kind: ItemKind, item_id: str, title: str, locale: str) -> str:
    """Return the title of an item; that of an exercise in the language of a locale."""
    return exercise_name(item_id, language_of(PACKAGE, locale)) if kind == "exercise" else title


def movement_text(pattern: str, locale: str) -> str:
    """Return how a sentence names the exercises of a movement pattern."""
    return texts_of(PACKAGE, "movement", locale, {"pattern": pattern})[""]
