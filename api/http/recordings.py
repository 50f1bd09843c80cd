"""Recordings over REST, with the literal fields of the tables they replace (R-RPL-07, R-RPL-08)."""

from datetime import datetime
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, Response
from pydantic import BaseModel, ConfigDict

from api.callers import Caller, Id
from api.frames import FRAMES, MOST_FRAMES, cursor, frame_page
from api.freshness import ReadingCaller
from api.http.body import PageInfo
from api.problems import documented
from domain.kernel import Rejected
from projections.recording_chunk import RECORDING_CHUNK
from projections.session_recording import SESSION_RECORDING
from projections.session_recording import SessionRecording as SessionRecordingRow

router = APIRouter(
    prefix="/v1/recordings", tags=["recordings"], responses=documented(404, 422, 503)
)

A_YEAR_S: Final = 365 * 24 * 3600


class RecordingUnknown(Rejected):
    """There is no recording under this id."""

    code = "recording.unknown"
    kind = "not_found"


class VideoNotKept(Rejected):
    """This recording has landmarks, and no film."""

    code = "recording.no_video"
    kind = "not_found"


class SessionRecording(BaseModel):
    """A recording: R-RPL-07, and what a player needs beside it."""

    id: str
    name: str
    description: str
    created_at: datetime
    duration: int
    frame_count: int
    user_id: str
    video_file_path: str | None
    status: Literal["recording", "completed"]
    session_id: str
    duration_ms: int
    aspect_ratio: float
    video_media_type: str | None

    model_config = ConfigDict(from_attributes=True)


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


@router.get("/{recording_id}", operation_id="recording", summary="One recording")
def recording(recording_id: Id, caller: ReadingCaller) -> SessionRecording:
    """Tell a recording."""
    return SessionRecording.model_validate(_known(caller, recording_id))


@router.get("/{recording_id}/frames", operation_id="recordingFrames", summary="Recorded landmarks")
def frames(
    recording_id: Id,
    caller: ReadingCaller,
    first: Annotated[int, Query(ge=1, le=MOST_FRAMES)] = FRAMES,
    after: Annotated[str | None, Query(description="A cursor of this list.")] = None,
) -> FramePageBody:
    """List frames in order."""
    row = _known(caller, recording_id)
    platform, tenant = caller.platform, caller.tenant_id
    chunks = platform.read.by(RECORDING_CHUNK, tenant, "recording_id", [row.id])[row.id]
    page = frame_page(platform.archive, tenant, chunks, first=first, after=after)
    return FramePageBody(
        items=[SessionFrame.model_validate(frame) for frame in page.frames],
        pageInfo=PageInfo(
            has_next_page=page.has_next,
            has_previous_page=page.has_previous,
            start_cursor=cursor(page.frames[0]) if page.frames else None,
            end_cursor=cursor(page.frames[-1]) if page.frames else None,
        ),
    )


@router.get(
    "/{recording_id}/video",
    operation_id="recordingVideo",
    summary="The film",
    response_class=FileResponse,
    responses={
        200: {"content": {"video/*": {"schema": {"type": "string", "format": "binary"}}}},
        206: {"description": "The part asked for by `Range`."},
        304: {"description": "The client has it already."},
        416: {"description": "The film has no such part."},
    },
)
def video(recording_id: Id, request: Request, caller: ReadingCaller) -> Response:
    """Give the film, or a part of it. Content has its digest for a name and never changes."""
    row = _known(caller, recording_id)
    if row.video_file_path is None:
        raise VideoNotKept
    etag = f'"{row.video_file_path}"'
    headers = {"ETag": etag, "Cache-Control": f"private, max-age={A_YEAR_S}, immutable"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    path = caller.platform.media.path(caller.tenant_id, row.video_file_path)
    return FileResponse(path, headers=headers, media_type=row.video_media_type)


def _known(caller: Caller, recording_id: str) -> SessionRecordingRow:
    row = caller.platform.read.get(SESSION_RECORDING, caller.tenant_id, recording_id)
    if row is None or not caller.sees("recording", row.user_id):
        raise RecordingUnknown
    return row
