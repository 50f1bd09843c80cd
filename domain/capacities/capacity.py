"""Capacity decider: the places that one user has taken, up to a limit.

Places that are given up are not recorded at once: they count until another place is taken and the
limit is reached. So each way to give one up needs no event here.
"""

from domain.capacities import commands, events
from domain.event_text import MAX_TEXTS
from domain.kernel import Decider, value


@value
class Capacity:
    """Places that are taken, or were given up since the latest count."""

    places: tuple[str, ...] = ()


def decide(
    command: commands.CapacityCommand, capacity: Capacity
) -> tuple[events.CapacityEvent, ...]:
    """Return the events of a command. Raises the refusal that the command names."""
    taken = frozenset(capacity.places) - {command.place}
    uncounted = frozenset(command.before) - taken - {command.place}
    freed = (taken | uncounted) & frozenset(command.freed)
    if command.limit is not None and len((taken | uncounted) - freed) >= command.limit:
        raise command.refusal
    user_id, at = command.user_id, command.at
    counted = (
        events.PlacesCounted(user_id=user_id, places=places, at=at) for places in _parts(uncounted)
    )
    new = (
        events.PlaceTaken(user_id=user_id, place=command.place, freed=places, at=at)
        for places in _parts(freed) or [()]
    )
    return (*counted, *new)


def _parts(places: frozenset[str]) -> list[tuple[str, ...]]:
    """Return the places in order, as many together as an event may list."""
    ordered = sorted(places)
    return [
        tuple(ordered[first : first + MAX_TEXTS]) for first in range(0, len(ordered), MAX_TEXTS)
    ]


def evolve(capacity: Capacity, event: events.CapacityEvent) -> Capacity:
    """Apply one event. History is never refused."""
    match event:
        case events.PlacesCounted(places=places):
            return Capacity(tuple(dict.fromkeys((*capacity.places, *places))))
        case events.PlaceTaken(place=place, freed=freed):
            others = (each for each in capacity.places if each not in {place, *freed})
            return Capacity((*others, place))


CAPACITY = Decider[commands.CapacityCommand, events.CapacityEvent, Capacity](
    "capacity", initial=Capacity(), decide=decide, evolve=evolve
)
