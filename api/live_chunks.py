"""Ingestion of live chunks, shared by HTTP, WebSocket and WebRTC (C-01)."""

import time
from dataclasses import replace
from typing import Final

import structlog
from anyio.to_thread import run_sync
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from opentelemetry.trace import SpanKind
from pydantic import ValidationError
from starlette.requests import HTTPConnection

from api.problem_details import (
    MOST_ERRORS,
    STATUS,
    internal_problem,
    problem_response,
    title_of,
    to_response,
    validation_problem,
)
from api.views.live import StreamAnswer, StreamedChunk
from api.websocket.pose_broadcast import PoseBroadcast, pose_message
from application.caller import Caller, checked_id
from application.kernel.metrics import CHUNK_SECONDS
from application.kernel.tracing import attached, span, trace_context
from application.live.chunk import IngestChunk
from application.live.chunk_codec import decode
from application.live.image_analysis import Checked, ImageProblem, drop_images, image_problems
from application.live.replies import with_server_landmarks
from application.live.sequence_guard import SequenceGap
from application.live.worker_transport import ChunkRefused
from application.privacy.consents import ConsentMissing
from application.users.resource_access import authorize_camera, authorize_session
from domain.kernel import Rejected
from domain.motion.exercises.custom import is_custom
from domain.motion.exercises.library import get_exercise

log = structlog.get_logger()

MOST_BYTES: Final = 1024 * 1024
"""Maximum size of a chunk; half a second of landmarks has 70 KB as JSON."""


async def answer_to(connection: HTTPConnection, caller: Caller, message: str | bytes) -> str:
    """Ingest a chunk, compact if it is bytes; return the answer or the problem as JSON.

    Each chunk has a trace of its own, as a connection may last for hours.
    """
    chunk_id = connection.state.correlation_id = caller.platform.new_id()
    with attached(trace_context(chunk_id)):
        return await _answer(connection, replace(caller, correlation_id=chunk_id), message)


async def _answer(connection: HTTPConnection, caller: Caller, message: str | bytes) -> str:
    broadcast: PoseBroadcast = connection.app.state.pose_broadcast
    try:
        content = message if isinstance(message, bytes) else message.encode()
        compact = isinstance(message, bytes)
        with span("chunk", kind=SpanKind.SERVER):
            answer = await take(caller, content, compact=compact, broadcast=broadcast)
    except (Rejected, RequestValidationError) as refusal:
        return bytes(problem_of(connection, refusal).body).decode()
    except Exception:
        log.exception("live.failed", path=connection.url.path)
        return bytes(internal_problem(connection).body).decode()
    return answer.model_dump_json(by_alias=True)


async def take(
    caller: Caller, content: bytes, *, compact: bool, broadcast: PoseBroadcast
) -> StreamAnswer:
    """Ingest the next chunk of a session, compact or JSON, and broadcast its poses.

    Raises Rejected and RequestValidationError.
    """
    began, outcome = time.perf_counter(), "internal"
    try:
        answer = await _ingest(caller, content, compact=compact, broadcast=broadcast)
        outcome = answer.mode
    except Rejected as refusal:
        outcome = refusal.code
        raise
    except RequestValidationError:
        outcome = "request.invalid"
        raise
    finally:
        CHUNK_SECONDS.labels(outcome).observe(time.perf_counter() - began)
    return answer


async def _ingest(
    caller: Caller, content: bytes, *, compact: bool, broadcast: PoseBroadcast
) -> StreamAnswer:
    command = _compact(content, caller) if compact else _from_json(content, caller)
    if not is_custom(command.message.exercise):  # else the session's athlete has to have it
        get_exercise(command.message.exercise)
    withheld: tuple[ImageProblem, ...] = ()
    if caller.claims is not None:
        command, withheld = await run_sync(_permitted, caller, command)
    answer = await caller.platform.live.ingest(command, caller.origin())
    answer = replace(answer, problems=(*withheld, *answer.problems))
    watched = (caller.tenant_id, command.session.session_id)
    if broadcast.is_watched(watched):
        shown = with_server_landmarks(command.message.chunk, answer.result.found)
        broadcast.show(watched, pose_message(command.session.session_id, shown))
    return StreamAnswer.of(command.session, answer)


def _permitted(caller: Caller, command: IngestChunk) -> Checked:
    """Return the part of a chunk that the athlete consents to, and problems of the dropped images.

    Raises as `authorize_camera` does if nothing is left without the images.
    """
    session, message = command.session.session_id, command.message
    if not len(message.chunk) and not command.sensors:
        authorize_session(caller, "write", session)  # no frames: ending a set needs no consent
        return command, ()
    authorize_camera(caller, session, pictures=False)
    if not message.pictures:
        return command, ()
    try:
        authorize_camera(caller, session, pictures=True)
    except ConsentMissing as missing:
        if not message.chunk.has_pose.any():
            raise
        return replace(command, message=drop_images(message)), image_problems(message, missing)
    return command, ()


def problem_of(connection: HTTPConnection, refusal: Rejected | RequestValidationError) -> Response:
    """Return the problem that explains why a chunk was rejected."""
    match refusal:
        case RequestValidationError():
            return validation_problem(connection, refusal)
        case SequenceGap() | ChunkRefused():
            return problem_response(
                connection,
                STATUS[refusal.kind],
                code=refusal.code,
                title=title_of(type(refusal)),
                detail=refusal.detail,
                members={"expectedSequence": refusal.expected},
            )
        case _:
            return to_response(connection, refusal)


def _compact(content: bytes, caller: Caller) -> IngestChunk:
    command = decode(content, caller.tenant_id)
    checked_id(command.session.session_id)
    return command


def _from_json(content: bytes, caller: Caller) -> IngestChunk:
    try:
        chunk = StreamedChunk.model_validate_json(content)
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False, include_context=False, include_input=False)
        field_errors = [{**error, "loc": ("body", *error["loc"])} for error in errors[:MOST_ERRORS]]
        raise RequestValidationError(field_errors) from invalid
    return chunk.command(caller.tenant_id)
