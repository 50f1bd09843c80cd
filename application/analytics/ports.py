"""Analytics store port: windows and consumer offsets, updated in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from application.analytics.rollups import RollupRequest
from application.analytics.windows import ReceivedEvent, Session


class PositionTaken(Exception):  # noqa: N818  not a failure: the answer is to read on from there
    """Another worker processed these messages: the stored offsets differ from the expected ones."""


@dataclass(frozen=True, slots=True)
class Step:
    """A batch of events of a topic, with each partition's next offset `before` and `after` it.

    `before` lacks partitions without a stored offset.
    """

    group: str
    topic: str
    before: Mapping[int, int]
    after: Mapping[int, int]
    seen: Sequence[ReceivedEvent]


class Windows(Protocol):
    """Store of windows and offsets. Raises StorageUnavailable."""

    def positions(self, group: str, topic: str) -> Mapping[int, int]:
        """Return the next offset of each partition that has one."""
        ...

    def take(self, step: Step) -> Sequence[Session]:
        """Add events to windows and advance the offsets, in one transaction.

        Returns the sessions of which an event is missing. Raises PositionTaken.
        """
        ...

    def days_over(self, by: datetime) -> Mapping[RollupRequest, int]:
        """Return days that ended by then and have changed since their last roll-up request.

        Each comes with its number of changes.
        """
        ...

    def mark_requested(self, requests: Mapping[RollupRequest, int]) -> None:
        """Record that roll-ups were requested for these days at these numbers of changes."""
        ...
