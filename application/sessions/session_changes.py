"""Deletion, restoration and tags of sessions. Called by REST and GraphQL.

Each function raises SessionNotFound for a session that the caller may not change.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from application.caller import Caller
from application.kernel.command_handler import Request
from application.kernel.ports import AppendResult
from application.users.resource_access import authorize_session
from domain.ids import SessionId
from domain.recordings import commands as recordings
from domain.recordings.recording import RECORDING
from domain.sessions import commands
from domain.sessions.session import SESSION, Completed, Deleted, Underway
from domain.sessions.session import NotStarted as NotBegun


def delete_session(caller: Caller, session_id: str, command_id: UUID) -> AppendResult:
    """Delete a session with its recording; it leaves all totals."""
    authorize_session(caller, "write", session_id)
    at = caller.platform.clock()
    with_it = recordings.DeleteWithSession(at=at)
    return _execute(caller, session_id, commands.DeleteSession(at=at), with_it, command_id)


def restore_session(caller: Caller, session_id: str, command_id: UUID) -> AppendResult:
    """Restore a session; a recording that was deleted before it stays deleted."""
    authorize_session(caller, "write", session_id)
    at, since = caller.platform.clock(), _deleted_at(caller, session_id)
    with_it = recordings.RestoreWithSession(deleted_at=since, at=at)
    return _execute(caller, session_id, commands.RestoreSession(at=at), with_it, command_id)


def tags_of(caller: Caller, session_id: str) -> tuple[str, ...]:
    """Return a session's tags from the log (always current)."""
    authorize_session(caller, "read", session_id)
    stream = f"{SESSION.category}-{session_id}"
    log = caller.platform.log.load(caller.tenant_id, stream)
    return _tags([recorded.event for recorded in log])


def change_tags(
    caller: Caller,
    session_id: str,
    tags: Sequence[str],
    command_id: UUID,
    expected: tuple[str, ...] | None = None,
) -> AppendResult:
    """Replace all tags of a session; with `expected`, only where these are the current ones.

    Raises TagsMoved, and InvalidValue for an invalid tag.
    """
    authorize_session(caller, "write", session_id)
    command = commands.ChangeTags(tags=tuple(tags), expected=expected)
    return caller.platform.sessions.execute(
        SessionId(session_id), command, origin=caller.origin(), command_id=command_id
    )


def _tags(history: Sequence[Any]) -> tuple[str, ...]:
    match SESSION.fold(history):
        case Underway(tags=tags) | Completed(tags=tags):
            return tags
        case NotBegun() | Deleted():
            raise commands.SessionMissing


def _execute(
    caller: Caller,
    session_id: str,
    command: commands.SessionCommand,
    with_it: recordings.RecordingCommand,
    command_id: UUID,
) -> AppendResult:
    """Execute the commands of the session and of its recording, both or neither."""
    return caller.platform.commands.execute(
        Request(SESSION, session_id, [command]),
        Request(RECORDING, session_id, [with_it]),
        origin=caller.origin(),
        command_id=command_id,
    )


def _deleted_at(caller: Caller, session_id: str) -> datetime | None:
    stream = f"{SESSION.category}-{session_id}"
    history = [recorded.event for recorded in caller.platform.log.load(caller.tenant_id, stream)]
    state = SESSION.fold(history)
    return state.at if isinstance(state, Deleted) else None
