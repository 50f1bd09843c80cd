"""Grouping of events that were read from several streams at once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from domain.kernel import Recorded


def by_stream(
    wanted: Iterable[str], recorded: Iterable[Recorded[Any]]
) -> Mapping[str, Sequence[Recorded[Any]]]:
    """Group events by stream, keeping their order; a stream without events gets an empty group."""
    groups: dict[str, list[Recorded[Any]]] = {stream: [] for stream in wanted}
    for fact in recorded:
        groups[fact.stream].append(fact)
    return groups
