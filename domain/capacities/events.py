"""Events of a capacity: places of which one user has a limited number.

A place stands for an athlete of a trainer, an enrollment, or an unpaid payment, for example. The
stream has the kind of the places and the id of the user.
"""

from datetime import datetime

from domain.ids import UserId
from domain.kernel import event


@event("capacity.counted")
class PlacesCounted:
    """These places were taken before they were counted."""

    user_id: UserId
    places: tuple[str, ...]
    at: datetime


@event("capacity.taken")
class PlaceTaken:
    """A place was taken. Those in `freed` have been given up by then.

    If more are freed than an event may list, several events of the same place follow each other.
    """

    user_id: UserId
    place: str
    freed: tuple[str, ...]
    at: datetime


CapacityEvent = PlacesCounted | PlaceTaken
