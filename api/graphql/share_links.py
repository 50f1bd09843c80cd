"""Share links of recordings in GraphQL."""

import enum
from datetime import datetime

import strawberry

from api.graphql.context import Context, Info
from api.graphql.fields import field
from api.graphql.pagination import key_of
from api.views import share_links
from api.views.share_links import ShareLinkWritten, get_share_links


@strawberry.enum
class ShareLinkState(enum.Enum):
    """State of a share link."""

    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"


@strawberry.type(description="A link that gives access to one recording, and nothing else.")
class ShareLink:
    """`url` is null once the link is inactive."""

    id: strawberry.ID
    url: str | None
    state: ShareLinkState
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None

    @classmethod
    def of(cls, link: share_links.ShareLink) -> "ShareLink":
        """Convert a link."""
        return cls(
            id=strawberry.ID(link.id),
            url=link.url,
            state=ShareLinkState(link.state),
            created_at=link.created_at,
            expires_at=link.expires_at,
            revoked_at=link.revoked_at,
        )


@strawberry.type
class ShareLinkQueries:
    """Queries of share links."""

    @field("List the share links of your recording, newest first, including inactive ones.")
    def share_links(self, info: Info, recording_id: strawberry.ID) -> list[ShareLink]:
        """Return links from the log."""
        links = get_share_links(info.context.caller, key_of("Recording", recording_id))
        return [ShareLink.of(link) for link in links]


@strawberry.type
class ShareLinkPayload:
    """The link after the change."""

    share_link: ShareLink

    @classmethod
    def of(cls, _: Context, written: ShareLinkWritten) -> "ShareLinkPayload":
        """Return the payload of a command."""
        return cls(share_link=ShareLink.of(written.link))
