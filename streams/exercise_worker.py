"""Facts on `exercise.detect` become commands to sessions, each carried out once.

The id of a fact is the id of its command, so the event log answers a fact that comes again as it
did the first time. What a session refuses goes to the dead letters of the group. An event log that
is away is waited for.
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
from application.live.detections import record, worker_origin
from application.live.tracker import Detection
from domain.kernel import Rejected
from streams.codecs import decode_detection
from streams.dead_letters import DeadLetters
from streams.retries import patiently
from streams.sql_checkpoints import Positions, SqlCheckpoints
from streams.subscription import FaustSubscription, FollowingApp
from streams.topic_names import Topics


class InvalidDetection(Rejected):
    """These bytes are no fact of a known kind."""

    code = "live.fact_broken"
    kind = "invalid"


class ExerciseWorker:
    """Follows `exercise.detect`; the position lies in the store beside the event log."""

    def __init__(
        self,
        app: FollowingApp,
        *,
        topics: Topics,
        commands: CommandHandler,
        positions: Positions,
        clock: Clock,
    ) -> None:
        self._commands = commands
        topic, group = topics.exercise_detect, topics.exercise_worker
        self._aside = DeadLetters(app, group, clock)
        self.ledger = SqlCheckpoints(positions, group=group.name, topic=topic)
        self.follower = FaustSubscription(app, topic, self.ledger, self.work)
        self.agent = app.agent(app.source(topic), name="exercise-worker")(self.detect)

    async def detect(self, stream: faust.StreamT[bytes]) -> None:
        """Be the agent."""
        await self.follower.follow(stream)

    async def work(self, message: Message) -> None:
        """Enter one fact into its session, or put it aside, whatever is wrong with it."""
        try:
            if self._aside.is_meant_for_us(message):
                self._aside.check_partition_key(message)
                await self._enter(*_read(message))
        except Exception as error:  # noqa: BLE001  the letter tells it
            await (await self._aside.put_aside(message, error))
        self.ledger.add(message)

    async def _enter(self, key: SessionKey, fact_id: UUID, told: Detection) -> None:
        origin = worker_origin(key, "exercise-worker")
        await patiently(record, self._commands, key, fact_id, [told], origin=origin)


def _read(message: Message) -> tuple[SessionKey, UUID, Detection]:
    """Read a fact, which has to be about whom its key names as we read it, too."""
    try:
        read = decode_detection(message.value or b"")
    except msgspec.MsgspecError as broken:
        raise InvalidDetection(f"These bytes are no fact of a known kind: {broken}") from broken
    if str(read[0]).encode() != message.key:
        raise MessageMisplaced
    return read
