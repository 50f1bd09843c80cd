"""Start of a recording, for all transports."""

from typing import Final
from uuid import UUID, uuid5

from application.caller import Caller
from application.recordings.recorder import RecordingProgress
from application.users.resource_access import athlete_of, require_consent
from domain.ids import RecordingId, SessionId
from domain.recordings.commands import StartRecording
from domain.sessions.commands import SessionNotFound

ATHLETE: Final = "athlete"
"""User of a recording if sign-in is not required and no user is named."""


def start_recording(
    caller: Caller,
    command_id: UUID,
    *,
    name: str,
    description: str,
    aspect_ratio: float,
    session_id: str | None,
    user_id: str | None,
) -> RecordingProgress:
    """Start a recording, of an existing session with its id, or of none.

    Raises SessionNotFound, Forbidden, ConsentMissing, RecordingAlreadyStarted.
    """
    owner = None
    if session_id is not None:
        owner = caller.platform.owners.of_session(caller.tenant_id, SessionId(session_id))
        if owner is None or not caller.is_allowed("write", "session", owner):
            raise SessionNotFound
        deleted = caller.platform.sessions.is_deleted(caller.tenant_id, SessionId(session_id))
        if deleted and not caller.is_executed(command_id):
            raise SessionNotFound
    recording_id = session_id or str(uuid5(command_id, "recording"))
    user = owner or athlete_of(caller, user_id, ATHLETE)
    require_consent(caller, user, "camera_processing")
    require_consent(caller, user, "movement_recording")
    command = StartRecording(
        user_id=user,
        session_id=SessionId(recording_id),
        name=name,
        description=description,
        aspect_ratio=aspect_ratio,
        at=caller.platform.clock(),
    )
    recorder, origin = caller.platform.recorder, caller.origin()
    return recorder.execute(
        RecordingId(recording_id), command, origin=origin, command_id=command_id
    )
