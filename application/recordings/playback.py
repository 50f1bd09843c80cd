"""Playback position: seek, loop, skip gaps, wait for chunks that were not sent.

Pure: callers pass the time. Times of the recording are milliseconds since the session began, those
of the clock are seconds.
"""

from collections.abc import Container, Iterator, Sequence
from typing import Final, Literal, Protocol

from domain.kernel import value
from domain.values import InvalidValue

MAX_GAP_MS: Final = 1000.0
"""A replay shows gaps up to this length, and skips longer ones."""

MIN_LOOP_MS: Final = 50.0
"""Longer than a frame of an ordinary camera."""

MIN_RATE: Final = 0.25
MAX_RATE: Final = 4.0

AHEAD_MS: Final = 5000.0
"""Chunks are sent this far ahead of the position, at normal rate."""

Outcome = Literal["going", "blocked", "at_end"]


class Bounds(Protocol):
    """A chunk's first and last frame, in milliseconds."""

    @property
    def start_ms(self) -> int: ...

    @property
    def end_ms(self) -> int: ...


class Track(Protocol):
    """The recording that is replayed."""

    @property
    def index(self) -> Sequence[Bounds]: ...

    def chunk_at(self, time_ms: float) -> int: ...


@value
class Loop:
    """A part that is repeated."""

    start_ms: float
    end_ms: float


@value
class Cut:
    """End of an uninterrupted part, and where playback continues; None at the end."""

    at_ms: float
    to_ms: float | None


class Playback:
    """Position of a replay. `sent` are the chunks that its viewer has."""

    def __init__(self, track: Track, sent: Container[int]) -> None:
        self._track = track
        self._sent = sent
        self._updated_at_s = 0.0
        self._owed_ms: float = 0.0
        self.time_ms = float(track.index[0].start_ms) if track.index else 0.0
        self.is_playing = False
        self.rate = 1.0
        self.loop: Loop | None = None
        self.jumps = 0

    @property
    def is_waiting(self) -> bool:
        """Whether the chunk at this position has not been sent."""
        return self._track.chunk_at(self.time_ms) not in self._sent

    @property
    def is_at_end(self) -> bool:
        """Whether the position is at the end."""
        return self.time_ms >= self._last_ms

    def play(self, now_s: float) -> None:
        """Play; at the end, start again."""
        if self.is_at_end:
            self.seek(self._first_ms if self.loop is None else self.loop.start_ms)
        self._updated_at_s, self.is_playing = now_s, True

    def pause(self) -> None:
        """Pause."""
        self.is_playing, self._owed_ms = False, 0.0

    def seek(self, time_ms: float) -> None:
        """Go to a time, limited to the recording."""
        self.time_ms = max(self._first_ms, min(time_ms, self._last_ms))
        self._owed_ms = 0.0

    def set_loop(self, start_ms: float, end_ms: float) -> None:
        """Repeat a part. Raises InvalidValue for one that is too short."""
        start_ms, end_ms = max(start_ms, self._first_ms), min(end_ms, self._last_ms)
        if self._played_ms(start_ms, end_ms) < MIN_LOOP_MS:
            raise InvalidValue(f"A loop lasts {MIN_LOOP_MS:g} ms of the recording or longer.")
        self.loop = Loop(start_ms, end_ms)
        if not start_ms <= self.time_ms <= end_ms:
            self.seek(start_ms)

    def advance(self, now_s: float) -> Outcome:
        """Advance to now.

        "blocked": a chunk was not sent yet, and playback catches up once it is. "at_end": the
        recording ends here.
        """
        if not self.is_playing:
            return "going"
        self._owed_ms += max(0.0, now_s - self._updated_at_s) * 1000.0 * self.rate
        self._updated_at_s = now_s
        while self._owed_ms > 0.0:
            if self.is_waiting:
                return "blocked"
            cut = self._cut(self.time_ms)
            way = cut.at_ms - self.time_ms
            if self._owed_ms < way:
                self.time_ms, self._owed_ms = self.time_ms + self._owed_ms, 0.0
            elif cut.to_ms is None:
                self.time_ms = cut.at_ms
                return "at_end"
            else:
                self._owed_ms -= way
                self.jumps += cut.to_ms != cut.at_ms
                self.time_ms = cut.to_ms
        return "going"

    def wait(self) -> None:
        """Drop the time that playback is behind."""
        self._owed_ms = 0.0

    def ahead(self) -> Iterator[int]:
        """Yield the chunks that will be needed, in order, sent ones included."""
        listed, time_ms = set[int](), self.time_ms
        left_ms = AHEAD_MS * max(1.0, self.rate)
        while left_ms >= 0.0:
            chunk = self._track.chunk_at(time_ms)
            if chunk not in listed:
                listed.add(chunk)
                yield chunk
            cut = self._cut(time_ms)
            if cut.to_ms is None:
                return
            left_ms -= cut.at_ms - time_ms
            time_ms = cut.to_ms

    def _cut(self, time_ms: float) -> Cut:
        cut = self._cut_of_chunk(time_ms)
        loop = self.loop
        if loop is None or time_ms > loop.end_ms:
            return cut
        if loop.end_ms <= cut.at_ms:
            return Cut(loop.end_ms, loop.start_ms)
        if cut.to_ms is not None and loop.end_ms <= cut.to_ms:
            return Cut(cut.at_ms, loop.start_ms)  # it ends in a gap that is skipped
        return cut

    def _played_ms(self, start_ms: float, end_ms: float) -> float:
        """Return the played length of a part without its gaps, up to the minimum of a loop."""
        played_ms, time_ms = 0.0, start_ms
        while time_ms < end_ms and played_ms < MIN_LOOP_MS:
            cut = self._cut_of_chunk(time_ms)
            played_ms += min(cut.at_ms, end_ms) - time_ms
            if cut.to_ms is None:
                break
            time_ms = cut.to_ms
        return played_ms

    def _cut_of_chunk(self, time_ms: float) -> Cut:
        index = self._track.index
        chunk = self._track.chunk_at(time_ms)
        if chunk + 1 == len(index):
            return Cut(max(time_ms, float(index[chunk].end_ms)), None)
        end_ms, next_ms = float(index[chunk].end_ms), float(index[chunk + 1].start_ms)
        if next_ms - end_ms > MAX_GAP_MS:
            return Cut(max(time_ms, end_ms), next_ms)
        return Cut(next_ms, next_ms)

    @property
    def _first_ms(self) -> float:
        return float(self._track.index[0].start_ms)

    @property
    def _last_ms(self) -> float:
        return float(self._track.index[-1].end_ms)
