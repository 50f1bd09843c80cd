"""Counters of sets: who has counted, as opposed to who a client says will count (C-49)."""

from dataclasses import replace
from typing import Any

from domain.sessions import events
from domain.sessions.verification import VERIFIED_SOURCES
from domain.values import CountedBy


def counter_at_start(event: events.SetStarted) -> CountedBy:
    """Return the counter of a set that has begun.

    A client that names our counter announces frames. Until our counter has a result in the set,
    what the set has is the client's, so its source is `device`.
    """
    named = event.counted_by
    if event.claimed and named.source in VERIFIED_SOURCES:
        return replace(named, source="device", learned=None)
    return named


def is_result_of_ours(event: Any) -> bool:
    """Return whether an event is a repetition or hold that our own counter measured live."""
    measured = isinstance(event, events.RepetitionCounted | events.HoldMeasured)
    return measured and event.source == "server" and not event.by_hand
