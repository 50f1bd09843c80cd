"""What may be asked of a recording's share links, and how it is refused."""

from datetime import datetime
from typing import Final

from domain.kernel import Rejected, command
from domain.values import within

SHORTEST_S: Final = 300
LONGEST_S: Final = 30 * 24 * 3600
"""A link lasts five minutes to thirty days: nobody remembers for longer whom they gave it to."""

MOST_LINKS: Final = 20
"""Links of one recording that open it at the same time."""


@command
class MakeLink:
    link_id: str
    at: datetime
    expires_at: datetime

    def __post_init__(self) -> None:
        lasts_s = (self.expires_at - self.at).total_seconds()
        within("seconds that a link lasts", lasts_s, SHORTEST_S, LONGEST_S)


@command
class RevokeLink:
    link_id: str
    at: datetime


SharingCommand = MakeLink | RevokeLink


class LinkUnknown(Rejected):
    """This recording has no such share link."""

    code = "share_link.unknown"
    kind = "not_found"


class TooManyLinks(Rejected):
    """A recording has at most twenty share links at a time; revoke one first."""

    code = "share_link.too_many"
