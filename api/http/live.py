"""Frames of live sessions over HTTP, sent every half second (R-LIV-03)."""

from collections.abc import Callable, Coroutine
from typing import Any, Final, cast

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from api.caller import CurrentCaller, find_usual_caller
from api.live_chunks import problem_of, take
from api.problem_details import problem_responses
from api.views.live import StreamAnswer, StreamedChunk
from application.live.chunk_codec import MEDIA_TYPE as COMPACT
from application.live.sequence_guard import SequenceGap
from application.live.worker_transport import ChunkRefused

JSON: Final = "application/json"


class ChunkRoute(APIRoute):
    """Route whose usual requests skip FastAPI's dependencies, a fifth of the time of a chunk.

    These are compact chunks that name no tenant, so that FastAPI has nothing to validate.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_chunk(request: Request) -> Response:
            caller = find_usual_caller(request) if _media_type(request) == COMPACT else None
            if caller is None:
                return await handle(request)
            answer = await stream(caller, request)
            if isinstance(answer, Response):
                return answer
            return Response(answer.model_dump_json(by_alias=True), media_type=JSON)

        return handle_chunk


router = APIRouter(
    tags=["live"],
    responses=problem_responses(403, 404, 409, 413, 415, 422, 429, 503),
    route_class=ChunkRoute,
)


def _without_references(schema: dict[str, Any]) -> dict[str, Any]:
    """Inline the definitions of a schema: references into a request body cannot be resolved."""
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
    summary="Send frames of a live session",
    openapi_extra=BODY,
    response_model=StreamAnswer,
)
@router.post(
    "/workouts/streaming",
    operation_id="streamFramesLegacy",
    summary="Legacy path of /v1/workouts/streaming",
    openapi_extra=BODY,
    response_model=StreamAnswer,
)
async def stream(caller: CurrentCaller, request: Request) -> StreamAnswer | Response:
    """Ingest the next chunk of a session.

    A retried chunk changes nothing. A chunk out of order is rejected with `expectedSequence`. Send
    again, in order, all chunks that `seqAck` does not acknowledge.
    """
    kind = _media_type(request)
    if kind not in {JSON, COMPACT}:
        raise HTTPException(415, f"Frames are sent as {JSON} or {COMPACT}.")
    try:
        content, broadcast = await request.body(), request.app.state.pose_broadcast
        return await take(caller, content, compact=kind == COMPACT, broadcast=broadcast)
    except (SequenceGap, ChunkRefused) as refusal:
        return problem_of(request, refusal)


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()
