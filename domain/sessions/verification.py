"""Verified repetitions and holds: the one definition that rankings and awards rest on.

A repetition or hold is verified if our own motion fold counted it, from landmarks or images that we
received. What a client claims or an athlete logs is stored with its source, and is not verified.
"""

from typing import Final

from domain.values import CountSource

VERIFIED_SOURCES: Final[frozenset[CountSource]] = frozenset({"server", "file"})
"""Counters that are ours: the live worker and the analysis of a file."""


def is_verified(source: CountSource | None, *, by_hand: bool) -> bool:
    """Return whether a repetition or hold is verified.

    None is the source of those stored before sources were recorded: they keep counting as they did
    then, except where the athlete logged them.
    """
    return not by_hand and (source is None or source in VERIFIED_SOURCES)
