"""Recordings over REST for their owner: list, rename, delete, restore, complete (R-RPL-13)."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.caller import CurrentCaller, Id
from api.http.cached_lists import CACHED_LIST, CachedListRoute, CurrentListCache
from api.http.conditional_requests import WITH_ETAG, IfMatch
from api.http.pages import page_info
from api.http.recordings import etag_of_words, with_etag
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.read_your_writes import ReadingCaller
from api.views.base import IsoDate
from api.views.recording_commands import (
    delete_recording,
    restore_recording,
    start_recording,
    update_recording,
)
from api.views.recordings import (
    NewRecording,
    RecordingPage,
    RecordingWords,
    SessionRecording,
    StorageUsed,
    as_seen,
)
from application.kernel.pagination import LARGEST_PAGE, PAGE, window
from application.recordings.queries import (
    RecordingConditions,
    Sort,
    current_recording,
    list_recordings,
    storage_used,
    words_of,
)
from application.users.resource_access import authorize_recording
from domain.ids import RecordingId
from domain.personal import text_of
from domain.recordings import commands

router = APIRouter(
    prefix="/v1/recordings",
    tags=["recordings"],
    responses=problem_responses(404, 422, 503),
    route_class=CachedListRoute,
)


@router.get(
    "",
    operation_id="listRecordings",
    summary="Recordings, newest first",
    response_model=RecordingPage,
    responses=CACHED_LIST,
)
async def recordings(
    *,
    cached: CurrentListCache,
    first: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
    after: Annotated[str | None, Query(description="Cursor of this list.")] = None,
    since: Annotated[
        IsoDate | None, Query(description="Recorded on this day or later, UTC.")
    ] = None,
    until: Annotated[IsoDate | None, Query(description="On this day or earlier, UTC.")] = None,
    exercise: Annotated[Id | None, Query(description="Only of sessions with this one.")] = None,
    sort: Annotated[Sort, Query(description="What they are ordered by.")] = "created_at",
    ascending: Annotated[bool, Query(description="Whether the least comes first.")] = False,
) -> Response:
    """List a page; `Link` (RFC 8288) leads to the next one. Deleted recordings are left out."""
    caller = cached.caller

    def build(response: Response) -> RecordingPage:
        conditions = RecordingConditions(since, until, exercise)
        page = list_recordings(
            caller, conditions, window(first, after), sort, descending=not ascending
        )
        info = page_info(
            response, page, "/v1/recordings", first=first, since=since, until=until,
            exercise=exercise, sort=sort, ascending=str(ascending).lower(),
        )  # fmt: skip
        items = [SessionRecording.model_validate(as_seen(caller, edge.row)) for edge in page.edges]
        return RecordingPage(items=items, pageInfo=info)

    return await cached.respond(RecordingPage, build)


@router.post(
    "",
    operation_id="startRecording",
    summary="Start a recording; send its frames by WebSocket",
    status_code=201,
    responses=problem_responses(403, 409),
)
def start(
    caller: CurrentCaller, command_id: CommandId, body: NewRecording, response: Response
) -> SessionRecording:
    """Start a recording; send its frames through `/ws/pose`."""
    recording_id = start_recording(caller, body, command_id).recording_id
    response.headers["Location"] = f"/v1/recordings/{recording_id}"
    return with_etag(caller, current_recording(caller, recording_id), response)


@router.get(
    "/storage", operation_id="getRecordingStorage", summary="Get the storage used by recordings"
)
def storage(caller: ReadingCaller) -> StorageUsed:
    """Return the bytes of the caller's recordings, including deleted ones that can be restored."""
    count, size = storage_used(caller)
    return StorageUsed(recordings=count, bytes=size)


@router.patch(
    "/{recording_id}",
    operation_id="updateRecording",
    summary="Rename or describe a recording",
    responses=WITH_ETAG | problem_responses(412),
)
def describe(
    *,
    recording_id: Id,
    caller: CurrentCaller,
    response: Response,
    command_id: CommandId,
    body: RecordingWords,
    if_match: IfMatch,
) -> SessionRecording:
    """Replace name and description; with `If-Match`, only if they have not changed since."""
    authorize_recording(caller, "write", recording_id)
    expected = if_match.expected(
        caller,
        command_id,
        lambda: words_of(caller, recording_id),
        lambda words: etag_of_words(*map(text_of, words)),
        commands.RecordingChanged,
    )
    update_recording(caller, recording_id, body, command_id, expected)
    return with_etag(caller, current_recording(caller, recording_id), response)


@router.delete(
    "/{recording_id}",
    operation_id="deleteRecording",
    summary="Delete a recording",
    status_code=204,
)
def delete(recording_id: Id, caller: CurrentCaller, command_id: CommandId) -> None:
    """Hide the recording. It can be restored for seven days.

    After that, `kinelog privacy apply-retention` removes its media.
    """
    delete_recording(caller, recording_id, command_id)


@router.post(
    "/{recording_id}:restore",
    operation_id="restoreRecording",
    summary="Restore a deleted recording",
    responses=WITH_ETAG | problem_responses(409),
)
def restore(
    recording_id: Id, caller: CurrentCaller, command_id: CommandId, response: Response
) -> SessionRecording:
    """Restore the recording, within seven days of its deletion."""
    restore_recording(caller, recording_id, command_id)
    return with_etag(caller, current_recording(caller, recording_id), response)


@router.post(
    "/{recording_id}:complete",
    operation_id="completeRecording",
    summary="Complete a recording whose client is gone",
    responses=WITH_ETAG | problem_responses(409),
)
def complete(recording_id: Id, caller: CurrentCaller, response: Response) -> SessionRecording:
    """Complete the recording; its video follows. A video that failed is requested again."""
    authorize_recording(caller, "write", recording_id)
    caller.platform.recorder.stop(RecordingId(recording_id), origin=caller.origin())
    return with_etag(caller, current_recording(caller, recording_id), response)
