"""Capacity decider: the places that one user has taken, up to a limit.

Places that are given up are not recorded at once: they count until another place is taken and the
limit is reached. So each way to give one up needs no event here.
"""

from domain.capacities import commands, events
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
    counted = events.PlacesCounted(
        user_id=command.user_id, places=tuple(sorted(uncounted)), at=command.at
    )
    new = events.PlaceTaken(
        user_id=command.user_id, place=command.place, freed=tuple(sorted(freed)), at=command.at
    )
    return (counted, new) if uncounted else (new,)


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
