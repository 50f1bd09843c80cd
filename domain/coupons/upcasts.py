"""Upcasters of stored coupon events. Pure: each converts a payload to the next version."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

Payload = dict[str, Any]


def _add_duration(old: Payload) -> Payload:
    once = {"duration": "once", "duration_in_periods": None}
    return {**old, "terms": {**old["terms"], **once}}


UPCASTS: Final[Mapping[tuple[str, int], Callable[[Payload], Payload]]] = MappingProxyType(
    {("coupon.created", 1): _add_duration}
)
"""Upcasters by event name and old version."""
