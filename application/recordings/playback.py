"""The place of a replay, moved on by a clock: past gaps, around loops, and never past what is sent.

Pure: it is told what time it is. Times of the recording are milliseconds since the session began,
those of the clock seconds.
"""

from collections.abc import Container, Iterator, Sequence
from typing import Final, Literal, Protocol

from domain.kernel import value
from domain.values import InvalidValue

LONGEST_GAP_MS: Final = 1000.0
"""So long a replay shows that nothing was recorded; a longer gap is jumped over."""

SHORTEST_LOOP_MS: Final = 50.0
"""More than a frame of an ordinary camera."""

SLOWEST: Final = 0.25
FASTEST: Final = 4.0

AHEAD_MS: Final = 5000.0
"""So far ahead of its place chunks are sent, at an ordinary rate."""

Outcome = Literal["going", "blocked", "at_end"]


class Bounds(Protocol):
    """A chunk's first and last frame, in milliseconds."""

    @property
    def start_ms(self) -> int: ...

    @property
    def end_ms(self) -> int: ...


class Track(Protocol):
    """What is replayed."""

    @property
    def index(self) -> Sequence[Bounds]: ...

    def chunk_at(self, time_ms: float) -> int: ...


@value
class Loop:
    """A part that is played again and again."""

    start_ms: float
    end_ms: float


@value
class Edge:
    """Where a stretch without interruption ends, and where it goes on; None: nowhere."""

    at_ms: float
    to_ms: float | None


class Playback:
    """Where a replay stands. `sent` are the chunks that its viewer has."""

    def __init__(self, track: Track, sent: Container[int]) -> None:
        self._track = track
        self._sent = sent
        self._heard_at_s = 0.0
        self._owed_ms: float = 0.0
        self.time_ms = float(track.index[0].start_ms) if track.index else 0.0
        self.is_playing = False
        self.rate = 1.0
        self.loop: Loop | None = None
        self.jumps = 0

    @property
    def is_waiting(self) -> bool:
        """Whether what is to be seen here has not been sent."""
        return self._track.chunk_at(self.time_ms) not in self._sent

    @property
    def is_at_end(self) -> bool:
        """Whether there is nothing more to be seen."""
        return self.time_ms >= self._last_ms

    def play(self, now_s: float) -> None:
        """Go on; from the end, from the beginning."""
        if self.is_at_end:
            self.seek(self._first_ms if self.loop is None else self.loop.start_ms)
        self._heard_at_s, self.is_playing = now_s, True

    def pause(self) -> None:
        """Stand still."""
        self.is_playing, self._owed_ms = False, 0.0

    def seek(self, time_ms: float) -> None:
        """Go to a time; what lies outside of the recording is brought inside."""
        self.time_ms = max(self._first_ms, min(time_ms, self._last_ms))
        self._owed_ms = 0.0

    def set_loop(self, start_ms: float, end_ms: float) -> None:
        """Repeat a part from now on. Raises InvalidValue for one that is too short."""
        start_ms, end_ms = max(start_ms, self._first_ms), min(end_ms, self._last_ms)
        if self._played_ms(start_ms, end_ms) < SHORTEST_LOOP_MS:
            raise InvalidValue(f"A loop lasts {SHORTEST_LOOP_MS:g} ms of the recording or longer.")
        self.loop = Loop(start_ms, end_ms)
        if not start_ms <= self.time_ms <= end_ms:
            self.seek(start_ms)

    def advance(self, now_s: float) -> Outcome:
        """Go on until now.

        "blocked": the rest has to wait for a chunk that was not sent, and is made up for once it
        is. "at_end": there is no more.
        """
        if not self.is_playing:
            return "going"
        self._owed_ms += max(0.0, now_s - self._heard_at_s) * 1000.0 * self.rate
        self._heard_at_s = now_s
        while self._owed_ms > 0.0:
            if self.is_waiting:
                return "blocked"
            edge = self._edge(self.time_ms)
            way = edge.at_ms - self.time_ms
            if self._owed_ms < way:
                self.time_ms, self._owed_ms = self.time_ms + self._owed_ms, 0.0
            elif edge.to_ms is None:
                self.time_ms = edge.at_ms
                return "at_end"
            else:
                self._owed_ms -= way
                self.jumps += edge.to_ms != edge.at_ms
                self.time_ms = edge.to_ms
        return "going"

    def wait(self) -> None:
        """Let the rest be: it is not made up for."""
        self._owed_ms = 0.0

    def ahead(self) -> Iterator[int]:
        """Tell the chunks that will be needed, in that order, those that were sent among them."""
        told, time_ms = set[int](), self.time_ms
        left_ms = AHEAD_MS * max(1.0, self.rate)
        while left_ms >= 0.0:
            chunk = self._track.chunk_at(time_ms)
            if chunk not in told:
                told.add(chunk)
                yield chunk
            edge = self._edge(time_ms)
            if edge.to_ms is None:
                return
            left_ms -= edge.at_ms - time_ms
            time_ms = edge.to_ms

    def _edge(self, time_ms: float) -> Edge:
        edge = self._edge_of_chunk(time_ms)
        loop = self.loop
        if loop is None or time_ms > loop.end_ms:
            return edge
        if loop.end_ms <= edge.at_ms:
            return Edge(loop.end_ms, loop.start_ms)
        if edge.to_ms is not None and loop.end_ms <= edge.to_ms:
            return Edge(edge.at_ms, loop.start_ms)  # it ends in a gap that is jumped over
        return edge

    def _played_ms(self, start_ms: float, end_ms: float) -> float:
        """Tell how much of a part is played, without its gaps; no more of it than a loop needs."""
        played_ms, time_ms = 0.0, start_ms
        while time_ms < end_ms and played_ms < SHORTEST_LOOP_MS:
            edge = self._edge_of_chunk(time_ms)
            played_ms += min(edge.at_ms, end_ms) - time_ms
            if edge.to_ms is None:
                break
            time_ms = edge.to_ms
        return played_ms

    def _edge_of_chunk(self, time_ms: float) -> Edge:
        index = self._track.index
        chunk = self._track.chunk_at(time_ms)
        if chunk + 1 == len(index):
            return Edge(max(time_ms, float(index[chunk].end_ms)), None)
        end_ms, next_ms = float(index[chunk].end_ms), float(index[chunk + 1].start_ms)
        if next_ms - end_ms > LONGEST_GAP_MS:
            return Edge(max(time_ms, end_ms), next_ms)
        return Edge(next_ms, next_ms)

    @property
    def _first_ms(self) -> float:
        return float(self._track.index[0].start_ms)

    @property
    def _last_ms(self) -> float:
        return float(self._track.index[-1].end_ms)
