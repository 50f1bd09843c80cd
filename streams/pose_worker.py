"""Landmarks on `pose.stream` become facts on `exercise.detect` and cues on `cue.make`.

A message's key is the tenant and session, `tenant/session`; its value is what `decode` reads.
What cannot be worked goes to `pose-worker.dlq`, with the reason and its own headers.
"""

# Faust leaves many of its types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from collections.abc import Awaitable, Callable
from typing import Any

import faust
from faust.types.tuples import Message
from mode.utils.logging import get_logger

from application.live_motion import (
    Applied,
    LiveKey,
    LiveKeyInvalid,
    LiveSession,
    PoseMessage,
    Told,
    apply,
)
from domain.kernel import Rejected
from streams.dead_letters import Unworkable, dead_letter
from streams.following import Follower, FollowingApp
from streams.records import read_session, write_cue, write_fact, write_session
from streams.table import TableLedger
from streams.topics import SESSIONS, Topics, dead_letters

logger = get_logger(__name__)


class PoseWorker:
    """Follows `pose.stream`; sessions stand in a Faust table beside the position."""

    def __init__(
        self,
        app: FollowingApp,
        *,
        topics: Topics,
        partitions: int,
        decode: Callable[[bytes], PoseMessage],
    ) -> None:
        self._app = app
        self._topics = topics
        self._decode = decode
        self.ledger = TableLedger[LiveSession](
            app,
            SESSIONS,
            partitions=partitions,
            position=lambda session: session.position,
            write=write_session,
            read=read_session,
        )
        self.follower = Follower(app, topics.pose_stream, self.ledger, self.work)
        self.agent = app.agent(app.source(topics.pose_stream), name="pose-worker")(self.watch)

    async def watch(self, stream: faust.StreamT[bytes]) -> None:
        """Be the agent."""
        await self.follower.follow(stream)

    async def work(self, message: Message) -> None:
        """Take in one chunk."""
        try:
            name = _name(message)
            key, applied = self._apply(name, message)
        except Rejected as refused:
            aside = dead_letters(self._topics.pose_worker)
            letter = await dead_letter(self._app, aside, message, refused)
            await self.ledger.add(message, [letter])
            return
        effects = [sent for told in applied.told for sent in await self._tell(key, told)]
        await self.ledger.add(message, effects, left=(name, applied.session))

    def _apply(self, name: bytes, message: Message) -> tuple[LiveKey, Applied]:
        """Raise Rejected for what nobody can work, whatever it is: the partition goes on."""
        try:
            key = _session(name)
            arrived = self._decode(message.value or b"")
            return key, apply(self.ledger.state(name), message.offset, arrived)
        except Rejected:
            raise
        except Exception as unforeseen:
            logger.exception("%s at %s could not be worked", message.tp, message.offset)
            raise Unworkable(repr(unforeseen)) from unforeseen

    async def _tell(self, key: LiveKey, told: Told) -> list[Awaitable[Any]]:
        name, headers = str(key).encode(), [("id", str(told.id(key)).encode())]
        publish = self._app.publish
        fact = write_fact(key, told)
        sent = [await publish(self._topics.exercise_detect, name, fact, headers=headers)]
        cue = write_cue(key, told)
        if cue is not None:
            sent.append(await publish(self._topics.cue_make, name, cue, headers=headers))
        return sent


def _name(message: Message) -> bytes:
    if message.key is None:
        raise LiveKeyInvalid
    return message.key


def _session(name: bytes) -> LiveKey:
    try:
        return LiveKey.parse(name.decode())
    except UnicodeDecodeError as broken:
        raise LiveKeyInvalid from broken
