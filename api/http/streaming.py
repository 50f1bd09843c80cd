"""Frames of live sessions over HTTP: every half second all those since the last (R-LIV-03)."""

from typing import Any, Final, cast

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from api.callers import AnyCaller, Caller, checked_id
from api.http.streaming_bodies import StreamAnswer, StreamedChunk
from api.ownership import require_session
from api.problems import STATUS, documented, respond, title_of
from application.live_format import MEDIA_TYPE as COMPACT
from application.live_format import decode
from application.live_frames import IngestFrames
from application.live_gate import SequenceGap
from application.live_relaying import ChunkRefused
from domain.motion.catalogue import exercise

JSON: Final = "application/json"
MOST_ERRORS: Final = 20
"""Of a body in which every landmark is wrong, this many are told."""

router = APIRouter(tags=["live"], responses=documented(404, 409, 413, 415, 422, 503))


def _without_references(schema: dict[str, Any]) -> dict[str, Any]:
    """Put definitions where they are used: those of a body cannot be reached from elsewhere."""
    definitions: dict[str, Any] = schema.pop("$defs", {})

    def resolved(part: Any) -> Any:
        match part:
            case {"$ref": str(name)}:
                return resolved(definitions[name.rpartition("/")[2]])
            case dict():
                entries = cast("dict[str, Any]", part)
                return {name: resolved(each) for name, each in entries.items()}
            case list():
                return [resolved(each) for each in part]  # pyright: ignore[reportUnknownVariableType]  # of JSON
            case _:
                return part

    return cast("dict[str, Any]", resolved(schema))


BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {
            JSON: {"schema": _without_references(StreamedChunk.model_json_schema(by_alias=True))},
            COMPACT: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


@router.post(
    "/v1/workouts/streaming",
    operation_id="streamFrames",
    summary="Take frames of a live session, and tell how it goes",
    openapi_extra=BODY,
    response_model=StreamAnswer,
)
@router.post(
    "/workouts/streaming",
    operation_id="streamFramesByItsFirstName",
    summary="The same as /v1/workouts/streaming, at the path it had first",
    openapi_extra=BODY,
    response_model=StreamAnswer,
)
async def stream(caller: AnyCaller, request: Request) -> StreamAnswer | Response:
    """Take the next chunk of a session.

    A chunk that was taken before changes nothing. One that is not the next is refused with
    `expectedSequence`. Send again what is not acknowledged by `seqAck`, in order.
    """
    command = await _command(caller, request)
    exercise(command.message.exercise)
    if caller.claims is not None:
        await run_sync(require_session, caller, "write", command.session.session_id)
    try:
        answer = await caller.platform.live.ingest(command, caller.origin())
    except (SequenceGap, ChunkRefused) as refusal:
        return _expected(request, refusal)
    return StreamAnswer.of(command.session, answer)


async def _command(caller: Caller, request: Request) -> IngestFrames:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in {JSON, COMPACT}:
        raise HTTPException(415, f"Frames are sent as {JSON} or {COMPACT}.")
    content = await request.body()
    if kind == COMPACT:
        command = decode(content, caller.tenant_id)
        checked_id(command.session.session_id)
        return command
    try:
        chunk = StreamedChunk.model_validate_json(content)
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False, include_context=False, include_input=False)
        told = [{**error, "loc": ("body", *error["loc"])} for error in errors[:MOST_ERRORS]]
        raise RequestValidationError(told) from invalid
    return chunk.command(caller.tenant_id)


def _expected(request: Request, refusal: SequenceGap | ChunkRefused) -> Response:
    return respond(
        request,
        STATUS[refusal.kind],
        code=refusal.code,
        title=title_of(type(refusal)),
        detail=refusal.detail,
        members={"expectedSequence": refusal.expected},
    )
