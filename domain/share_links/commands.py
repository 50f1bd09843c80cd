"""Commands of a recording's share links, and their refusals."""

from datetime import datetime
from typing import Final

from domain.kernel import Rejected, command
from domain.values import within

MIN_LIFETIME_S: Final = 300
MAX_LIFETIME_S: Final = 30 * 24 * 3600
"""Lifetime: five minutes to thirty days. Beyond that, people forget who has the link."""

MAX_ACTIVE_LINKS: Final = 20
"""Active links of one recording."""


@command
class MakeLink:
    link_id: str
    at: datetime
    expires_at: datetime

    def __post_init__(self) -> None:
        lasts_s = (self.expires_at - self.at).total_seconds()
        within("lifetime of a link in seconds", lasts_s, MIN_LIFETIME_S, MAX_LIFETIME_S)


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
    """A recording can have at most twenty active share links. Revoke one first."""

    code = "share_link.too_many"
