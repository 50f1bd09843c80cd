"""Feed publisher: publishes session events as they are stored, without blocking the writer."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from application.kernel.ports import AppendResult, Change, EventLog
from application.live.chunk import IngestChunk, SessionKey
from application.live.chunk_result import ChunkResult, Mode
from application.live.feed import FeedChannel, TransientUpdate, entries_of
from application.live.feed_events import CueGiven, ProgressMode
from domain.ids import SessionId, TenantId
from domain.kernel import Origin
from domain.sessions.session import SESSION

PREFIX: Final = f"{SESSION.category}-"

MODES: Final[dict[Mode, ProgressMode]] = {"live": "server", "degraded": "degraded"}


class FeedPublisher:
    """An `EventLog` that publishes session events after each append.

    The events of one command have consecutive positions, the last of which the log returns.
    """

    def __init__(self, event_log: EventLog, channel: FeedChannel) -> None:
        self._log = event_log
        self._channel = channel
        self.done = event_log.done
        self.load = event_log.load
        self.load_many = event_log.load_many
        self.scan = event_log.scan
        self.head = event_log.head

    def append(
        self, changes: Sequence[Change], *, origin: Origin, command_id: UUID
    ) -> AppendResult:
        appended = self._log.append(changes, origin=origin, command_id=command_id)
        if not appended.repeated:
            self._tell(changes, origin.tenant_id, appended.position)
        return appended

    def _tell(self, changes: Sequence[Change], tenant_id: TenantId, last: int) -> None:
        position = last - sum(len(change.events) for change in changes)
        for change in changes:
            first = position + 1
            position += len(change.events)
            if not change.events or not change.stream.startswith(PREFIX):
                continue
            key = SessionKey(tenant_id, SessionId(change.stream.removeprefix(PREFIX)))
            facts = [
                entry
                for number, event in enumerate(change.events)
                for entry in entries_of(event, first + number, change.expected_version + 1 + number)
            ]
            self._channel.publish(key, facts)


def heard_of(command: IngestChunk, taken: ChunkResult) -> TransientUpdate:
    """Return the transient update of a chunk's result.

    Cues about a fault or a repetition are events, and come from the log.
    """
    cues = tuple(
        CueGiven(taken.set, None, None, cue.cue, cue.at_ms)
        for cue in taken.cues
        if cue.fault is None and cue.repetition == 0
    )
    return TransientUpdate(command.sequence, MODES[taken.mode], cues)
