"""Sessions over REST as their athlete looks after them: deleted, brought back, and tagged."""

from fastapi import APIRouter, Response
from pydantic import ConfigDict, Field

from api.caller import CurrentCaller, Id
from api.http.conditional_requests import WITH_ETAG, IfMatch, etag_of
from api.http.idempotency import CommandId
from api.problem_details import problem_responses
from api.session_changes import change_tags, delete_session, restore_session, tags_of
from api.views.base import Body

router = APIRouter(
    prefix="/v1/sessions", tags=["sessions"], responses=problem_responses(404, 409, 422, 503)
)


@router.delete(
    "/{session_id}",
    operation_id="deleteSession",
    summary="Delete a session with its recording; for seven days it can be brought back",
    status_code=204,
)
def delete(session_id: Id, caller: CurrentCaller, command_id: CommandId) -> None:
    """Show it no more, and count it in no sum. The recording's media are removed after a week."""
    delete_session(caller, session_id, command_id)


@router.post(
    "/{session_id}:restore",
    operation_id="restoreSession",
    summary="Bring a deleted session back, with the recording that was deleted with it",
    status_code=204,
)
def restore(session_id: Id, caller: CurrentCaller, command_id: CommandId) -> None:
    """Show it again as it was; a recording that was deleted before it stays deleted."""
    restore_session(caller, session_id, command_id)


class Tags(Body):
    """The athlete's own words for a session, to find it by."""

    model_config = ConfigDict(extra="forbid")

    tags: tuple[str, ...] = Field(
        max_length=100,
        description="Ten at most, of thirty characters at most; each once, whatever its case.",
        examples=[["legs", "before breakfast"]],
    )


@router.get(
    "/{session_id}/tags",
    operation_id="getSessionTags",
    summary="The tags of a session",
    responses=WITH_ETAG,
)
def tags(session_id: Id, caller: CurrentCaller, response: Response) -> Tags:
    """Return the tags of a session, in their order."""
    return _tagged(tags_of(caller, session_id), response)


@router.put(
    "/{session_id}/tags",
    operation_id="changeSessionTags",
    summary="Replace the tags of a session",
    responses=WITH_ETAG | problem_responses(412),
)
def tag(
    *,
    session_id: Id,
    caller: CurrentCaller,
    response: Response,
    command_id: CommandId,
    asked: Tags,
    if_match: IfMatch,
) -> Tags:
    """Replace all tags; with `If-Match`, only where they are still those that were read."""
    change_tags(
        caller, session_id, asked.tags, command_id, lambda known: if_match.matches(_etag(known))
    )
    return _tagged(tags_of(caller, session_id), response)


def _tagged(known: tuple[str, ...], response: Response) -> Tags:
    response.headers["ETag"] = _etag(known)
    return Tags(tags=known)


def _etag(known: tuple[str, ...]) -> str:
    return etag_of("\n".join(known))
