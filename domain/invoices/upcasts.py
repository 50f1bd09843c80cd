"""Upcasters of stored invoice events. Pure: each converts a payload to the next version."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

Payload = dict[str, Any]


def _add_no_credit(old: Payload) -> Payload:
    return {**old, "credit": None}


def _add_no_discount(old: Payload) -> Payload:
    return {**old, "discount": None, "coupon_id": None}


UPCASTS: Final[Mapping[tuple[str, int], Callable[[Payload], Payload]]] = MappingProxyType(
    {("invoice.issued", 1): _add_no_credit, ("invoice.issued", 2): _add_no_discount}
)
"""Upcasters by event name and old version."""
