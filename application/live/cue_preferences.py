"""Cue preferences attached to each chunk, so that workers need no lookup.

Each chunk carries the preferences that held when this process first saw its set. The first chunk
of a set fixes them for the whole set (`application.live.tracker`), wherever and however often it
is folded.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import structlog

from application.kernel.cache import LruCache
from application.kernel.read_models import ReadModelUnavailable
from application.live.chunk import FrameChunk, SessionChunk, SessionKey
from application.live.sequence_guard import SessionSnapshot
from domain.coaching.preferences import DEFAULT_PREFERENCES, CuePreferences
from domain.ids import TenantId, UserId
from domain.kernel import Rejected
from domain.sessions.session import Underway

SETS: Final = 10_000
"""Sets whose preferences stay in memory; those of others are looked up again."""

OUTAGE_S: Final = 1.0
"""Pause of lookups while there are no read models: each would cost more than its chunk."""

Preferences = Callable[[TenantId, UserId], CuePreferences]
"""Returns the cue preferences of a user, who may have no account. Raises Rejected."""

log = structlog.get_logger()


class CuePreferenceCache:
    """Cue preferences by set. Any thread may use it.

    `timer` gives the seconds of a monotonic clock.
    """

    def __init__(
        self, preferences: Preferences, timer: Callable[[], float] = time.monotonic
    ) -> None:
        self._preferences = preferences
        self._timer = timer
        self._away_until: float | None = None
        self._cache = LruCache[tuple[SessionKey, int], CuePreferences](SETS)

    def attach(self, sent: SessionChunk, snapshot: SessionSnapshot) -> FrameChunk:
        """Return the frames of a chunk with the preferences of its athlete.

        While the lookup fails, the defaults apply: a set does not wait for preferences.
        """
        message, state = sent.message, snapshot.state
        if not isinstance(state, Underway):
            return message  # a duplicate after the session, which gives no cues any more
        place = (sent.session, message.set)
        preferences = self._cache.get(place)
        if preferences is None:
            preferences = self._look_up(sent.session, state.athlete_id)
            if preferences is None:
                return message
            self._cache.put(place, preferences)
        if preferences == DEFAULT_PREFERENCES:
            return message
        return replace(message, preferences=preferences)

    def _look_up(self, session: SessionKey, athlete: UserId) -> CuePreferences | None:
        """Return an athlete's preferences; None if the lookup fails, and during an outage."""
        if self._away_until is not None and self._timer() < self._away_until:
            return None
        try:
            return self._preferences(session.tenant_id, athlete)
        except Rejected as away:
            if isinstance(away, ReadModelUnavailable):
                self._away_until = self._timer() + OUTAGE_S
            log.warning("live.preferences_away", session=str(session), detail=away.detail)
            return None
