"""Upcasters of stored recommendation events. Pure: each converts a payload to the next version."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from domain.personal import in_clear

Payload = dict[str, Any]


def _add_ranks(old: Payload) -> Payload:
    """Add the ranks: there was no exploration. The score of the rules alone was not recorded."""
    items = [
        {**each, "rank": number, "rules_score": each["score"], "pattern": None}
        for number, each in enumerate(old["items"], 1)
    ]
    return {**old, "items": items}


def _separate_reasons(old: Payload) -> Payload:
    """Separate the reasons from the items, with which they were recorded in clear."""
    items = [{**each} for each in old["items"]]
    reasons = [each.pop("reason") for each in items]
    return {**old, "items": items, "reasons": in_clear(old["user_id"], reasons)}


UPCASTS: Final[Mapping[tuple[str, int], Callable[[Payload], Payload]]] = MappingProxyType(
    {
        ("recommendation.generated", 1): _add_ranks,
        ("recommendation.generated", 2): _separate_reasons,
    }
)
"""Upcasters by event name and old version."""
