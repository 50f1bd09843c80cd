"""Recordings over REST for their owner: list, rename, delete, restore, complete (R-RPL-13)."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Response

from api.caller import CurrentCaller, Id
from api.http.conditional_requests import WITH_ETAG, IfMatch
from api.http.idempotency import CommandId
from api.http.recordings import etag_of_words, with_etag
from api.problem_details import problem_responses
from api.read_your_writes import ReadingCaller
from api.views.base import PageInfo
from api.views.recordings import (
    NewRecording,
    RecordingPage,
    RecordingWords,
    SessionRecording,
    StorageUsed,
)
from application.caller import Caller
from application.kernel.pagination import LARGEST_PAGE, PAGE, window
from application.kernel.read_models import Between, Condition, InSubquery, Where, Window
from application.recordings.start import FILMS, start_recording
from application.users.resource_access import authorize_recording
from domain.ids import RecordingId
from domain.personal import text_of
from domain.recordings import commands
from domain.recordings.recording import RECORDING, existing
from projections.exercise_set import EXERCISE_SET
from projections.session_recording import SESSION_RECORDING, VISIBLE_STATES
from projections.session_recording import SessionRecording as Row

router = APIRouter(
    prefix="/v1/recordings", tags=["recordings"], responses=problem_responses(404, 422, 503)
)

UTC: Final = ZoneInfo("UTC")
ALL_AT_ONCE: Final = 500

Sort = Literal["created_at", "name", "duration"]


@router.get(
    "",
    operation_id="listRecordings",
    summary="Recordings, newest first",
    responses={200: {"headers": {"Link": {"schema": {"type": "string"}}}}},
)
def recordings(
    *,
    caller: ReadingCaller,
    response: Response,
    first: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
    after: Annotated[str | None, Query(description="Cursor of this list.")] = None,
    since: Annotated[date | None, Query(description="Recorded on this day or later, UTC.")] = None,
    until: Annotated[date | None, Query(description="On this day or earlier, UTC.")] = None,
    exercise: Annotated[Id | None, Query(description="Only of sessions with this one.")] = None,
    sort: Annotated[Sort, Query(description="What they are ordered by.")] = "created_at",
    ascending: Annotated[bool, Query(description="Whether the least comes first.")] = False,
) -> RecordingPage:
    """List a page; `Link` (RFC 8288) leads to the next one. Deleted recordings are left out."""
    page = caller.platform.read.page(
        SESSION_RECORDING,
        caller.tenant_id,
        window=window(first, after),
        where=_where(caller, since, until, exercise),
        order_by=sort,
        descending=not ascending,
    )
    for owner in {edge.row.user_id for edge in page.edges}:
        caller.sees("recording", owner)  # access to another user's is audited
    info = PageInfo(
        has_next_page=page.has_next,
        has_previous_page=page.has_previous,
        start_cursor=page.edges[0].cursor if page.edges else None,
        end_cursor=page.edges[-1].cursor if page.edges else None,
    )
    if info.has_next_page:
        parameters: dict[str, Any] = {
            "first": first, "after": info.end_cursor, "since": since, "until": until,
            "exercise": exercise, "sort": sort, "ascending": str(ascending).lower(),
        }  # fmt: skip
        query = urlencode({name: each for name, each in parameters.items() if each is not None})
        response.headers["Link"] = f'</v1/recordings?{query}>; rel="next"'
    items = [SessionRecording.model_validate(edge.row) for edge in page.edges]
    return RecordingPage(items=items, pageInfo=info)


def _where(caller: Caller, since: date | None, until: date | None, exercise: str | None) -> Where:
    conditions: dict[str, Condition] = {"status": VISIBLE_STATES}
    alone = caller.alone_with("recording")
    if alone is not None:
        conditions["user_id"] = alone
    if since is not None or until is not None:
        after_it = None if until is None else until + timedelta(days=1)
        conditions["created_at"] = Between(_midnight(since), _midnight(after_it))
    if exercise is not None:
        performed: Where = {"exercise_id": exercise}
        conditions["session_id"] = InSubquery(EXERCISE_SET, "session_id", performed)
    return conditions


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), UTC)


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
    recording = start_recording(caller, command_id, **dict(body))
    response.headers["Location"] = f"/v1/recordings/{recording.id}"
    return with_etag(_now(caller, recording.id), response)


@router.get(
    "/storage", operation_id="getRecordingStorage", summary="Get the storage used by recordings"
)
def storage(caller: ReadingCaller) -> StorageUsed:
    """Return the bytes of the caller's recordings, including deleted ones that can be restored."""
    who = None if caller.claims is None else caller.claims.user_id
    where: Where = {} if who is None else {"user_id": who}
    read, after, count, total = caller.platform.read, None, 0, 0
    while True:
        part = Window(first=ALL_AT_ONCE, after=after)
        page = read.page(SESSION_RECORDING, caller.tenant_id, window=part, where=where)
        for edge in page.edges:
            total += caller.platform.recorder.size(caller.tenant_id, edge.row.id)
            count += edge.row.status != "deleted"
        if not page.has_next:
            return StorageUsed(recordings=count, bytes=total)
        after = page.edges[-1].cursor


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
        lambda: _words(caller, recording_id),
        lambda words: etag_of_words(*map(text_of, words)),
        commands.RecordingChanged,
    )
    command = commands.DescribeRecording(
        name=body.name, description=body.description, expected=expected
    )
    _execute(caller, recording_id, command, command_id)
    return with_etag(_now(caller, recording_id), response)


@router.delete(
    "/{recording_id}",
    operation_id="deleteRecording",
    summary="Delete a recording; it can be restored for seven days",
    status_code=204,
)
def delete(recording_id: Id, caller: CurrentCaller, command_id: CommandId) -> None:
    """Hide the recording. `kinelog privacy apply-retention` removes its media after seven days."""
    authorize_recording(caller, "write", recording_id)
    deleting = commands.DeleteRecording(at=caller.platform.clock())
    _execute(caller, recording_id, deleting, command_id)


@router.post(
    "/{recording_id}:restore",
    operation_id="restoreRecording",
    summary="Bring a deleted recording back",
    responses=WITH_ETAG | problem_responses(409),
)
def restore(
    recording_id: Id, caller: CurrentCaller, command_id: CommandId, response: Response
) -> SessionRecording:
    """Restore the recording."""
    authorize_recording(caller, "write", recording_id)
    restoring = commands.RestoreRecording(at=caller.platform.clock())
    _execute(caller, recording_id, restoring, command_id)
    return with_etag(_now(caller, recording_id), response)


@router.post(
    "/{recording_id}:complete",
    operation_id="completeRecording",
    summary="Finalise a recording whose client does not come back",
    responses=WITH_ETAG | problem_responses(409),
)
async def complete(recording_id: Id, caller: CurrentCaller, response: Response) -> SessionRecording:
    """Encode the video from its images, and complete the recording."""

    def done() -> Row:
        authorize_recording(caller, "write", recording_id)
        caller.platform.recorder.stop(RecordingId(recording_id), origin=caller.origin())
        return _now(caller, recording_id)

    return with_etag(await run_sync(done, limiter=FILMS), response)


def _execute(
    caller: Caller, recording_id: str, command: commands.RecordingCommand, command_id: UUID
) -> None:
    caller.platform.recorder.execute(
        RecordingId(recording_id), command, origin=caller.origin(), command_id=command_id
    )


def _words(caller: Caller, recording_id: str) -> commands.Words:
    recorder = caller.platform.recorder
    return existing(recorder.get_progress(caller.tenant_id, RecordingId(recording_id)).state).words


def _now(caller: Caller, recording_id: str) -> Row:
    """Return the row as of the log, which includes the last write at once."""
    row: Row | None = None
    for recorded in caller.platform.log.load(
        caller.tenant_id, f"{RECORDING.category}-{recording_id}"
    ):
        row = SESSION_RECORDING.evolve(row, recorded)
    if row is None:
        raise commands.RecordingNotFound
    return row
