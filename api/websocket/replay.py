"""A recording is replayed by WebSocket, at the pace of the server's clock (R-RPL-04, R-RPL-06).

The server says where the replay stands, and sends the frames that will be seen next, as many as
its viewer has room for. The messages are described in docs/how-to/replay.md.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Final

import structlog
from anyio.to_thread import run_sync
from fastapi import APIRouter
from pydantic import ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect

from api.caller import Caller, checked_id
from api.http.recordings import known_recording
from api.ownership import authorize_recording
from api.read_your_writes import wait_for
from api.websocket.connection import RESTARTS, Closed, Connection, content_of, serve_connection
from api.websocket.replay_channel import Line
from api.websocket.replay_info import hello
from api.websocket.replay_messages import (
    MOST_CREDITS,
    SAID,
    End,
    LoopWish,
    MoreFrames,
    NoFrames,
    Position,
    Rate,
    Seek,
    Wish,
    Word,
    frames_told,
)
from application.kernel.ports import MediaCorrupt, MediaMissing
from application.recordings.frame_index import FrameIndex
from application.recordings.playback import Playback
from domain.ids import RecordingId
from domain.kernel import Rejected

MOST_BYTES: Final = 16 * 1024
TICK_S: Final = 0.1
"""So often a replay is moved on."""
TOLD_S: Final = 0.25
"""So often its place is told while it plays."""
LOOK_S: Final = 0.5
"""So often it is made sure that the viewer may still look."""

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
    """One conversation, in which a recording is replayed (R-RPL-10, R-RPL-12)."""

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
        self._line = Line(connection)
        self._credits = 1
        self._told_at = float("-inf")
        self._told = (0, False)
        self._looked_at = float("-inf")

    async def run(self) -> None:
        """Answer what is said, and move the replay on, until its viewer leaves or has to."""
        caller, share = await run_sync(self._let_in), self._connection.share
        told = await run_sync(hello, caller, share, self._streamer, self._recording_id)
        await self._line.say("hello", told)
        await self._show_beginning()
        socket = self._connection.socket
        receiving = asyncio.ensure_future(socket.receive())
        try:
            while True:
                await asyncio.wait({receiving}, timeout=TICK_S)
                if socket.app.state.readiness.is_ending:
                    raise Closed(RESTARTS, "This server is about to end: come again.")
                await self._look()
                if receiving.done():
                    message = receiving.result()
                    if message["type"] == "websocket.disconnect":
                        return
                    await self._move_on()  # what this tells is from before the message
                    await self._hear(content_of(message, MOST_BYTES))
                    receiving = asyncio.ensure_future(socket.receive())
                await self._move_on()
        finally:
            receiving.cancel()

    def _let_in(self) -> Caller:
        """Look who asks, and what is kept; give who asks. Raises RecordingNotFound."""
        caller = self._connection.now()
        checked_id(self._recording_id)
        authorize_recording(caller, "read", self._recording_id)
        self._streamer.look()
        wait_for(caller.platform, self._streamer.position)
        known_recording(caller, self._recording_id)
        if self._streamer.index:
            self._playback.seek(self._streamer.start_ms)
        return caller

    async def _look(self) -> None:
        """Make sure now and then that the viewer may still look; raises why not."""
        now = asyncio.get_running_loop().time()
        if now - self._looked_at > LOOK_S:
            await run_sync(self._require_visible)
            self._looked_at = now

    def _require_visible(self) -> None:
        known_recording(self._connection.now(), self._recording_id)

    async def _show_beginning(self) -> None:
        if self._streamer.index:
            await self._send_ahead()
            await self._tell_position()
        else:
            await self._line.refuse(NoFrames())

    async def _hear(self, message: str | bytes) -> None:
        try:
            said = SAID.validate_json(message)
            self._line.hear(said.seq)
            self._credits = min(MOST_CREDITS, self._credits + (said.credits or 0))
            await self._require_frames()
            await self._do(said)
            await self._send_ahead()
            await self._tell_position()
        except (Rejected, ValidationError) as refusal:
            await self._line.refuse(refusal)
        except WebSocketDisconnect:
            raise
        except Exception:
            log.exception("socket.failed", path=self._connection.socket.url.path)
            await self._line.fail()

    async def _require_frames(self) -> None:
        """Raise NoFrames where nothing was kept until now."""
        if self._streamer.index:
            return
        if not await run_sync(self._streamer.look):
            raise NoFrames
        self._playback.seek(self._streamer.start_ms)

    async def _do(self, said: Wish) -> None:
        match said:
            case MoreFrames():
                return
            case Word(type="pause"):
                self._playback.pause()
            case Word():
                if self._playback.is_at_end:
                    await run_sync(self._streamer.look)
                self._playback.play(self._clock())
            case Seek():
                await run_sync(self._seek, said)
            case Rate(rate=rate):
                self._playback.rate = rate
            case LoopWish(start_ms=start_ms, end_ms=end_ms):
                if start_ms is None or end_ms is None:
                    self._playback.loop = None
                else:
                    self._playback.set_loop(start_ms, end_ms)

    def _seek(self, said: Seek) -> None:
        """Go where that is. Raises StorageUnavailable."""
        playback, streamer = self._playback, self._streamer
        if said.again:
            self._sent.clear()
        match said:
            case Seek(time_ms=float(time_ms)):
                playback.seek(time_ms)
            case Seek(frame=int(frame)):
                playback.seek(streamer.time_of(frame))
            case _:
                playback.pause()
                frame = streamer.frame_at(playback.time_ms) + (said.step or 0)
                playback.seek(streamer.time_of(frame))

    async def _move_on(self) -> None:
        """Let the replay be where it should be by now, and say so where that is news."""
        playback, now = self._playback, self._clock()
        if not playback.is_playing:
            return
        outcome = playback.advance(now)
        while (outcome == "blocked" and await self._send_ahead()) or (
            outcome == "at_end" and await run_sync(self._streamer.look)
        ):
            outcome = playback.advance(now)
        if outcome == "at_end":
            playback.pause()
            await self._tell_end()
            return
        if outcome == "blocked":
            playback.wait()
        await self._send_ahead()
        is_news = self._told != (playback.jumps, playback.is_waiting)
        if is_news or now - self._told_at >= TOLD_S:
            await self._tell_position()

    async def _send_ahead(self) -> bool:
        """Send what will be needed next, as far as there are credits; tells whether any was."""
        has_sent = False
        for chunk in self._playback.ahead():
            if chunk in self._sent:
                continue
            if not self._credits:
                break
            await self._look()  # a slow viewer may be sent chunks for long
            try:
                told = await run_sync(self._frames, chunk)
            except (MediaMissing, MediaCorrupt) as lost:
                self._sent.add(chunk)
                await self._line.refuse(lost, chunk)
            else:
                self._sent.add(chunk)
                self._credits -= 1
                await self._line.say("frames", told)
            has_sent = True
        return has_sent

    def _frames(self, chunk: int) -> dict[str, Any]:
        read, times = self._streamer.read(chunk)
        return frames_told(chunk, self._streamer.index[chunk], read, times)

    async def _tell_position(self) -> None:
        playback, streamer = self._playback, self._streamer
        self._told = (playback.jumps, playback.is_waiting)
        self._told_at = self._clock()
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
        await self._line.say("position", position)

    async def _tell_end(self) -> None:
        playback, streamer = self._playback, self._streamer
        end = End(
            time_ms=round(playback.time_ms, 3),
            frame=await run_sync(streamer.frame_at, playback.time_ms),
            final=not streamer.is_running,
        )
        await self._line.say("end", end)
