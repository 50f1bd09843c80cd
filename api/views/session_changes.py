"""Deletion, restoration and tags of sessions: inputs, and writes for REST and GraphQL."""

from uuid import UUID

from pydantic import Field

from api.views.base import StrictBody, write
from api.views.session_commands import Written
from application.caller import Caller
from application.sessions import session_changes


class Tags(StrictBody):
    """The athlete's own tags of a session, by which it can be found."""

    tags: tuple[str, ...] = Field(
        max_length=100,
        description="Ten at most, of thirty characters at most; each once, whatever its case.",
        examples=[["legs", "before breakfast"]],
    )


@write
def delete_session(caller: Caller, session_id: str, command_id: UUID) -> Written:
    """Delete a session with its recording; it can be restored for seven days."""
    return Written.of(session_id, session_changes.delete_session(caller, session_id, command_id))


@write
def restore_session(caller: Caller, session_id: str, command_id: UUID) -> Written:
    """Restore a session; a recording that was deleted before it stays deleted."""
    return Written.of(session_id, session_changes.restore_session(caller, session_id, command_id))


@write
def change_session_tags(
    caller: Caller,
    session_id: str,
    body: Tags,
    command_id: UUID,
    expected: tuple[str, ...] | None = None,
) -> Written:
    """Replace all tags of a session."""
    appended = session_changes.change_tags(caller, session_id, body.tags, command_id, expected)
    return Written.of(session_id, appended)
