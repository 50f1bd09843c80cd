"""A recording is begun alike, whatever door that is asked through."""

from typing import Final
from uuid import UUID, uuid5

from anyio import CapacityLimiter

from api.caller import Caller
from api.ownership import athlete_of, require_consent
from application.recordings.recorder import RecordingProgress
from domain.ids import RecordingId, SessionId
from domain.recordings.commands import StartRecording
from domain.sessions.commands import SessionNotFound

ATHLETE: Final = "athlete"
"""Who is recorded where nobody signs in and nobody is named."""

FILMS: Final = CapacityLimiter(1)
"""One film is made at a time: the processors are for those who train."""


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
    """Begin to record: a session that there is, which its recording is named by, or nothing else.

    Raises SessionNotFound, Forbidden, ConsentMissing, RecordingAlreadyStarted.
    """
    owner = None
    if session_id is not None:
        owner = caller.platform.owners.of_session(caller.tenant_id, SessionId(session_id))
        if owner is None or not caller.is_allowed("write", "session", owner):
            raise SessionNotFound
    its_id = session_id or str(uuid5(command_id, "recording"))
    whose = owner or athlete_of(caller, user_id, ATHLETE)
    require_consent(caller, whose, "camera_processing")
    asked = StartRecording(
        user_id=whose,
        session_id=SessionId(its_id),
        name=name,
        description=description,
        aspect_ratio=aspect_ratio,
        at=caller.platform.clock(),
    )
    recorder, origin = caller.platform.recorder, caller.origin()
    return recorder.execute(RecordingId(its_id), [asked], origin=origin, command_id=command_id)
