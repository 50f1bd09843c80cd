"""Share links of recordings, over REST. The athlete creates, lists and revokes them."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.caller import CurrentCaller, Id
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.views.base import Body
from api.views.share_links import (
    NewShareLink,
    ShareLink,
    create_share_link,
    get_share_links,
    revoke_share_link,
)

router = APIRouter(
    prefix="/v1/recordings", tags=["recordings"], responses=problem_responses(404, 422, 503)
)


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
    link = create_share_link(caller, recording_id, body, command_id).link
    response.headers["Location"] = f"/v1/recordings/{recording_id}/share-links/{link.id}"
    return link


@router.get(
    "/{recording_id}/share-links",
    operation_id="listShareLinks",
    summary="List share links",
)
def share_links(recording_id: Id, caller: CurrentCaller) -> ShareLinkList:
    """Return the links of a recording."""
    return ShareLinkList(items=list(get_share_links(caller, recording_id)))


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
    revoke_share_link(caller, recording_id, link_id, command_id)
