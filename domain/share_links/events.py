"""What happens to the links that open one recording to whoever has them.

The stream bears the id of the recording. What is handed out is made of these facts and a key; the
log does not hold it.
"""

from datetime import datetime

from domain.kernel import event


@event("sharing.link_made")
class LinkMade:
    link_id: str
    at: datetime
    expires_at: datetime
    """From then on it opens nothing."""


@event("sharing.link_revoked")
class LinkRevoked:
    link_id: str
    at: datetime


SharingEvent = LinkMade | LinkRevoked
