"""Pose worker: chunks of landmarks on `pose.stream` become detections and cues.

Each chunk gets a reply on `pose.reply`, a duplicate the same one as before. Detections go to
`exercise.detect` and cues to `cue.make`. A message's key is the tenant and session,
`tenant/session`; its value is what `decode` reads. A chunk that cannot be processed goes to the
dead letters of the group, without its images, because no image of a person is kept. Images are
analyzed in a thread, so that the worker stays a member of its group. While the model is
unavailable the worker waits, because the chunk itself is not at fault.
"""

# Faust leaves many of its types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import faust
from faust.types.tuples import Message

from application.kernel.ports import Clock
from application.kernel.topics import SESSIONS_TABLE
from application.kernel.tracing import trace_headers
from application.live.chunk import FrameChunk, InvalidSessionKey, SessionChunk, SessionKey
from application.live.chunk_processor import (
    AnalyzedChunk,
    ChunkProcessor,
    ChunkTask,
    WorkerGuard,
)
from application.live.image_analysis import AnalyzeImages, drop_images
from application.live.measuring import measure_together
from application.live.replies import LiveReply
from application.live.tracker import Detection, TrackerState
from application.live.tracker_store import Commit
from streams.codecs import (
    decode_state,
    encode_cue,
    encode_detection,
    encode_state,
    stored_position,
)
from streams.dead_letters import DeadLetters
from streams.json_codec import write
from streams.retries import retry_until_available
from streams.subscription import FaustSubscription, FollowingApp
from streams.table_checkpoints import TableCheckpoints
from streams.topic_names import Topics


class TableTrackerStore:
    """Tracker store in a Faust table: a commit is staged, and the agent publishes it.

    The state is written after the messages of the chunk are acknowledged (`TableCheckpoints`).
    """

    def __init__(self, checkpoints: TableCheckpoints[TrackerState]) -> None:
        self._checkpoints = checkpoints
        self._staged: Commit | None = None

    def refresh(self, keys: Collection[SessionKey]) -> None:
        """Do nothing: a session belongs to one worker at a time."""

    def load(self, key: SessionKey, sequence: int) -> TrackerState | None:  # noqa: ARG002  in order
        return self._checkpoints.state(str(key).encode())

    def commit_all(self, commits: Sequence[Commit]) -> Sequence[int | Exception]:
        """Stage the effects of one chunk, those of a duplicate too: it moves the position on."""
        (self._staged,) = commits or (None,)
        return [0] * len(commits)

    def take_staged(self) -> Commit:
        """Return the staged commit, once."""
        commit, self._staged = self._staged, None
        if commit is None:
            raise NothingStaged
        return commit


class NothingStaged(RuntimeError):  # noqa: N818  a defect of the worker
    """A commit is staged by each chunk that is processed."""


class _Effects(NamedTuple):
    """The messages sent for a chunk, and the state that it leaves."""

    sent: list[Awaitable[Any]]
    state: tuple[bytes, TrackerState] | None = None


class PoseWorker:
    """Subscription to `pose.stream`; tracker states are in a Faust table, next to the offset."""

    def __init__(
        self,
        app: FollowingApp,
        *,
        topics: Topics,
        partitions: int,
        decode: Callable[[bytes], FrameChunk],
        clock: Clock,
        analyze_images: AnalyzeImages = drop_images,
        without_pictures: Callable[[bytes], bytes] = bytes,
    ) -> None:
        self._app = app
        self._topics = topics
        self._decode = decode
        self._without_pictures = without_pictures
        self._dead_letters = DeadLetters(app, topics.pose_worker, clock)
        self.checkpoints = TableCheckpoints[TrackerState](
            app,
            SESSIONS_TABLE,
            partitions=partitions,
            position=lambda state: state.position,
            write=encode_state,
            read=decode_state,
            stored_position=stored_position,
        )
        self._store = TableTrackerStore(self.checkpoints)
        self._processor = ChunkProcessor(self._store, WorkerGuard(), analyze_images)
        self._prepared: dict[int, FrameChunk] = {}
        self.follower = FaustSubscription(
            app, topics.pose_stream, self.checkpoints, self.handle, self.prepare
        )
        self.agent = app.agent(app.source(topics.pose_stream), name="pose-worker")(self.run)

    async def run(self, stream: faust.StreamT[bytes]) -> None:
        """Run as the agent."""
        await self.follower.follow(stream)

    def prepare(self, messages: Sequence[Message]) -> None:
        """Decode and measure chunks together. One that is unreadable is rejected by `handle`."""
        decoded: dict[int, FrameChunk] = {}
        for message in messages:
            with suppress(Exception):  # raised again by `handle`
                decoded[id(message)] = self._decode(message.value or b"")
        measured = measure_together([*decoded.values()])
        self._prepared = dict(zip(decoded, measured, strict=True))

    async def handle(self, message: Message) -> None:
        """Process a chunk, or dead-letter it on any error, so that the partition continues."""
        if not self._dead_letters.is_meant_for_us(message):
            await self.checkpoints.add(message)
            return
        sent: SessionChunk | None = None
        try:
            self._dead_letters.check_partition_key(message)
            key = _session_key(message)
            chunk = self._prepared.pop(id(message), None) or self._decode(message.value or b"")
            sent = SessionChunk(session=key, message=chunk)
            analyzed = AnalyzedChunk(sent)
            if self._processor.needs_analysis(sent):
                analyzed = await retry_until_available(self._processor.detect_poses, sent)
                if not self._is_due(message):
                    return  # the partition was reassigned during the analysis
            self._processor.process(ChunkTask(analyzed, position=message.offset))
        except Exception as error:  # noqa: BLE001  the dead letter names it
            effects = await self._reject(message, sent, error)
        else:
            effects = await self._publish(self._store.take_staged())
        if self._is_due(message):  # else the earlier messages may have been discarded
            await self.checkpoints.add(message, effects.sent, effects.state)

    def _is_due(self, message: Message) -> bool:
        return self.follower.due.get(message.tp) == message.offset

    async def _reject(
        self, message: Message, sent: SessionChunk | None, error: Exception
    ) -> _Effects:
        letter = self._without_pictures(message.value or b"")
        messages = [await self._dead_letters.put_aside(message, error, letter)]
        if sent is not None:
            reply = LiveReply.rejected(sent.session, sent.message, error)
            messages.append(await self._reply(reply))
        return _Effects(messages)

    async def _publish(self, commit: Commit) -> _Effects:
        key, result = commit.sent.session, commit.result
        reply = LiveReply.processed(commit.sent, result, commit.landmarks)
        messages = [await self._reply(reply)]
        for detection in result.detections:
            messages += await self._publish_detection(key, detection)
        return _Effects(messages, (str(key).encode(), result.session))

    async def _reply(self, reply: LiveReply) -> Awaitable[Any]:
        key = str(reply.session).encode()
        return await self._app.publish(self._topics.pose_reply, key, write(reply))

    async def _publish_detection(
        self, key: SessionKey, detection: Detection
    ) -> list[Awaitable[Any]]:
        name = str(key).encode()
        headers = [("id", str(detection.id(key)).encode()), *trace_headers()]
        publish = self._app.publish
        content = encode_detection(key, detection)
        sent = [await publish(self._topics.exercise_detect, name, content, headers=headers)]
        cue = encode_cue(key, detection)
        if cue is not None:
            sent.append(await publish(self._topics.cue_make, name, cue, headers=headers))
        return sent


def _session_key(message: Message) -> SessionKey:
    if message.key is None:
        raise InvalidSessionKey
    try:
        return SessionKey.parse(message.key.decode())
    except UnicodeDecodeError as broken:
        raise InvalidSessionKey from broken
