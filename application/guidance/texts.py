"""Sentences of reasons, with no numbers but those of their claims."""

from typing import Any, Final

from application.kernel.catalogues import texts_of
from domain.guidance.reasons import Reason

PACKAGE: Final = "application.guidance.reason_texts"


def reason_text(reason: Reason, locale: str) -> str:
    """Return a reason as a sentence in the language of a locale, or in English."""
    values: dict[str, Any] = {}
    for claim in reason.claims:
        name, _, subject = claim.fact.rpartition(".")
        if name in {"sets_14_days", "item.sets"}:  # of a movement pattern
            movement = texts_of(PACKAGE, "movement", locale, {"pattern": subject})[""]
            values |= {name.replace(".", "_"): claim.value, "movement": movement}
        elif name == "item.goal_sets":
            values |= {"goal_sets": claim.value, "goal": subject}
        else:
            values[claim.fact.replace(".", "_")] = claim.value
    if "health_sleep_change" in values:
        values["less_sleep"] = -values["health_sleep_change"]
    return texts_of(PACKAGE, reason.code, locale, values)[""]
