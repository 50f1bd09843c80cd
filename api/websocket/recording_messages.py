"""Messages of the recording WebSocket (R-RPL-01..03)."""

from typing import Annotated, Final, Literal, Self

import numpy as np
from pydantic import Base64Bytes, ConfigDict, Field, TypeAdapter, model_validator

from api.caller import Id, NewId
from api.views.base import Body
from api.views.live import PosedFrame, points
from application.live.chunk import check_chunk
from application.recordings.recorder import FrameBatch, RecordingProgress, Status
from domain.motion.landmarks import PoseChunk
from domain.recordings.names import MAX_DESCRIPTION_LENGTH, MAX_NAME_LENGTH

MAX_FRAMES: Final = 120
"""Per message: four seconds of an ordinary camera."""
MS: Final = 1000.0

Event = Literal["session_created", "status", "recording_finalised"]

STRICT: Final = ConfigDict(extra="forbid", allow_inf_nan=False)


class Start(Body):
    """Start a recording; that of a session in progress has the session's id."""

    model_config = STRICT

    type: Literal["start"]
    name: str = Field(max_length=MAX_NAME_LENGTH)
    description: str = Field("", max_length=MAX_DESCRIPTION_LENGTH)
    aspect_ratio: float = Field(ge=0.1, le=10.0)
    session_id: NewId | None = None
    user_id: NewId | None = None


class Continue(Body):
    """Continue a recording."""

    model_config = STRICT

    type: Literal["continue"]
    id: Id


class RecordedFrame(PosedFrame):
    """A frame with its picture, if any."""

    image: Base64Bytes | None = Field(default=None, description="A JPEG.")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        self.require_whole(self.image)
        return self


class Frames(Body):
    """Consecutive frames; `first` is the number of the first one in the recording, from 0."""

    model_config = STRICT

    type: Literal["frames"]
    first: int = Field(ge=0)
    frames: list[RecordedFrame] = Field(min_length=1, max_length=MAX_FRAMES)

    def filmed(self, aspect_ratio: float) -> FrameBatch:
        """Return the frames. Raises what `application.live.chunk.check_chunk` raises."""
        frames = self.frames
        has_world = any(each.world_landmarks for each in frames)
        chunk = PoseChunk(
            times_s=np.array([each.time_ms / MS for each in frames], np.float64),
            image=points([each.landmarks for each in frames], 4),
            world=points([each.world_landmarks for each in frames], 3) if has_world else None,
            aspect_ratio=aspect_ratio,
        )
        check_chunk(chunk)
        return FrameBatch(self.first, chunk, tuple(each.image for each in frames))


class Control(Body):
    """Pause, resume, stop or query the recording."""

    model_config = STRICT

    type: Literal["pause", "resume", "stop", "status"]


ClientMessage = Annotated[Start | Continue | Frames | Control, Field(discriminator="type")]
CLIENT_MESSAGE: Final = TypeAdapter[Start | Continue | Frames | Control](ClientMessage)


class RecordingStatus(Body):
    """State of a recording. Frames before `frameCount` are stored; clients can drop them."""

    type: Event
    id: str
    status: Status
    frame_count: int
    duration: int = Field(description="Whole seconds since the session began.")
    bytes: int = Field(description="Size in the media store: landmarks, pictures and video.")
    position: int = Field(description="Log position, for `After-Position`.")

    @classmethod
    def of(cls, recording: RecordingProgress, size: int, event: Event) -> "RecordingStatus":
        """Return the state of a recording and the event that it answers."""
        return cls(
            type=event,
            id=recording.id,
            status=recording.status,
            frame_count=recording.frame_count,
            duration=(recording.end_ms + 500) // 1000,
            bytes=size,
            position=recording.position,
        )
