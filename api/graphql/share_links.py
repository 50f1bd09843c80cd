"""Share links of recordings in GraphQL."""

import enum

import strawberry

from api.graphql.context import Context, Info
from api.graphql.derived_types import convert, derived
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


@derived(share_links.ShareLink)
class ShareLink:
    """A link that gives access to one recording, and nothing else."""

    id: strawberry.ID
    url: str | None
    state: ShareLinkState


@strawberry.type
class ShareLinkQueries:
    """Queries of share links."""

    @field("List the share links of your recording, newest first, including inactive ones.")
    def share_links(self, info: Info, recording_id: strawberry.ID) -> list[ShareLink]:
        """Return links from the log."""
        links = get_share_links(info.context.caller, key_of("Recording", recording_id))
        return [convert(ShareLink, link) for link in links]


@strawberry.type
class ShareLinkPayload:
    """The link after the change."""

    share_link: ShareLink

    @classmethod
    def of(cls, _: Context, written: ShareLinkWritten) -> "ShareLinkPayload":
        """Return the payload of a command."""
        return cls(share_link=convert(ShareLink, written.link))
