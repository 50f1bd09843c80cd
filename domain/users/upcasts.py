"""Facts of users as they were once written, brought up to date when they are read.

Pure: the payload of one version gives that of the next.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

Payload = dict[str, Any]


def _from_where_nobody_noted(old: Payload) -> Payload:
    return {**old, "source": "unknown"}


UPCASTS: Final[Mapping[tuple[str, int], Callable[[Payload], Payload]]] = MappingProxyType(
    {
        ("user.consent_given", 1): _from_where_nobody_noted,
        ("user.consent_withdrawn", 1): _from_where_nobody_noted,
    }
)
"""By the name and version of the old payload."""
