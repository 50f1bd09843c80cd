"""Frame clock: strictly increasing frame times, even from irregular timestamps.

Files repeat a timestamp, lack one, or restart at 0 where two recordings were joined.
"""


class FrameClock:
    """Converts a file's timestamps to seconds since its first frame, strictly increasing.

    `period_s` is the duration of a frame at the file's declared rate; it replaces a missing
    timestamp.
    """

    def __init__(self, period_s: float) -> None:
        self._period_s = period_s
        self._origin_s = 0.0
        self._stamp_s: float | None = None
        self._now_s: float | None = None

    @property
    def now_s(self) -> float:
        """Time of the last frame shown; 0 before the first."""
        return self._now_s or 0.0

    def time_of(self, stamp_s: float | None) -> float | None:
        """Return the time of a frame; None for a second frame with the same timestamp."""
        if stamp_s is not None and stamp_s == self._stamp_s:
            return None
        if self._now_s is None:
            self._origin_s = stamp_s or 0.0
        self._now_s = self._following(stamp_s)
        self._stamp_s = stamp_s
        return self._now_s

    def _following(self, stamp_s: float | None) -> float:
        if self._now_s is None:
            return 0.0
        if stamp_s is not None and stamp_s - self._origin_s > self._now_s:
            return stamp_s - self._origin_s
        following_s = self._now_s + self._period_s
        if stamp_s is not None:  # timestamps restart: this frame follows the previous one
            self._origin_s = stamp_s - following_s
        return following_s
