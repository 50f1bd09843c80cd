"""A session is recorded by WebSocket while it goes, and others watch it (R-RPL-11, R-LIV-17)."""

import asyncio
import json
from contextlib import aclosing
from typing import Any, Final

import structlog
from anyio import CancelScope
from anyio.to_thread import run_sync
from fastapi import APIRouter
from pydantic import ValidationError
from starlette.websockets import WebSocket

from api.caller import Caller
from api.ownership import authorize_recording, require_consent
from api.problem_details import STATUS, internal_problem, problem_response, title_of
from api.recordings import FILMS, start_recording
from api.websocket.close_codes import problem_of, require_keepable
from api.websocket.connection import RESTARTS, Closed, Connection, serve_connection
from api.websocket.pose_broadcast import PoseBroadcast, Watched, pose_message
from api.websocket.recording_messages import SAID, Continue, Event, Frames, Standing, Start, Word
from application.live.chunk import TimesNotIncreasing
from application.recordings.recorder import FrameBatch, FramesLeftOut, RecordingProgress
from application.sessions.history import SessionNotFound
from domain.ids import RecordingId, SessionId
from domain.kernel import Rejected
from domain.recordings import commands

MOST_BYTES: Final = 2 * 1024 * 1024
"""Of one message: some frames with their pictures."""
CHUNK_S: Final = 0.4
"""Frames that come one by one are kept together once they last for so long."""
FRESH_S: Final = 0.5
"""Nothing is taken on the word of a look at somebody's rights that is older than this."""
LOOK_S: Final = 3.0
"""So often a viewer's rights are looked at."""

router = APIRouter()

log = structlog.get_logger()


class NothingRecorded(Rejected):
    """A recording is started, or gone on with, before anything else is said of it."""

    code = "recording.not_begun"


@router.websocket("/ws/pose")
async def pose(socket: WebSocket) -> None:
    """Record a session; with `watch`, follow the poses of one that goes on."""
    watched = socket.query_params.get("watch")
    if watched is None:
        await serve_connection(socket, lambda connection: _Recording(connection).run())
    else:
        await serve_connection(socket, lambda connection: _watch(connection, watched))


class _Recording:
    """One conversation. `kept` is the recording it is about, `waiting` what is not kept yet."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._caller = connection.caller
        self._looked_at = float("-inf")
        self._recorder = connection.caller.platform.recorder
        self._kept: RecordingProgress | None = None
        self._bytes = 0
        self._waiting: FrameBatch | None = None

    async def run(self) -> None:
        """Answer each message, and keep what waits at the end, however that comes."""
        try:
            async with aclosing(self._connection.messages(MOST_BYTES)) as messages:
                async for message in messages:
                    await self._look()
                    await self._connection.say(await self._answer(message))
        finally:
            with CancelScope(shield=True):  # also where the server ends meanwhile
                await self._keep_the_rest()

    async def _look(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._looked_at > FRESH_S:
            self._caller = await run_sync(self._connection.now)
            self._looked_at = now

    async def _keep_the_rest(self) -> None:
        try:
            await run_sync(self._flush)
        except Rejected as refusal:
            log.warning("recording.not_kept", code=refusal.code)

    async def _answer(self, message: str | bytes) -> str:
        try:
            require_keepable(message)
            said = SAID.validate_json(message)
            limiter = FILMS if isinstance(said, Word) and said.type == "stop" else None
            event = await run_sync(self._do, said, limiter=limiter)
            if isinstance(said, Frames):
                self._show(said)
        except (Rejected, ValidationError) as refusal:
            return _problem(self._connection.socket, refusal)
        except Exception:
            log.exception("socket.failed", path=self._connection.socket.url.path)
            return _wrapped(json.loads(bytes(internal_problem(self._connection.socket).body)))
        return Standing.of(self._begun(), self._bytes, event).model_dump_json(by_alias=True)

    def _do(self, said: Start | Continue | Frames | Word) -> Event:
        match said:
            case Start():
                return self._start(said)
            case Continue():
                authorize_recording(self._caller, "write", said.id)
                self._waiting = None
                self._stands(self._recorder.kept(self._caller.tenant_id, RecordingId(said.id)))
                return "session_created"
            case Frames():
                self._add(said.filmed(self._begun().aspect_ratio))
                return "status"
            case Word():
                return self._word(said)

    def _start(self, said: Start) -> Event:
        kept = start_recording(
            self._caller,
            self._recorder.new_id(),
            name=said.name,
            description=said.description,
            aspect_ratio=said.aspect_ratio,
            session_id=said.session_id,
            user_id=said.user_id,
        )
        self._waiting = None
        self._stands(kept)
        return "session_created"

    def _word(self, said: Word) -> Event:
        self._flush()
        kept, origin, now = self._begun(), self._caller.origin(), self._recorder.clock()
        match said.type:
            case "pause":
                asked = [commands.PauseRecording(at=now)]
                self._kept = self._recorder.ask(kept.id, asked, origin=origin)
            case "resume":
                resumed = [commands.ResumeRecording(at=now)]
                self._kept = self._recorder.ask(kept.id, resumed, origin=origin)
            case "stop":
                self._stands(self._recorder.stop(kept.id, origin=origin))
                return "recording_finalised"
            case "status":
                self._stands(self._recorder.kept(self._caller.tenant_id, kept.id))
        return "status"

    def _add(self, filmed: FrameBatch) -> None:
        """Check frames, and keep them with those that wait as soon as all last long enough."""
        self._recorder.check(filmed)
        self._require_consent(filmed)
        kept, waiting = self._begun(), self._waiting
        if waiting is None or filmed.first != waiting.first + len(waiting.chunk):
            self._flush()
            if filmed.first > self._begun().frame_count:
                raise FramesLeftOut(self._begun().frame_count)
            self._waiting = filmed
        else:
            if filmed.chunk.times_s[0] <= waiting.chunk.times_s[-1]:
                raise TimesNotIncreasing
            self._waiting = waiting.followed_by(filmed)
        if kept.status != "recording":
            self._flush()  # which says why nothing can be kept
        times = self._waiting.chunk.times_s
        if times[-1] - times[0] >= CHUNK_S:
            self._flush()

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is None:
            return
        origin = self._caller.origin()
        self._kept, added = self._recorder.append(self._begun(), waiting, origin=origin)
        self._bytes += added

    def _require_consent(self, filmed: FrameBatch) -> None:
        whose = self._begun().user_id
        require_consent(self._caller, whose, "camera_processing")
        if any(filmed.pictures):
            require_consent(self._caller, whose, "images_leave_device")

    def _show(self, said: Frames) -> None:
        broadcast: PoseBroadcast = self._connection.socket.app.state.broadcast
        kept = self._begun()
        watched = (self._caller.tenant_id, kept.id)
        if broadcast.is_watched(watched):
            broadcast.show(watched, pose_message(kept.id, said.filmed(kept.aspect_ratio).chunk))

    def _stands(self, kept: RecordingProgress) -> None:
        self._kept = kept
        self._bytes = self._recorder.size(self._caller.tenant_id, kept.id)

    def _begun(self) -> RecordingProgress:
        if self._kept is None:
            raise NothingRecorded
        return self._kept


def _problem(socket: WebSocket, refusal: Rejected | ValidationError) -> str:
    match refusal:
        case FramesLeftOut():
            answer = problem_response(
                socket,
                STATUS[refusal.kind],
                code=refusal.code,
                title=title_of(FramesLeftOut),
                detail=refusal.detail,
                members={"expectedFrame": refusal.expected},
            )
            return _wrapped(json.loads(bytes(answer.body)))
        case _:
            return _wrapped(problem_of(socket, refusal))


def _wrapped(problem: Any) -> str:
    return json.dumps({"type": "problem", "problem": problem})


async def _watch(connection: Connection, named: str) -> None:
    """Tell the poses of a session, or recording, until the viewer leaves or may not any more."""
    watched: Watched = (connection.caller.tenant_id, named)
    await run_sync(_require_visible, connection, named)
    socket, loop = connection.socket, asyncio.get_running_loop()
    broadcast: PoseBroadcast = socket.app.state.broadcast
    looked_at = loop.time()
    with broadcast.subscribe(watched) as queue:
        await connection.say(json.dumps({"type": "watching", "id": named}))
        leaving = asyncio.ensure_future(socket.receive())
        showing = asyncio.ensure_future(queue.get())
        try:
            while not leaving.done():
                await asyncio.wait(
                    {leaving, showing}, timeout=FRESH_S, return_when=asyncio.FIRST_COMPLETED
                )
                if socket.app.state.readiness.is_ending:
                    raise Closed(RESTARTS, "This server is about to end: come again.")
                if loop.time() - looked_at > LOOK_S:
                    await run_sync(_require_visible, connection, named)
                    looked_at = loop.time()
                if showing.done():
                    await connection.say(showing.result())
                    showing = asyncio.ensure_future(queue.get())
        finally:
            leaving.cancel()
            showing.cancel()


def _require_visible(connection: Connection, named: str) -> None:
    """Raise SessionNotFound for what is not there for them, or not any more."""
    caller: Caller = connection.now()
    owners = caller.platform.owners
    session = owners.of_session(caller.tenant_id, SessionId(named))
    recorded = session or owners.of_recording(caller.tenant_id, RecordingId(named))
    if recorded is None or not caller.sees("recording" if session is None else "session", recorded):
        raise SessionNotFound
