"""Landmarks on `pose.stream` become facts on `exercise.detect` and cues on `cue.make`.

Each chunk is answered on `pose.reply`, one that comes again as before.
A message's key is the tenant and session, `tenant/session`; its value is what `decode` reads.
What cannot be worked goes to the dead letters of the group, without its pictures: of people none is
kept. They are looked at here, in a thread, so that the worker goes on being one of its group; while
there is nothing to look with, they are waited with rather than put aside.
"""

# Faust leaves many of its types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from collections.abc import Awaitable, Callable
from typing import Any

import faust
from faust.types.tuples import Message

from application.kernel.ports import Clock
from application.kernel.telemetry import trace_headers
from application.kernel.topics import SESSIONS_TABLE
from application.live.chunk import FrameChunk, InvalidSessionKey, SessionKey
from application.live.image_analysis import AnalyzeImages, drop_images
from application.live.replies import LiveReply
from application.live.server_landmarks import ServerLandmarks, to_server_landmarks
from application.live.tracker import Detection, TrackerState, is_duplicate, track
from streams.codecs import decode_state, encode_cue, encode_detection, encode_state
from streams.dead_letters import DeadLetters
from streams.reply_codec import encode_reply
from streams.retries import patiently
from streams.subscription import FaustSubscription, FollowingApp
from streams.table_checkpoints import TableCheckpoints
from streams.topic_names import Topics


class PoseWorker:
    """Follows `pose.stream`; sessions stand in a Faust table beside the position."""

    def __init__(
        self,
        app: FollowingApp,
        *,
        topics: Topics,
        partitions: int,
        decode: Callable[[bytes], FrameChunk],
        clock: Clock,
        look: AnalyzeImages = drop_images,
        without_pictures: Callable[[bytes], bytes] = bytes,
    ) -> None:
        self._app = app
        self._topics = topics
        self._decode, self._look = decode, look
        self._without_pictures = without_pictures
        self._aside = DeadLetters(app, topics.pose_worker, clock)
        self.ledger = TableCheckpoints[TrackerState](
            app,
            SESSIONS_TABLE,
            partitions=partitions,
            position=lambda session: session.position,
            write=encode_state,
            read=decode_state,
        )
        self.follower = FaustSubscription(app, topics.pose_stream, self.ledger, self.work)
        self.agent = app.agent(app.source(topics.pose_stream), name="pose-worker")(self.watch)

    async def watch(self, stream: faust.StreamT[bytes]) -> None:
        """Be the agent."""
        await self.follower.follow(stream)

    async def work(self, message: Message) -> None:
        """Take in one chunk, or put it aside, whatever is wrong with it: the partition goes on."""
        if not self._aside.is_meant_for_us(message):
            await self.ledger.add(message)
            return
        key: SessionKey | None = None
        arrived: FrameChunk | None = None
        found: ServerLandmarks | None = None
        try:
            self._aside.check_partition_key(message)
            name = _name(message)
            key = _session(name)
            arrived = self._decode(message.value or b"")
            if arrived.pictures and not is_duplicate(self.ledger.state(name), arrived):
                sent, arrived = arrived, await patiently(self._look, arrived)
                found = to_server_landmarks(sent.chunk, arrived.chunk)
                if not self._is_due(message):
                    return  # it took a while, and is somebody else's to work now, or ours again
            applied = track(self.ledger.state(name), message.offset, arrived)
        except Exception as error:  # noqa: BLE001  the letter tells it
            letter = self._without_pictures(message.value or b"")
            effects = [await self._aside.put_aside(message, error, letter)]
            if key is not None and arrived is not None:
                effects.append(await self._reply(LiveReply.put_aside(key, arrived, error)))
            await self._add(message, effects)
            return
        effects = [await self._reply(LiveReply.worked(key, arrived, applied, found))]
        effects += [sent for told in applied.told for sent in await self._tell(key, told)]
        await self._add(message, effects, left=(name, applied.session))

    async def _add(
        self,
        message: Message,
        effects: list[Awaitable[Any]],
        left: tuple[bytes, TrackerState] | None = None,
    ) -> None:
        """Note what was worked, unless there was a new assignment meanwhile.

        Then the messages before this one may be in flight no more, and are to be worked first.
        """
        if self._is_due(message):
            await self.ledger.add(message, effects, left)

    def _is_due(self, message: Message) -> bool:
        return self.follower.due.get(message.tp) == message.offset

    async def _reply(self, reply: LiveReply) -> Awaitable[Any]:
        name = str(reply.session).encode()
        return await self._app.publish(self._topics.pose_reply, name, encode_reply(reply))

    async def _tell(self, key: SessionKey, told: Detection) -> list[Awaitable[Any]]:
        name = str(key).encode()
        headers = [("id", str(told.id(key)).encode()), *trace_headers()]
        publish = self._app.publish
        fact = encode_detection(key, told)
        sent = [await publish(self._topics.exercise_detect, name, fact, headers=headers)]
        cue = encode_cue(key, told)
        if cue is not None:
            sent.append(await publish(self._topics.cue_make, name, cue, headers=headers))
        return sent


def _name(message: Message) -> bytes:
    if message.key is None:
        raise InvalidSessionKey
    return message.key


def _session(name: bytes) -> SessionKey:
    try:
        return SessionKey.parse(name.decode())
    except UnicodeDecodeError as broken:
        raise InvalidSessionKey from broken
