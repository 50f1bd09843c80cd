"""What is read of several streams at once is given stream by stream."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from domain.kernel import Recorded


def by_stream(
    wanted: Iterable[str], recorded: Iterable[Recorded[Any]]
) -> Mapping[str, Sequence[Recorded[Any]]]:
    """Group events by stream, in the order in which they come; a stream without any has none."""
    found: dict[str, list[Recorded[Any]]] = {stream: [] for stream in wanted}
    for fact in recorded:
        found[fact.stream].append(fact)
    return found
