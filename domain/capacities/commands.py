"""Command of a capacity."""

from datetime import datetime

from domain.ids import UserId
from domain.kernel import Rejected, command


@command
class TakePlace:
    """Take a place, or take it again. It raises the `refusal` if all other places are taken.

    Without a `limit` it is never refused. Places in `before` were taken earlier, those in `freed`
    were given up.
    """

    user_id: UserId
    place: str
    limit: int | None = None
    refusal: type[Rejected] = Rejected
    before: tuple[str, ...] = ()
    freed: tuple[str, ...] = ()
    at: datetime


CapacityCommand = TakePlace
