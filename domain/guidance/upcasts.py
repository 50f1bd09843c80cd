"""Upcasters of stored recommendation events. Pure: each converts a payload to the next version."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

Payload = dict[str, Any]


def _add_ranks(old: Payload) -> Payload:
    """Add the ranks: there was no exploration. The score of the rules alone was not recorded."""
    items = [
        {**each, "rank": number, "rules_score": each["score"], "pattern": None}
        for number, each in enumerate(old["items"], 1)
    ]
    return {**old, "items": items}


UPCASTS: Final[Mapping[tuple[str, int], Callable[[Payload], Payload]]] = MappingProxyType(
    {("recommendation.generated", 1): _add_ranks}
)
"""Upcasters by event name and old version."""
