"""Exploration: now and then, a list is shown in random order, so that models can be compared.

What users open depends on the place. Only if each item could have had each place, with a known
probability, does the log say what another order would have led to (see `off_policy`).
"""

from collections.abc import Sequence
from typing import Final, Protocol, TypeVar

Item = TypeVar("Item")

EXPLORED: Final = 0.2
"""Share of lists in random order."""


class Chance(Protocol):
    """Source of randomness, such as `random.Random`."""

    def random(self) -> float:
        """Return a number from 0 up to, not including, 1."""
        ...

    def shuffle(self, x: list[int], /) -> None:
        """Put a list in random order."""
        ...


def explored(
    ranked: Sequence[Item], share: float, chance: Chance
) -> tuple[tuple[Item, int, float], ...]:
    """Return items as they are shown, each with its rank and the propensity of its place.

    With the probability `share`, all orders are equally likely; otherwise the order is as ranked.
    """
    order = list(range(len(ranked)))
    if chance.random() < share:
        chance.shuffle(order)
    by_chance = share / len(ranked) if ranked else 0.0
    return tuple(
        (ranked[rank], rank + 1, by_chance + (1.0 - share if rank == place else 0.0))
        for place, rank in enumerate(order)
    )
