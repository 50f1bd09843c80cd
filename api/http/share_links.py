"""Share links of recordings, over REST. The athlete creates, lists and revokes them."""

from datetime import datetime, timedelta
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Response
from pydantic import ConfigDict, Field

from api.caller import CurrentCaller, Id
from api.http.idempotency import CommandId
from api.http.share_link_auth import PARAMETER
from api.problem_details import problem_responses
from api.views.base import Body
from application.caller import Caller
from application.share_links import State
from application.users.resource_access import authorize_recording
from domain.ids import RecordingId
from domain.recordings.commands import RecordingNotFound
from domain.share_links.commands import MAX_LIFETIME_S, MIN_LIFETIME_S
from domain.share_links.share_links import Link

router = APIRouter(
    prefix="/v1/recordings", tags=["recordings"], responses=problem_responses(404, 422, 503)
)

PAGE: Final = "/session_replay.html"
"""Page that a link opens."""


class NewShareLink(Body):
    """Lifetime of a new link."""

    model_config = ConfigDict(extra="forbid")

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


class ShareLinkList(Body):
    """Links of a recording, newest first, including inactive ones."""

    items: list[ShareLink]


@router.post(
    "/{recording_id}/share-links",
    operation_id="createShareLink",
    summary="Create a share link",
    status_code=201,
    responses=problem_responses(409),
)
def share(
    recording_id: Id,
    caller: CurrentCaller,
    command_id: CommandId,
    body: NewShareLink,
    response: Response,
) -> ShareLink:
    """Create a link, which gives access until it expires or is revoked."""
    own_recording_id = _own(caller, recording_id)
    lifetime = timedelta(seconds=body.expires_in_s)
    sharing, origin = caller.platform.sharing, caller.origin()
    link = sharing.make(own_recording_id, lifetime, origin=origin, command_id=command_id)
    response.headers["Location"] = f"/v1/recordings/{recording_id}/share-links/{link.id}"
    return _view(caller, own_recording_id, link)


@router.get(
    "/{recording_id}/share-links",
    operation_id="listShareLinks",
    summary="List share links",
)
def share_links(recording_id: Id, caller: CurrentCaller) -> ShareLinkList:
    """Return the links of a recording."""
    own_recording_id = _own(caller, recording_id)
    links = caller.platform.sharing.of(caller.tenant_id, own_recording_id)
    return ShareLinkList(items=[_view(caller, own_recording_id, link) for link in links])


@router.delete(
    "/{recording_id}/share-links/{link_id}",
    operation_id="revokeShareLink",
    summary="Revoke a share link",
    status_code=204,
)
def revoke(
    recording_id: Id,
    link_id: Annotated[Id, Path(description="A link's `id`.")],
    caller: CurrentCaller,
    command_id: CommandId,
) -> None:
    """Revoke a link. Open players stop. Works for deleted recordings, too."""
    authorize_recording(caller, "write", recording_id)
    caller.platform.sharing.revoke(
        RecordingId(recording_id), link_id, origin=caller.origin(), command_id=command_id
    )


def _own(caller: Caller, recording_id: str) -> RecordingId:
    """Return the recording's id. Raises RecordingNotThere if it is not the caller's, or deleted."""
    authorize_recording(caller, "write", recording_id)
    own_recording_id = RecordingId(recording_id)
    if (
        caller.platform.recorder.get_progress(caller.tenant_id, own_recording_id).status
        == "deleted"
    ):
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
