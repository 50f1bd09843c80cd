"""Upcasters of stored user events. Pure: each converts a payload to the next version."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

Payload = dict[str, Any]


def _add_unknown_source(old: Payload) -> Payload:
    return {**old, "source": "unknown"}


def _add_no_name(old: Payload) -> Payload:
    return {**old, "name": None}


UPCASTS: Final[Mapping[tuple[str, int], Callable[[Payload], Payload]]] = MappingProxyType(
    {
        ("user.consent_given", 1): _add_unknown_source,
        ("user.consent_withdrawn", 1): _add_unknown_source,
        ("user.second_factor_added", 1): _add_no_name,
    }
)
"""Upcasters by event name and old version."""
