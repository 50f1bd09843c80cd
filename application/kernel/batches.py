"""Batches: a sequence in parts of a limited size, as `itertools.batched` of Python 3.12."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def batched(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield slices of at most `size` items in order; none of an empty sequence."""
    return (items[start : start + size] for start in range(0, len(items), size))
