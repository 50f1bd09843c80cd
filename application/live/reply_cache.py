"""Reply cache: the progress and last replies of live sessions, as received by one process."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from application.kernel.cache import LruCache
from application.live.chunk import SessionKey
from application.live.replies import LiveReply, StreamProgress
from application.live.tracker import RESENT_CHUNKS

SESSIONS: Final = 10_000


@dataclass(frozen=True)
class SessionReplies:
    """A session's progress, the newest feedback of a worker, and the last replies by chunk."""

    progress: StreamProgress
    newest: LiveReply | None = None
    by_sequence: Mapping[int, LiveReply] = field(default_factory=dict[int, LiveReply])

    @property
    def latest_set(self) -> int:
        """The latest set of which workers have not refused the newest chunk; 0 if there is none."""
        reply = self.by_sequence.get(self.progress.sequence)
        if reply is None or reply.refused is None:
            return self.progress.set
        return 0 if self.newest is None else self.newest.standing.set


class ReplyCache:
    """The replies of the sessions that were active last."""

    def __init__(self) -> None:
        self._sessions = LruCache[SessionKey, SessionReplies](SESSIONS)

    def get(self, key: SessionKey) -> SessionReplies | None:
        """Return the replies of a session."""
        return self._sessions.get(key)

    def put(self, reply: LiveReply) -> None:
        """Add a reply, in any order. Of one chunk, what a worker says of the set is right."""
        before = self._sessions.get(reply.session) or SessionReplies(reply.standing)
        progress = before.progress
        is_same_chunk = reply.standing.sequence == progress.sequence
        if reply.standing.sequence > progress.sequence or (is_same_chunk and reply.is_from_worker):
            progress = reply.standing
        if not reply.is_from_worker:
            after = SessionReplies(progress, before.newest, before.by_sequence)
            self._sessions.put(reply.session, after)
            return
        newest = before.newest
        if reply.feedback is not None and (
            newest is None or reply.standing.sequence >= newest.standing.sequence
        ):
            newest = reply
        oldest = progress.sequence - RESENT_CHUNKS
        kept = {at: each for at, each in before.by_sequence.items() if at > oldest}
        by_sequence = {**kept, reply.sequence: reply}
        self._sessions.put(reply.session, SessionReplies(progress, newest, by_sequence))
