"""Facts of recordings as they were once written, brought up to date when they are read.

Pure: the payload of one version gives that of the next. Names and descriptions lay in clear once,
and the log is never changed, so there they still lie.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from domain.personal import NOBODY, in_clear

Payload = dict[str, Any]


def _begun_with_words_in_clear(old: Payload) -> Payload:
    return {**old, **_words(old, old["user_id"])}


def _described_in_clear(old: Payload) -> Payload:
    return {**old, **_words(old, NOBODY)}


def _words(old: Payload, subject: str) -> Payload:
    return {name: in_clear(subject, old[name]) for name in ("name", "description")}


UPCASTS: Final[Mapping[tuple[str, int], Callable[[Payload], Payload]]] = MappingProxyType(
    {
        ("recording.started", 1): _begun_with_words_in_clear,
        ("recording.described", 1): _described_in_clear,
    }
)
"""By the name and version of the old payload."""
