"""What one process knows of live sessions from the answers that it has heard."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from application.kernel.cache import LruCache
from application.live.chunk import SessionKey
from application.live.chunk_result import StreamProgress
from application.live.replies import LiveReply
from application.live.tracker import RESENT_CHUNKS

SESSIONS: Final = 10_000


@dataclass(frozen=True)
class SessionReplies:
    """A session: where its chunks stand, the newest word of a worker, and the last answers."""

    standing: StreamProgress
    newest: LiveReply | None = None
    replies: Mapping[int, LiveReply] = field(default_factory=dict[int, LiveReply])


class ReplyCache:
    """Keeps a page for each of the sessions heard of lately."""

    def __init__(self) -> None:
        self._pages = LruCache[SessionKey, SessionReplies](SESSIONS)

    def page(self, key: SessionKey) -> SessionReplies | None:
        """Give what is known of a session."""
        return self._pages.get(key)

    def note(self, reply: LiveReply) -> None:
        """Take in an answer, in whatever order they come."""
        page = self._pages.get(reply.session) or SessionReplies(reply.standing)
        standing = max(page.standing, reply.standing, key=lambda each: each.sequence)
        if not reply.is_of_a_worker:
            self._pages.put(reply.session, SessionReplies(standing, page.newest, page.replies))
            return
        newest = page.newest
        if newest is None or reply.standing.sequence >= newest.standing.sequence:
            newest = reply
        kept = {
            at: one for at, one in page.replies.items() if at > standing.sequence - RESENT_CHUNKS
        }
        self._pages.put(
            reply.session, SessionReplies(standing, newest, {**kept, reply.sequence: reply})
        )
