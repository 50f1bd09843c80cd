"""What one process knows of live sessions from the answers that it has heard."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from application.kernel.lru_cache import LruCache
from application.live.chunk_result import Standing
from application.live.replies import LiveReply
from application.live.tracker import TAIL, LiveKey

SESSIONS: Final = 10_000


@dataclass(frozen=True)
class Page:
    """A session: where its chunks stand, the newest word of a worker, and the last answers."""

    standing: Standing
    newest: LiveReply | None = None
    replies: Mapping[int, LiveReply] = field(default_factory=dict[int, LiveReply])


class Book:
    """Keeps a page for each of the sessions heard of lately."""

    def __init__(self) -> None:
        self._pages = LruCache[LiveKey, Page](SESSIONS)

    def page(self, key: LiveKey) -> Page | None:
        """Give what is known of a session."""
        return self._pages.get(key)

    def note(self, reply: LiveReply) -> None:
        """Take in an answer, in whatever order they come."""
        page = self._pages.get(reply.session) or Page(reply.standing)
        standing = max(page.standing, reply.standing, key=lambda each: each.sequence)
        if not reply.is_of_a_worker:
            self._pages.put(reply.session, Page(standing, page.newest, page.replies))
            return
        newest = page.newest
        if newest is None or reply.standing.sequence >= newest.standing.sequence:
            newest = reply
        kept = {at: one for at, one in page.replies.items() if at > standing.sequence - TAIL}
        self._pages.put(reply.session, Page(standing, newest, {**kept, reply.sequence: reply}))
