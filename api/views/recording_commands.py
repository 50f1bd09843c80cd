"""Commands of recordings: writes for REST and GraphQL."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from api.views.base import write
from api.views.recordings import NewRecording, RecordingWords
from application.caller import Caller
from application.recordings import start
from application.recordings.recorder import RecordingProgress
from application.users.resource_access import authorize_recording
from domain.ids import RecordingId
from domain.recordings import commands


@dataclass(frozen=True, slots=True)
class RecordingWritten:
    """Result of a command: the log has it up to `position`."""

    recording_id: str
    position: int
    repeated: bool


@write
def start_recording(caller: Caller, body: NewRecording, command_id: UUID) -> RecordingWritten:
    """Start a recording. Send its frames through the WebSocket `/ws/pose`."""
    return _written(
        caller, command_id, lambda: start.start_recording(caller, command_id, **dict(body))
    )


@write
def update_recording(
    caller: Caller,
    recording_id: str,
    body: RecordingWords,
    command_id: UUID,
    expected: commands.Words | None = None,
) -> RecordingWritten:
    """Rename or describe a recording."""
    command = commands.DescribeRecording(
        name=body.name, description=body.description, expected=expected
    )
    return _execute(caller, recording_id, command, command_id)


@write
def delete_recording(caller: Caller, recording_id: str, command_id: UUID) -> RecordingWritten:
    """Delete a recording; it can be restored for seven days."""
    command = commands.DeleteRecording(at=caller.platform.clock())
    return _execute(caller, recording_id, command, command_id)


@write
def restore_recording(caller: Caller, recording_id: str, command_id: UUID) -> RecordingWritten:
    """Restore a deleted recording."""
    command = commands.RestoreRecording(at=caller.platform.clock())
    return _execute(caller, recording_id, command, command_id)


def _execute(
    caller: Caller, recording_id: str, command: commands.RecordingCommand, command_id: UUID
) -> RecordingWritten:
    authorize_recording(caller, "write", recording_id)

    def execute() -> RecordingProgress:
        return caller.platform.recorder.execute(
            RecordingId(recording_id), command, origin=caller.origin(), command_id=command_id
        )

    return _written(caller, command_id, execute)


def _written(
    caller: Caller, command_id: UUID, execute: Callable[[], RecordingProgress]
) -> RecordingWritten:
    repeated = caller.is_executed(command_id)
    progress = execute()
    return RecordingWritten(progress.id, progress.position, repeated)
