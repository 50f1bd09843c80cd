"""Frame clock: strictly increasing frame times, whatever timestamps the file has.

Files repeat a stamp, lack one, or begin to count anew where two recordings were joined.
"""


class FrameClock:
    """Turns the stamps of a file into times from its first frame, strictly increasing, seconds.

    `period_s` is how long a frame lasts by the file's declared rate; it stands in for a stamp.
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
