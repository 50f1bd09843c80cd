"""Sentences of reasons, whose only numbers are those of their claims."""

from typing import Any, Final

from application.kernel.catalogues import texts_of
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


def movement_text(pattern: str, locale: str) -> str:
    """Return how a sentence names the exercises of a movement pattern."""
    return texts_of(PACKAGE, "movement", locale, {"pattern": pattern})[""]
