"""JSON bodies of recordings over REST."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.caller import NewId
from api.views.base import Body, PageInfo, StrictTypes
from application.caller import Caller
from domain.recordings.names import MAX_DESCRIPTION_LENGTH, MAX_NAME_LENGTH
from projections.session_recording import SessionRecording as Row

Name = Annotated[str, Field(max_length=MAX_NAME_LENGTH)]
Description = Annotated[str, Field(max_length=MAX_DESCRIPTION_LENGTH)]


class SessionRecording(BaseModel):
    """A recording (R-RPL-07), with the data that a player needs."""

    id: str
    name: str
    description: str
    created_at: datetime
    duration: int
    frame_count: int
    user_id: str
    video_file_path: str | None
    status: Literal["recording", "paused", "completed", "failed", "deleted"]
    session_id: str
    duration_ms: int
    aspect_ratio: float
    video_media_type: str | None
    image_count: int
    video_status: Literal["none", "pending", "ready", "failed"] = Field(
        description="Whether there is a video; while it is pending, the recording can be replayed"
        " without it."
    )
    video_problem: str | None = Field(description="Code of the reason why the video failed.")
    media_removed_at: datetime | None = Field(
        description="When frames, pictures and video were removed for good; null while they are"
        " kept."
    )

    model_config = ConfigDict(from_attributes=True)


def as_seen(caller: Caller, row: Row) -> Row:
    """Return a recording as the caller sees it: without a video if videos are not for them."""
    if caller.sees("film", row.user_id):
        return row
    return replace(
        row, video_status="none", video_problem=None, video_file_path=None, video_media_type=None
    )


class RecordingPage(BaseModel):
    """A page of recordings, in the requested order."""

    items: list[SessionRecording]
    pageInfo: PageInfo  # noqa: N815  every list has it under this name


class SessionFrame(BaseModel):
    """A frame: R-RPL-08. `session_id` names the recording, as that table does."""

    id: int
    session_id: str
    timestamp: float
    frame_number: int
    pose_data: dict[str, list[dict[str, float | None]] | None] | None
    image_path: str | None

    model_config = ConfigDict(from_attributes=True)


class FramePageBody(BaseModel):
    """Consecutive frames of a recording."""

    items: list[SessionFrame]
    pageInfo: PageInfo  # noqa: N815  every list has it under this name


class NewRecording(StrictTypes):
    """A new recording, of an existing session or of a new one."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    name: Name
    description: Description = ""
    aspect_ratio: float = Field(ge=0.1, le=10.0, description="The picture's width over its height.")
    session_id: NewId | None = Field(default=None, description="The recording gets the same id.")
    user_id: NewId | None = Field(default=None, description="Default: the signed-in user.")


class RecordingWords(Body):
    """New name and description; omitted fields keep their value."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    description: Description | None = None


class StorageUsed(Body):
    """Storage used by a user's recordings."""

    recordings: int
    bytes: int = Field(description="Landmarks, pictures and videos in the media store.")
