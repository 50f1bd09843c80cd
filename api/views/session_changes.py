"""Deletion, restoration and tags of sessions: inputs, and writes for REST and GraphQL."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.views.base import StrictBody, documented, write
from api.views.session_commands import Written
from application.caller import Caller
from application.users.resource_access import authorize_session
from domain.ids import SessionId
from domain.sessions.commands import ChangeTags
from domain.sessions.tags import MAX_TAG_LENGTH, MAX_TAGS

Tag = Annotated[str, documented(maxLength=MAX_TAG_LENGTH)]


class Tags(StrictBody):
    """The athlete's own tags of a session, by which it can be found."""

    tags: tuple[Tag, ...] = Field(
        max_length=100,
        json_schema_extra={"maxItems": MAX_TAGS},
        description="Ten at most, of thirty characters at most; each once, whatever its case.",
        examples=[["legs", "before breakfast"]],
    )


@write
def delete_session(caller: Caller, session_id: str, command_id: UUID) -> Written:
    """Delete a session with its recording; it can be restored for seven days."""
    authorize_session(caller, "write", session_id)
    appended = caller.platform.sessions.delete(
        SessionId(session_id), origin=caller.origin(), command_id=command_id
    )
    return Written.of(session_id, appended)


@write
def restore_session(caller: Caller, session_id: str, command_id: UUID) -> Written:
    """Restore a session; a recording that was deleted before it stays deleted."""
    authorize_session(caller, "write", session_id)
    appended = caller.platform.sessions.restore(
        SessionId(session_id), origin=caller.origin(), command_id=command_id
    )
    return Written.of(session_id, appended)


@write
def change_session_tags(
    caller: Caller,
    session_id: str,
    body: Tags,
    command_id: UUID,
    expected: tuple[str, ...] | None = None,
) -> Written:
    """Replace all tags of a session."""
    authorize_session(caller, "write", session_id)
    command = ChangeTags(tags=body.tags, expected=expected)
    appended = caller.platform.sessions.execute(
        SessionId(session_id), command, origin=caller.origin(), command_id=command_id
    )
    return Written.of(session_id, appended)


def tags_of(caller: Caller, session_id: str) -> tuple[str, ...]:
    """Return the tags of a session. Raises SessionNotFound."""
    authorize_session(caller, "read", session_id)
    return caller.platform.sessions.tags(caller.tenant_id, SessionId(session_id))
