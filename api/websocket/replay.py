"""Replay of a recording by WebSocket, paced by the server's clock (R-RPL-04, R-RPL-06).

The server reports the position and sends the next frames, as many as the client has granted
credits for. docs/how-to/replay.md describes the messages.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Final

import structlog
from anyio.to_thread import run_sync
from fastapi import APIRouter
from pydantic import ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect

from api.http.recordings import visible_recording
from api.read_your_writes import wait_for
from api.websocket.connection import (
    SERVICE_RESTART,
    Closed,
    Connection,
    content_of,
    serve_connection,
)
from api.websocket.replay_channel import SequencedChannel
from api.websocket.replay_info import recording_info
from api.websocket.replay_messages import (
    MAX_CREDITS,
    PLAYER_COMMAND,
    End,
    MoreFrames,
    NoFrames,
    PlayerCommand,
    PlayPause,
    Position,
    Rate,
    Seek,
    SetLoop,
    frames_view,
)
from application.caller import Caller, checked_id
from application.kernel.ports import MediaCorrupt, MediaMissing
from application.recordings.frame_index import FrameIndex
from application.recordings.playback import Playback
from application.recordings.queries import require_kept
from application.users.resource_access import authorize_recording
from domain.ids import RecordingId
from domain.kernel import Rejected

MAX_MESSAGE_BYTES: Final = 16 * 1024
TICK_INTERVAL_S: Final = 0.1
"""Interval at which a replay advances."""
POSITION_INTERVAL_S: Final = 0.25
"""Interval of position messages while it plays."""
ACCESS_CHECK_S: Final = 0.5
"""Interval of checks that the viewer still has access."""

router = APIRouter()

log = structlog.get_logger()


@router.websocket("/ws/replay/{session_id}")
async def replay(socket: WebSocket, session_id: str) -> None:
    """Replay the recording of a session."""
    shown = RecordingId(session_id)
    await serve_connection(
        socket, lambda connection: SessionReplayConsumer(connection, shown).run(), shown=shown
    )


class SessionReplayConsumer:
    """Replays a recording on one connection (R-RPL-10, R-RPL-12)."""

    def __init__(self, connection: Connection, recording_id: RecordingId) -> None:
        platform = connection.caller.platform
        self._connection = connection
        self._recording_id = recording_id
        self._streamer = FrameIndex(
            platform.log, platform.archive, connection.caller.tenant_id, self._recording_id
        )
        self._clock: Callable[[], float] = connection.socket.app.state.replay_clock
        self._sent = set[int]()
        self._playback = Playback(self._streamer, self._sent)
        self._channel = SequencedChannel(connection)
        self._credits = 1
        self._reported_at = float("-inf")
        self._reported = (0, False)
        self._checked_at = float("-inf")

    async def run(self) -> None:
        """Handle messages and advance the replay until the client disconnects or loses access."""
        caller, share = await run_sync(self._authorize), self._connection.share
        view = await run_sync(recording_info, caller, share, self._streamer, self._recording_id)
        await self._channel.send("hello", view)
        await self._show_beginning()
        socket = self._connection.socket
        receiving = asyncio.ensure_future(socket.receive())
        try:
            while True:
                await asyncio.wait({receiving}, timeout=TICK_INTERVAL_S)
                if socket.app.state.readiness.is_ending:
                    raise Closed(SERVICE_RESTART, "The server is shutting down. Reconnect.")
                await self._check_access()
                if receiving.done():
                    message = receiving.result()
                    if message["type"] == "websocket.disconnect":
                        return
                    await self._advance()  # reports the state before the message
                    await self._handle(content_of(message, MAX_MESSAGE_BYTES))
                    receiving = asyncio.ensure_future(socket.receive())
                await self._advance()
        finally:
            receiving.cancel()

    def _authorize(self) -> Caller:
        """Authorize the caller and load the frame index.

        Raises RecordingNotThere and RecordingNotKept.
        """
        caller = self._connection.current_caller()
        checked_id(self._recording_id)
        authorize_recording(caller, "read", self._recording_id)
        self._streamer.refresh()
        wait_for(caller.platform, self._streamer.position)
        require_kept(visible_recording(caller, self._recording_id))
        if self._streamer.index:
            self._playback.seek(self._streamer.start_ms)
        return caller

    async def _check_access(self) -> None:
        """Check the access of the viewer at intervals; raises if it was lost."""
        now = asyncio.get_running_loop().time()
        if now - self._checked_at > ACCESS_CHECK_S:
            await run_sync(self._require_visible)
            self._checked_at = now

    def _require_visible(self) -> None:
        require_kept(visible_recording(self._connection.current_caller(), self._recording_id))

    async def _show_beginning(self) -> None:
        if self._streamer.index:
            await self._send_ahead()
            await self._send_position()
        else:
            await self._channel.refuse(NoFrames())

    async def _handle(self, message: str | bytes) -> None:
        try:
            command = PLAYER_COMMAND.validate_json(message)
            self._channel.receive(command.seq)
            self._credits = min(MAX_CREDITS, self._credits + (command.credits or 0))
            await self._require_frames()
            await self._execute(command)
            await self._send_ahead()
            await self._send_position()
        except (Rejected, ValidationError) as refusal:
            await self._channel.refuse(refusal)
        except WebSocketDisconnect:
            raise
        except Exception:
            log.exception("socket.failed", path=self._connection.socket.url.path)
            await self._channel.fail()

    async def _require_frames(self) -> None:
        """Raise NoFrames if no frames are stored yet."""
        if self._streamer.index:
            return
        if not await run_sync(self._streamer.refresh):
            raise NoFrames
        self._playback.seek(self._streamer.start_ms)

    async def _execute(self, command: PlayerCommand) -> None:
        match command:
            case MoreFrames():
                return
            case PlayPause(type="pause"):
                self._playback.pause()
            case PlayPause():
                if self._playback.is_at_end:
                    await run_sync(self._streamer.refresh)
                self._playback.play(self._clock())
            case Seek():
                await run_sync(self._seek, command)
            case Rate(rate=rate):
                self._playback.rate = rate
            case SetLoop(start_ms=start_ms, end_ms=end_ms):
                if start_ms is None or end_ms is None:
                    self._playback.loop = None
                else:
                    self._playback.set_loop(start_ms, end_ms)

    def _seek(self, command: Seek) -> None:
        """Seek to a time, frame or step. Raises StorageUnavailable."""
        playback, streamer = self._playback, self._streamer
        if command.again:
            self._sent.clear()
        match command:
            case Seek(time_ms=float(time_ms)):
                playback.seek(time_ms)
            case Seek(frame=int(frame)):
                playback.seek(streamer.time_of(frame))
            case _:
                playback.pause()
                frame = streamer.frame_at(playback.time_ms) + (command.step or 0)
                playback.seek(streamer.time_of(frame))

    async def _advance(self) -> None:
        """Advance the replay to the current time, and report changes of its state."""
        playback, now = self._playback, self._clock()
        if not playback.is_playing:
            return
        outcome = playback.advance(now)
        while (outcome == "blocked" and await self._send_ahead()) or (
            outcome == "at_end" and await run_sync(self._streamer.refresh)
        ):
            outcome = playback.advance(now)
        if outcome == "at_end":
            playback.pause()
            await self._send_end()
            return
        if outcome == "blocked":
            playback.wait()
        await self._send_ahead()
        is_news = self._reported != (playback.jumps, playback.is_waiting)
        if is_news or now - self._reported_at >= POSITION_INTERVAL_S:
            await self._send_position()

    async def _send_ahead(self) -> bool:
        """Send the next frames as far as credits allow; returns whether any were sent."""
        has_sent = False
        for chunk in self._playback.ahead():
            if chunk in self._sent:
                continue
            if not self._credits:
                break
            await self._check_access()  # sending to a slow viewer may take long
            try:
                view = await run_sync(self._frames, chunk)
            except (MediaMissing, MediaCorrupt) as lost:
                self._sent.add(chunk)
                await self._channel.refuse(lost, chunk)
            else:
                self._sent.add(chunk)
                self._credits -= 1
                await self._channel.send("frames", view)
            has_sent = True
        return has_sent

    def _frames(self, chunk: int) -> dict[str, Any]:
        read, times = self._streamer.read(chunk)
        return frames_view(chunk, self._streamer.index[chunk], read, times)

    async def _send_position(self) -> None:
        playback, streamer = self._playback, self._streamer
        self._reported = (playback.jumps, playback.is_waiting)
        self._reported_at = self._clock()
        position = Position(
            time_ms=round(playback.time_ms, 3),
            frame=await run_sync(streamer.frame_at, playback.time_ms),
            playing=playback.is_playing,
            waiting=playback.is_waiting,
            rate=playback.rate,
            loop=Position.looped(playback.loop),
            frame_count=streamer.frame_count,
            end_ms=streamer.end_ms,
        )
        await self._channel.send("position", position)

    async def _send_end(self) -> None:
        playback, streamer = self._playback, self._streamer
        end = End(
            time_ms=round(playback.time_ms, 3),
            frame=await run_sync(streamer.frame_at, playback.time_ms),
            final=not streamer.is_running,
        )
        await self._channel.send("end", end)
