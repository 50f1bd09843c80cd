"""Upcasters of stored health events. Pure: each converts a payload to the next version."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

Payload = dict[str, Any]


def _add_no_sign_in(old: Payload) -> Payload:
    return {**old, "sign_in_id": None}


UPCASTS: Final[Mapping[tuple[str, int], Callable[[Payload], Payload]]] = MappingProxyType(
    {("health_integration.token_issued", 1): _add_no_sign_in}
)
"""Upcasters by event name and old version."""
