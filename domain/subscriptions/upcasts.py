"""Upcasters of stored subscription events. Pure: each converts a payload to the next version."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

Payload = dict[str, Any]


def _add_no_parts(old: Payload) -> Payload:
    return {**old, "credited": []}


def _add_no_discount(old: Payload) -> Payload:
    return {**old, "discount": None}


UPCASTS: Final[Mapping[tuple[str, int], Callable[[Payload], Payload]]] = MappingProxyType(
    {
        ("subscription.plan_change_started", 1): _add_no_parts,
        ("subscription.plan_change_started", 2): _add_no_discount,
        ("subscription.renewal_started", 1): _add_no_discount,
    }
)
"""Upcasters by event name and old version."""
