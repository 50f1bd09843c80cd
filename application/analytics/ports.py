"""Whoever fills windows says what was read, from where to where; both are kept together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from application.analytics.rollups import RollupRequest
from application.analytics.windows import Seen, Session


class PositionTaken(Exception):  # noqa: N818  not a failure: the answer is to read on from there
    """Somebody else has worked these messages: the position is not where it was known to be."""


@dataclass(frozen=True, slots=True)
class Step:
    """Events of a topic, with the offset due in each partition `before` and `after` them.

    `before` lacks partitions of which nothing has been worked yet.
    """

    group: str
    topic: str
    before: Mapping[int, int]
    after: Mapping[int, int]
    seen: Sequence[Seen]


class Windows(Protocol):
    """Keeps windows and positions. Raises StorageUnavailable."""

    def positions(self, group: str, topic: str) -> Mapping[int, int]:
        """Give the offset due in each partition that has one."""
        ...

    def take(self, step: Step) -> Sequence[Session]:
        """Add events to windows and move positions, both or neither.

        Gives the sessions of which an event is missing. Raises PositionTaken.
        """
        ...

    def days_over(self, by: datetime) -> Mapping[RollupRequest, int]:
        """Find days that were over by then and have changed since their roll-up was asked for.

        Gives for each how often it has changed.
        """
        ...

    def mark_requested(self, requests: Mapping[RollupRequest, int]) -> None:
        """Note that roll-ups were asked for, of days that had changed so often."""
        ...
