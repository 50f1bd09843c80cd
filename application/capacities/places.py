"""Requests that take a place of a capacity, executed together with what the place is for.

All requests that take a place of one user append to one stream, so no two of them can take the
last one. Whether a place was given up is read from the stream of what it is for. That stream is
part of the append as well: if it has changed by then, the request is decided again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from application.kernel.command_handler import ATTEMPTS, Request, Snapshot, TooManyConflicts
from application.kernel.ports import AppendResult, EventLog
from domain.capacities.capacity import CAPACITY
from domain.capacities.commands import TakePlace
from domain.ids import TenantId
from domain.kernel import Decider, Recorded


@dataclass(frozen=True)
class Places:
    """Places of one kind. `is_taken` says whether a history still takes the place.

    `decider` is that of the streams that the places are for. `contended`: many users take places
    of one user at the same moment.
    """

    kind: str
    decider: Decider[Any, Any, Any]
    is_taken: Callable[[Sequence[Recorded[Any]]], bool]
    contended: bool = False

    def take(self, wanted: TakePlace) -> Request:
        """Return the request that takes a place."""
        return Request(CAPACITY, self.stream_id(wanted.user_id), [wanted], contended=self.contended)

    def stream_id(self, user_id: str) -> str:
        """Return the id of the stream of a user's places."""
        return f"{self.kind}.{user_id}"


def take_place(
    log: EventLog,
    tenant_id: TenantId,
    places: Places,
    wanted: TakePlace,
    execute: Callable[[Request], AppendResult],
) -> AppendResult:
    """Execute what a place is for, with the request that takes the place.

    Only when all places are taken, those that were given up are looked for, beside those that
    `wanted` names. Raises the refusal of the command if the others reach the limit, or
    TooManyConflicts.
    """
    request = places.take(wanted)
    for _ in range(ATTEMPTS):
        try:
            return execute(request)
        except wanted.refusal:
            taken, given_up = _find_given_up(log, tenant_id, places, wanted)
            if wanted.limit is None or taken >= wanted.limit:
                raise
        request = _freeing(places, wanted, given_up)
    raise TooManyConflicts


def _find_given_up(
    log: EventLog, tenant_id: TenantId, places: Places, wanted: TakePlace
) -> tuple[int, dict[str, int]]:
    """Return the number of other places that are taken, and the places that were given up.

    Each of these comes with the version of the stream that says so.
    """
    history = log.load(tenant_id, f"{CAPACITY.category}-{places.stream_id(wanted.user_id)}")
    counted = {*CAPACITY.fold(each.event for each in history).places, *wanted.before}
    streams = {
        each: f"{places.decider.category}-{each}"
        for each in sorted(counted)
        if each not in {wanted.place, *wanted.freed}
    }
    histories = log.load_many(tenant_id, tuple(streams.values()))
    given_up = {
        place: len(histories[stream])
        for place, stream in streams.items()
        if not places.is_taken(histories[stream])
    }
    return len(streams) - len(given_up), given_up


def _freeing(places: Places, wanted: TakePlace, given_up: dict[str, int]) -> Request:
    """Return the request that frees places whose streams have not changed, and takes one."""
    if not given_up:
        return places.take(wanted)
    versions: dict[str, int] = {}

    def note(place: str, snapshot: Snapshot) -> None:
        versions[place] = snapshot.version

    def taking(_: object, __: object) -> Sequence[Request]:
        unchanged = (each for each, version in given_up.items() if versions[each] == version)
        return [places.take(replace(wanted, freed=(*wanted.freed, *unchanged)))]

    *first, last = (
        Request(places.decider, place, (), on_load=partial(note, place)) for place in given_up
    )
    latest = replace(last, followed_by=taking)
    if not first:
        return latest

    def others(_: object, __: object) -> Sequence[Request]:
        return [*first[1:], latest]

    return replace(first[0], followed_by=others)
