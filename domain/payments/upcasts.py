"""Upcasters of stored payment events: the payload of one version gives that of the next."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

Payload = dict[str, Any]


def _settled_with_payment(old: Payload) -> Payload:
    """Version 1 says whether nothing is left only of the charge that completed the payment."""
    return {**old, "settled": old["completed"]}


UPCASTS: Final[Mapping[tuple[str, int], Callable[[Payload], Payload]]] = MappingProxyType(
    {("payment.dispute_lost", 1): _settled_with_payment}
)
"""By the name and version of the old payload."""
