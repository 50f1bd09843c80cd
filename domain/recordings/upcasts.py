"""Upcasters of stored recording events: the payload of one version gives that of the next.

Version 1 has names and descriptions in clear text, and the log never changes.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from domain.personal import NOBODY, in_clear

Payload = dict[str, Any]


def _started_in_clear(old: Payload) -> Payload:
    return {**old, **_encrypted(old, old["user_id"])}


def _described_in_clear(old: Payload) -> Payload:
    return {**old, **_encrypted(old, NOBODY)}


def _encrypted(old: Payload, subject: str) -> Payload:
    return {name: in_clear(subject, old[name]) for name in ("name", "description")}


UPCASTS: Final[Mapping[tuple[str, int], Callable[[Payload], Payload]]] = MappingProxyType(
    {
        ("recording.started", 1): _started_in_clear,
        ("recording.described", 1): _described_in_clear,
    }
)
"""By the name and version of the old payload."""
