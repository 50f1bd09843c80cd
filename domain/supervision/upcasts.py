"""Upcasters of stored supervision events: the payload of one version gives that of the next.

Version 1 is older than the question whether a trainer may assign workouts, so nobody agreed to it.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

Payload = dict[str, Any]


def _without_assigning(old: Payload) -> Payload:
    return {**old, "assign": False}


UPCASTS: Final[Mapping[tuple[str, int], Callable[[Payload], Payload]]] = MappingProxyType(
    {("supervision.allowed", 1): _without_assigning}
)
"""By the name and version of the old payload."""
