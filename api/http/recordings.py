"""Recordings over REST, with the literal field names of R-RPL-07 and R-RPL-08."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response, StreamingResponse

from api.caller import Id
from api.http.byte_ranges import StoredFile
from api.http.conditional_requests import WITH_ETAG, etag_of
from api.problem_details import problem_responses
from api.read_your_writes import ReadingCaller
from api.share_link_auth import SHAREABLE_ROUTES
from api.views.base import PageInfo
from api.views.recordings import FramePageBody, SessionFrame, SessionRecording, as_seen
from application.caller import Caller
from application.kernel.ports import MediaMissing
from application.recordings.frame_pages import FRAMES, MOST_FRAMES, cursor, frame_page
from application.recordings.queries import require_kept, sees_recording
from domain.kernel import Rejected
from domain.recordings.commands import RecordingNotFound
from projections.recording_chunk import RECORDING_CHUNK
from projections.session_recording import SESSION_RECORDING
from projections.session_recording import SessionRecording as SessionRecordingRow

router = APIRouter(
    prefix="/v1/recordings", tags=["recordings"], responses=problem_responses(404, 422, 503)
)

JPEG: Final = "image/jpeg"
BEGINS_AS_JPEG: Final = b"\xff\xd8"

NO_STORE: Final = {"Cache-Control": "private, no-store"}
"""Videos and images show a person: no copy stays on a device after the sign-in."""


class VideoNotKept(Rejected):
    """This recording has landmarks, but no video."""

    code = "recording.no_video"
    kind = "not_found"


@router.get(
    "/{recording_id}",
    operation_id="getRecording",
    summary="One recording",
    responses=WITH_ETAG,
    dependencies=[SHAREABLE_ROUTES],
)
def recording(recording_id: Id, caller: ReadingCaller, response: Response) -> SessionRecording:
    """Return a recording."""
    return with_etag(caller, visible_recording(caller, recording_id), response)


@router.get(
    "/{recording_id}/frames",
    operation_id="getRecordingFrames",
    summary="Get the landmarks of a recording",
)
def frames(
    recording_id: Id,
    caller: ReadingCaller,
    first: Annotated[int, Query(ge=1, le=MOST_FRAMES)] = FRAMES,
    after: Annotated[str | None, Query(description="Cursor of this list.")] = None,
) -> FramePageBody:
    """List frames in order."""
    row = visible_recording(caller, recording_id)
    require_kept(row)
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
    operation_id="getRecordingVideo",
    summary="The video",
    dependencies=[SHAREABLE_ROUTES],
    response_class=StreamingResponse,
    responses={
        200: {"content": {"video/*": {"schema": {"type": "string", "format": "binary"}}}},
        206: {"description": "The part requested by `Range`."},
        304: {"description": "The client has it already."},
        416: {"description": "The video has no such part."},
    },
)
def video(recording_id: Id, request: Request, caller: ReadingCaller) -> Response:
    """Return the video or a range of it."""
    row = visible_recording(caller, recording_id)
    _require_video(caller, row)
    require_kept(row)
    if row.video_file_path is None:
        raise VideoNotKept
    etag = f'"{row.video_file_path}"'
    headers = {"ETag": etag, **NO_STORE}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    media, kind = caller.platform.media, row.video_media_type
    stored = StoredFile(media, caller.tenant_id, row.session_id, row.video_file_path, headers, kind)
    is_same = request.headers.get("if-range", etag) == etag
    return stored.to_response(request.headers.get("range", "") if is_same else "")


@router.get(
    "/{recording_id}/images/{digest}",
    operation_id="getRecordingImage",
    summary="The picture of a frame",
    response_class=Response,
    responses={
        200: {"content": {JPEG: {"schema": {"type": "string", "format": "binary"}}}},
    },
)
def image(
    recording_id: Id,
    digest: Annotated[str, Path(description="A frame's `image_path`.", max_length=64)],
    caller: ReadingCaller,
) -> Response:
    """Return an image."""
    row = visible_recording(caller, recording_id)
    _require_video(caller, row)
    require_kept(row)
    content = caller.platform.media.get(caller.tenant_id, digest, prefix=row.id)
    if not content.startswith(BEGINS_AS_JPEG):
        raise MediaMissing  # landmarks are stored there, too
    return Response(content, headers=NO_STORE, media_type=JPEG)


def _require_video(caller: Caller, row: SessionRecordingRow) -> None:
    """Raise RecordingNotFound unless the caller sees videos of the athlete, beside landmarks."""
    if not caller.sees("film", row.user_id):
        raise RecordingNotFound


def visible_recording(caller: Caller, recording_id: str) -> SessionRecordingRow:
    """Return the row of a recording. Raises RecordingNotFound if it is not visible or deleted."""
    row = caller.platform.read.get(SESSION_RECORDING, caller.tenant_id, recording_id)
    if row is None or not sees_recording(caller, row):
        raise RecordingNotFound
    return row


def with_etag(caller: Caller, row: SessionRecordingRow, response: Response) -> SessionRecording:
    """Return a recording as the caller sees it, with the `ETag` for a change of its name."""
    response.headers["ETag"] = etag_of_words(row.name, row.description)
    return SessionRecording.model_validate(as_seen(caller, row))


def etag_of_words(name: str, description: str) -> str:
    """Return the `ETag` of a recording's name and description."""
    return etag_of(repr((name, description)))
