"""Socket of live poses: it records a session, or shows its poses to a viewer (R-RPL-11)."""

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

from api.problem_details import STATUS, internal_problem, problem_response, title_of
from api.websocket.close_codes import problem_of, require_storable
from api.websocket.connection import SERVICE_RESTART, Closed, Connection, serve_connection
from api.websocket.pose_broadcast import PoseBroadcast, pose_message
from api.websocket.recording_messages import (
    CLIENT_MESSAGE,
    Continue,
    Control,
    Event,
    Frames,
    RecordingStatus,
    Start,
)
from application.caller import Caller
from application.live.chunk import TimesNotIncreasing
from application.recordings.recorder import FrameBatch, FramesLeftOut, RecordingProgress
from application.recordings.start import start_recording
from application.sessions.deletion_watch import DeletionWatch
from application.users.resource_access import authorize_recording, require_consent
from domain.ids import RecordingId, SessionId
from domain.kernel import Rejected
from domain.recordings import commands
from domain.sessions.commands import SessionNotFound

MAX_MESSAGE_BYTES: Final = 2 * 1024 * 1024
"""Maximum message size: some frames with their pictures."""
CHUNK_S: Final = 0.4
"""Single frames are stored together once they last this long."""
MAX_CHECK_AGE_S: Final = 0.5
"""Maximum age of an access check when a message is accepted, or when poses are shown."""

router = APIRouter()

log = structlog.get_logger()


class NoRecording(Rejected):
    """Start or continue a recording first."""

    code = "recording.not_begun"


@router.websocket("/ws/pose")
async def pose(socket: WebSocket) -> None:
    """Record a session; with `watch`, view the poses of a session live."""
    await serve_connection(socket, lambda connection: PoseConsumer(connection).run())


class PoseConsumer:
    """Serves one connection: a recording, or a viewer of the poses of a session (R-RPL-10)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def run(self) -> None:
        """Serve until the client leaves or loses access."""
        watched = self._connection.socket.query_params.get("watch")
        if watched is None:
            await RecordingHandler(self._connection).run()
        else:
            await LivePoseStreamer(self._connection, watched).run()


class RecordingHandler:
    """Records on one connection: frames, pictures and their recording (R-RPL-11).

    `_waiting` holds the frames that are not stored yet.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._caller = connection.caller
        self._checked_at = float("-inf")
        self._recorder = connection.caller.platform.recorder
        self._progress: RecordingProgress | None = None
        self._bytes = 0
        self._waiting: FrameBatch | None = None

    async def run(self) -> None:
        """Handle each message, and store waiting frames at the end, however the connection ends."""
        try:
            async with aclosing(self._connection.messages(MAX_MESSAGE_BYTES)) as messages:
                async for message in messages:
                    await self._check_access()
                    await self._connection.send(await self._answer(message))
        finally:
            with CancelScope(shield=True):  # also if the server shuts down
                await self._store_rest()

    async def _check_access(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._checked_at > MAX_CHECK_AGE_S:
            self._caller = await run_sync(self._connection.current_caller)
            self._checked_at = now

    async def _store_rest(self) -> None:
        try:
            await run_sync(self._flush)
        except Rejected as refusal:
            log.warning("recording.not_kept", code=refusal.code)

    async def _answer(self, text: str | bytes) -> str:
        try:
            require_storable(text)
            message = CLIENT_MESSAGE.validate_json(text)
            event = await run_sync(self._execute, message)
            if isinstance(message, Frames):
                self._show(message)
        except (Rejected, ValidationError) as refusal:
            return _problem(self._connection.socket, refusal)
        except Exception:
            log.exception("socket.failed", path=self._connection.socket.url.path)
            return _wrapped(json.loads(bytes(internal_problem(self._connection.socket).body)))
        return RecordingStatus.of(self._recording(), self._bytes, event).model_dump_json(
            by_alias=True
        )

    def _execute(self, message: Start | Continue | Frames | Control) -> Event:
        match message:
            case Start():
                return self._start(message)
            case Continue():
                authorize_recording(self._caller, "write", message.id)
                self._waiting = None
                self._set_recording(
                    self._recorder.get_progress(self._caller.tenant_id, RecordingId(message.id))
                )
                return "session_created"
            case Frames():
                self._add(message.filmed(self._recording().aspect_ratio))
                return "status"
            case Control():
                return self._control(message)

    def _start(self, message: Start) -> Event:
        recording = start_recording(
            self._caller,
            self._recorder.new_id(),
            name=message.name,
            description=message.description,
            aspect_ratio=message.aspect_ratio,
            session_id=message.session_id,
            user_id=message.user_id,
        )
        self._waiting = None
        self._set_recording(recording)
        return "session_created"

    def _control(self, message: Control) -> Event:
        self._flush()
        recording, origin, now = self._recording(), self._caller.origin(), self._recorder.clock()
        match message.type:
            case "pause":
                pause = commands.PauseRecording(at=now)
                self._progress = self._recorder.execute(recording.id, pause, origin=origin)
            case "resume":
                resumed = commands.ResumeRecording(at=now)
                self._progress = self._recorder.execute(recording.id, resumed, origin=origin)
            case "stop":
                self._set_recording(self._recorder.stop(recording.id, origin=origin))
                return "recording_finalised"
            case "status":
                self._set_recording(
                    self._recorder.get_progress(self._caller.tenant_id, recording.id)
                )
        return "status"

    def _add(self, filmed: FrameBatch) -> None:
        """Check frames, and store them with waiting ones once they last long enough."""
        self._recorder.check(filmed)
        self._require_consent(filmed)
        recording, waiting = self._recording(), self._waiting
        if waiting is None or filmed.first != waiting.first + len(waiting.chunk):
            self._flush()
            if filmed.first > self._recording().frame_count:
                raise FramesLeftOut(self._recording().frame_count)
            self._waiting = filmed
        else:
            if filmed.chunk.times_s[0] <= waiting.chunk.times_s[-1]:
                raise TimesNotIncreasing
            self._waiting = waiting.followed_by(filmed)
        if recording.status != "recording":
            self._flush()  # which raises the reason why nothing can be stored
        times = self._waiting.chunk.times_s
        if times[-1] - times[0] >= CHUNK_S:
            self._flush()

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is None:
            return
        origin = self._caller.origin()
        self._progress, added = self._recorder.append(self._recording(), waiting, origin=origin)
        self._bytes += added

    def _require_consent(self, filmed: FrameBatch) -> None:
        athlete = self._recording().user_id
        require_consent(self._caller, athlete, "camera_processing")
        require_consent(self._caller, athlete, "movement_recording")
        if any(filmed.pictures):
            require_consent(self._caller, athlete, "images_leave_device")

    def _show(self, message: Frames) -> None:
        broadcast: PoseBroadcast = self._connection.socket.app.state.pose_broadcast
        recording = self._recording()
        key = (self._caller.tenant_id, recording.id)
        if broadcast.is_watched(key):
            broadcast.show(
                key, pose_message(recording.id, message.filmed(recording.aspect_ratio).chunk)
            )

    def _set_recording(self, recording: RecordingProgress) -> None:
        self._progress = recording
        self._bytes = self._recorder.size(self._caller.tenant_id, recording.id)

    def _recording(self) -> RecordingProgress:
        if self._progress is None:
            raise NoRecording
        return self._progress


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


class LivePoseStreamer:
    """Sends the poses of a session or recording to one viewer (R-LIV-17)."""

    def __init__(self, connection: Connection, watched_id: str) -> None:
        self._connection = connection
        self._watched_id = watched_id
        caller = connection.caller
        self._deletion = DeletionWatch(caller.platform.log, caller.tenant_id, SessionId(watched_id))

    async def run(self) -> None:
        """Send poses until the viewer leaves or loses access."""
        await run_sync(self._require_visible)
        broadcast: PoseBroadcast = self._connection.socket.app.state.pose_broadcast
        watched = (self._connection.caller.tenant_id, self._watched_id)
        async with broadcast.subscribe(watched) as queue:
            greeting = {"type": "watching", "id": self._watched_id}
            await self._connection.send(json.dumps(greeting))
            await self._send_all(queue)

    async def _send_all(self, queue: asyncio.Queue[str]) -> None:
        socket, loop = self._connection.socket, asyncio.get_running_loop()
        checked_at = loop.time()
        disconnecting = asyncio.ensure_future(socket.receive())
        next_pose = asyncio.ensure_future(queue.get())
        try:
            while not disconnecting.done():
                await asyncio.wait(
                    {disconnecting, next_pose},
                    timeout=MAX_CHECK_AGE_S,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                if socket.app.state.readiness.is_ending:
                    raise Closed(SERVICE_RESTART, "The server is shutting down. Reconnect.")
                if loop.time() - checked_at > MAX_CHECK_AGE_S:
                    await run_sync(self._require_visible)
                    checked_at = loop.time()
                if next_pose.done():
                    await self._connection.send(next_pose.result())
                    next_pose = asyncio.ensure_future(queue.get())
        finally:
            disconnecting.cancel()
            next_pose.cancel()

    def _require_visible(self) -> None:
        """Raise SessionNotFound unless the viewer has access, and the session is not deleted."""
        caller: Caller = self._connection.current_caller()
        if self._deletion.is_deleted():
            raise SessionNotFound
        owners = caller.platform.owners
        session = owners.of_session(caller.tenant_id, SessionId(self._watched_id))
        recording = owners.of_recording(caller.tenant_id, RecordingId(self._watched_id))
        people = {each for each in (session, recording) if each is not None}
        # Poses are pictures of a person, so who sees only the figures of a session sees no poses.
        if not people or not all(caller.sees("recording", each) for each in people):
            raise SessionNotFound
