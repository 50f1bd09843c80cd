"""Exercise worker: detections on `exercise.detect` become commands to sessions, each once.

The id of a detection is the id of its command, so the event log answers a repeated detection as it
did the first time. A detection that the session rejects goes to the dead letters of the group.
While the event log is unavailable, the worker waits.
"""

# Faust leaves many of its types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from uuid import UUID

import faust
import msgspec
from faust.types.tuples import Message

from application.kernel.bus import MessageMisplaced
from application.kernel.command_handler import CommandHandler
from application.kernel.ports import Clock
from application.live.chunk import SessionKey
from application.live.detections import DetectionRecorder, worker_origin
from application.live.tracker import Detection
from domain.kernel import Rejected
from streams.codecs import decode_detection
from streams.dead_letters import DeadLetters
from streams.retries import retry_until_available
from streams.sql_checkpoints import Positions, SqlCheckpoints
from streams.subscription import FaustSubscription, FollowingApp
from streams.topic_names import Topics


class InvalidDetection(Rejected):
    """The message is not a detection of a known kind."""

    code = "live.fact_broken"
    kind = "invalid"


class ExerciseWorker:
    """Subscription to `exercise.detect`; its offset is stored next to the event log."""

    def __init__(
        self,
        app: FollowingApp,
        *,
        topics: Topics,
        commands: CommandHandler,
        positions: Positions,
        clock: Clock,
    ) -> None:
        self._recorder = DetectionRecorder(commands)
        topic, group = topics.exercise_detect, topics.exercise_worker
        self._dead_letters = DeadLetters(app, group, clock)
        self.checkpoints = SqlCheckpoints(positions, group=group.name, topic=topic)
        self.follower = FaustSubscription(app, topic, self.checkpoints, self.handle)
        self.agent = app.agent(app.source(topic), name="exercise-worker")(self.run)

    async def run(self, stream: faust.StreamT[bytes]) -> None:
        """Run as the agent."""
        await self.follower.follow(stream)

    async def handle(self, message: Message) -> None:
        """Record a detection in its session, or dead-letter it, whatever is wrong with it."""
        try:
            if self._dead_letters.is_meant_for_us(message):
                self._dead_letters.check_partition_key(message)
                await self._record(*_decode(message))
        except Exception as error:  # noqa: BLE001  the dead letter names it
            await (await self._dead_letters.put_aside(message, error))
        self.checkpoints.add(message)

    async def _record(self, key: SessionKey, detection_id: UUID, found: Detection) -> None:
        origin = worker_origin(key, "exercise-worker")
        await retry_until_available(self._recorder.record, key, detection_id, found, origin)


def _decode(message: Message) -> tuple[SessionKey, UUID, Detection]:
    """Decode a detection; its session must be that of the message's key."""
    try:
        detection = decode_detection(message.value or b"")
    except msgspec.MsgspecError as broken:
        raise InvalidDetection(f"This is not a detection of a known kind: {broken}") from broken
    if str(detection[0]).encode() != message.key:
        raise MessageMisplaced
    return detection
