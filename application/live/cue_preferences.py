"""How an athlete wants to be coached travels with the frames: whoever coaches asks nobody.

Each chunk carries what held when this process first saw its set; the first chunk of a set settles
it for all of the set (`application.live.tracker`), wherever it is folded and however often.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import structlog

from application.kernel.cache import LruCache
from application.live.chunk import FrameChunk, IngestChunk, SessionKey
from application.live.coaching import DEFAULT_PREFERENCES
from application.live.sequence_guard import SessionSnapshot
from domain.coaching.preferences import CuePreferences
from domain.ids import TenantId, UserId
from domain.kernel import Rejected
from domain.sessions.session import Underway

SETS: Final = 10_000
"""Sets of which the preferences are remembered; those of others are looked up again."""

Preferences = Callable[[TenantId, UserId], CuePreferences]
"""Tells how somebody wants to be coached, who may have no account. Raises Rejected."""

log = structlog.get_logger()


class CuePreferenceCache:
    """Puts on chunks how their athlete wants to be coached. Any thread may use it."""

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences
        self._known = LruCache[tuple[SessionKey, int], CuePreferences](SETS)

    def added(self, command: IngestChunk, logged: SessionSnapshot) -> FrameChunk:
        """Give the message of a chunk with the preferences of its athlete.

        They cannot be looked up at times. Coaching goes on as usual then: a set is not held up.
        """
        message, state = command.message, logged.state
        if not isinstance(state, Underway):
            return message  # a chunk that was taken before, which coaches nobody any more
        place = (command.session, message.set)
        known = self._known.get(place)
        if known is None:
            try:
                known = self._preferences(command.session.tenant_id, state.athlete_id)
            except Rejected as away:
                log.warning(
                    "live.preferences_away", session=str(command.session), detail=away.detail
                )
                return message
            self._known.put(place, known)
        return message if known == DEFAULT_PREFERENCES else replace(message, preferences=known)
