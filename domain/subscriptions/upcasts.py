"""Upcasters of stored subscription events. Pure: each converts a payload to the next version."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

Payload = dict[str, Any]


def _add_no_parts(old: Payload) -> Payload:
    return {**old, "credited": []}


UPCASTS: Final[Mapping[tuple[str, int], Callable[[Payload], Payload]]] = MappingProxyType(
    {("subscription.plan_change_started", 1): _add_no_parts}
)
"""Upcasters by event name and old version."""
