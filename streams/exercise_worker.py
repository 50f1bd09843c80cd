"""Facts on `exercise.detect` become commands to sessions, each carried out once.

The id of a fact is the id of its command, so the event log answers a fact that comes again as it
did the first time. What a session refuses goes to `exercise-worker.dlq` with the refusal.
"""

# Faust leaves many of its types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

import asyncio
from collections.abc import Iterable
from typing import Final
from uuid import UUID, uuid5

import faust
import msgspec
from faust.types.tuples import Message
from mode.utils.logging import get_logger

from application.commanding import Commands, Request
from application.live_motion import NAMESPACE, LiveKey, SetWatched, Told
from application.motion_to_session import milliseconds, session_commands
from domain.kernel import Origin, Rejected
from domain.sessions import commands as session
from domain.sessions.session import SESSION
from domain.values import CountedBy, Span
from streams.dead_letters import Unworkable, dead_letter
from streams.following import Follower, FollowingApp
from streams.records import read_fact
from streams.store import Positions, StoreLedger
from streams.topics import Topics, dead_letters

LONGEST_PAUSE_S: Final = 5.0
"""Between two attempts while the event log is unavailable."""

logger = get_logger(__name__)


class FactBroken(Rejected):
    """These bytes are no fact of a known kind."""

    code = "live.fact_broken"
    kind = "invalid"


class ExerciseWorker:
    """Follows `exercise.detect`; the position lies in the store beside the event log."""

    def __init__(
        self, app: FollowingApp, *, topics: Topics, commands: Commands, positions: Positions
    ) -> None:
        self._app = app
        self._topics = topics
        self._commands = commands
        topic, group = topics.exercise_detect, topics.exercise_worker
        self.ledger = StoreLedger(positions, group=group, topic=topic)
        self.follower = Follower(app, topic, self.ledger, self.work)
        self.agent = app.agent(app.source(topic), name="exercise-worker")(self.detect)

    async def detect(self, stream: faust.StreamT[bytes]) -> None:
        """Be the agent."""
        await self.follower.follow(stream)

    async def work(self, message: Message) -> None:
        """Enter one fact into its session, or put it aside."""
        try:
            await self._enter(*_read(message))
        except Rejected as refused:
            aside = dead_letters(self._topics.exercise_worker)
            await (await dead_letter(self._app, aside, message, refused))
        self.ledger.add(message)

    async def _enter(self, key: LiveKey, fact_id: UUID, told: Told) -> None:
        wanted = list(commands_of(told))
        if not wanted:
            return
        request = Request(SESSION, key.session_id, wanted)
        origin = Origin(
            tenant_id=key.tenant_id,
            actor="exercise-worker",
            correlation_id=uuid5(NAMESPACE, str(key)),
            causation_id=fact_id,
        )
        pause_s = 0.1
        while not await self._carried_out(request, origin, fact_id):
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def _carried_out(self, request: Request, origin: Origin, fact_id: UUID) -> bool:
        """Carry out a command unless the log is unavailable; Rejected where it is refused."""
        try:
            await asyncio.to_thread(
                self._commands.execute, request, origin=origin, command_id=fact_id
            )
        except Rejected as refused:
            if refused.kind != "unavailable":
                raise
            logger.warning("waiting for the event log: %s", refused.detail)
            return False
        except Exception as unforeseen:
            logger.exception("fact %s could not be worked", fact_id)
            raise Unworkable(repr(unforeseen)) from unforeseen
        return True


def _read(message: Message) -> tuple[LiveKey, UUID, Told]:
    try:
        return read_fact(message.value or b"")
    except msgspec.MsgspecError as broken:
        raise FactBroken(f"These bytes are no fact of a known kind: {broken}") from broken


def commands_of(told: Told) -> Iterable[session.SessionCommand]:
    """Say what a fact asks of its session; nothing where it is of the moment."""
    number = told.watching.set
    if isinstance(told.fact, SetWatched):
        span = Span(milliseconds(told.fact.started_s), milliseconds(told.fact.ended_s))
        return [session.CompleteSet(set=number, span=span)]
    counted_by = CountedBy("server", told.watching.model, told.watching.version)
    return session_commands([told.fact], set_number=number, counted_by=counted_by)
