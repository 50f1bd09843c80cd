"""Share links of recordings: their view and input, and writes for REST and GraphQL."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from pydantic import Field

from api.share_link_auth import PARAMETER
from api.views.base import Body, StrictBody, write
from application.caller import Caller
from application.share_links import State
from application.users.resource_access import authorize_recording
from domain.ids import RecordingId
from domain.recordings.commands import RecordingNotFound
from domain.share_links.commands import MAX_LIFETIME_S, MIN_LIFETIME_S
from domain.share_links.share_links import Link

PAGE: Final = "/session_replay.html"
"""Page that a link opens."""


class NewShareLink(StrictBody):
    """Lifetime of a new link."""

    expires_in_s: int = Field(
        7 * 24 * 3600, ge=MIN_LIFETIME_S, le=MAX_LIFETIME_S, description="Lifetime in seconds."
    )


class ShareLink(Body):
    """A link that gives access to one recording, and nothing else."""

    id: str
    url: str | None = Field(description="URL to hand out; null once the link is inactive.")
    state: State
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class ShareLinkWritten:
    """A link after a command."""

    link: ShareLink


@write
def create_share_link(
    caller: Caller, recording_id: str, body: NewShareLink, command_id: UUID
) -> ShareLinkWritten:
    """Create a share link, which gives access until it expires or is revoked."""
    own_recording_id = _own(caller, recording_id)
    lifetime = timedelta(seconds=body.expires_in_s)
    sharing, origin = caller.platform.sharing, caller.origin()
    link = sharing.make(own_recording_id, lifetime, origin=origin, command_id=command_id)
    return ShareLinkWritten(_view(caller, own_recording_id, link))


@write
def revoke_share_link(
    caller: Caller, recording_id: str, link_id: str, command_id: UUID
) -> ShareLinkWritten:
    """Revoke a share link. Open players stop. Works for deleted recordings, too."""
    authorize_recording(caller, "write", recording_id)
    sharing, own_recording_id = caller.platform.sharing, RecordingId(recording_id)
    sharing.revoke(own_recording_id, link_id, origin=caller.origin(), command_id=command_id)
    links = sharing.of(caller.tenant_id, own_recording_id)
    link = next(each for each in links if each.id == link_id)
    return ShareLinkWritten(_view(caller, own_recording_id, link))


def get_share_links(caller: Caller, recording_id: str) -> tuple[ShareLink, ...]:
    """Return the links of a recording, newest first, including inactive ones.

    Raises RecordingNotFound if it is not the caller's, or deleted.
    """
    own_recording_id = _own(caller, recording_id)
    links = caller.platform.sharing.of(caller.tenant_id, own_recording_id)
    return tuple(_view(caller, own_recording_id, link) for link in links)


def _own(caller: Caller, recording_id: str) -> RecordingId:
    """Return the recording's id. Raises RecordingNotFound if it is not the caller's, or deleted."""
    authorize_recording(caller, "write", recording_id)
    own_recording_id = RecordingId(recording_id)
    progress = caller.platform.recorder.get_progress(caller.tenant_id, own_recording_id)
    if progress.status == "deleted":
        raise RecordingNotFound
    return own_recording_id


def _view(caller: Caller, recording_id: RecordingId, link: Link) -> ShareLink:
    sharing = caller.platform.sharing
    state = sharing.state(link)
    url = None
    if state == "active":
        token = sharing.token(caller.tenant_id, recording_id, link)
        url = f"{PAGE}?{urlencode({'session': recording_id, PARAMETER: token})}"
    return ShareLink(
        id=link.id,
        url=url,
        state=state,
        created_at=link.made_at,
        expires_at=link.expires_at,
        revoked_at=link.revoked_at,
    )
