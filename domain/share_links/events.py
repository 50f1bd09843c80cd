"""Events of a recording's share links.

The stream has the id of the recording. Tokens are derived from these events and a key, and are not
stored in the log.
"""

from datetime import datetime

from domain.kernel import event


@event("sharing.link_made")
class LinkMade:
    link_id: str
    at: datetime
    expires_at: datetime


@event("sharing.link_revoked")
class LinkRevoked:
    """The link is invalid from now on."""

    link_id: str
    at: datetime


SharingEvent = LinkMade | LinkRevoked
