"""Playback follows its clock across gaps and loops, and waits for missing chunks."""

from collections.abc import Sequence

import pytest

from application.recordings.playback import Playback
from domain.kernel import value
from domain.values import InvalidValue


@value
class Part:
    start_ms: int
    end_ms: int


class Tape:
    """Chunks of half a second each, with a gap of five seconds after the fourth."""

    def __init__(self, chunks: int = 8) -> None:
        starts = [500 * n + (5000 if n >= 4 else 0) for n in range(chunks)]
        self.index: Sequence[Part] = [Part(start, start + 466) for start in starts]

    def chunk_at(self, time_ms: float) -> int:
        return max(0, sum(part.start_ms <= time_ms for part in self.index) - 1)


ALL = frozenset(range(8))


def playing(sent: frozenset[int] | set[int] = ALL, at_ms: float = 0.0) -> Playback:
    playback = Playback(Tape(), sent)
    playback.seek(at_ms)
    playback.play(100.0)
    return playback


@pytest.mark.parametrize(("rate", "time_ms"), [(0.25, 250.0), (1.0, 1000.0), (1.5, 1500.0)])
def test_playback_follows_its_rate(rate: float, time_ms: float) -> None:
    """R-RPL-06."""
    playback = playing()
    playback.rate = rate
    assert playback.advance(101.0) == "going"
    assert playback.time_ms == pytest.approx(time_ms)


def test_a_long_gap_is_jumped_over() -> None:
    """R-RPL-05."""
    playback = playing(at_ms=1900.0)
    playback.advance(100.1)
    assert playback.time_ms == pytest.approx(7034.0)
    assert playback.jumps == 1


def test_playback_waits_for_missing_chunks_and_catches_up() -> None:
    """R-RPL-06, C-32: no frame is skipped for lack of credits."""
    sent = {0, 1}
    playback = playing(sent)
    assert playback.advance(101.2) == "blocked"
    assert (playback.time_ms, playback.is_waiting) == (1000.0, True)
    sent.add(2)
    assert playback.advance(101.2) == "going"
    assert playback.time_ms == pytest.approx(1200.0)
    assert playback.advance(102.2) == "blocked"
    playback.wait()
    sent.add(3)
    assert playback.advance(102.3) == "going"
    assert playback.time_ms == pytest.approx(1600.0)  # after a wait there is no catching up


def test_at_the_end_it_is_at_the_last_frame_and_begins_again_from_there() -> None:
    """R-RPL-06."""
    playback = playing()
    assert playback.advance(200.0) == "at_end"
    assert (playback.time_ms, playback.is_at_end) == (8966.0, True)
    playback.pause()
    playback.play(201.0)
    assert playback.advance(201.1) == "going"
    assert playback.time_ms == pytest.approx(100.0)


def test_a_loop_is_repeated_to_the_millisecond() -> None:
    """R-RPL-06."""
    playback = playing(at_ms=3.0)
    playback.set_loop(200.0, 700.0)
    assert playback.time_ms == 200.0
    playback.advance(101.6)
    assert playback.time_ms == pytest.approx(300.0)
    assert playback.jumps == 3
    playback.loop = None
    playback.advance(102.6)
    assert playback.time_ms == pytest.approx(1300.0)


def test_a_loop_over_a_gap_leaves_the_gap_out_and_comes_back() -> None:
    playback = playing(at_ms=1500.0)
    playback.set_loop(1500.0, 7400.0)
    playback.advance(100.0 + 0.466 + 0.4 + 0.1)
    assert playback.time_ms == pytest.approx(1600.0)


@pytest.mark.parametrize("end_ms", [4000.0, 7000.0])
def test_a_loop_that_ends_in_a_gap_continues_at_its_start(end_ms: float) -> None:
    playback = playing(at_ms=1500.0)
    playback.set_loop(1500.0, end_ms)
    assert playback.advance(100.466 + 0.1) == "going"
    assert playback.time_ms == pytest.approx(1600.0)
    assert list(playback.ahead()) == [3]


@pytest.mark.parametrize("bounds", [(3000.0, 5000.0), (1966.0, 7000.0), (1930.0, 7000.0)])
def test_a_loop_with_almost_no_recorded_frames_is_refused(
    bounds: tuple[float, float],
) -> None:
    """It would be repeated endlessly in no time."""
    playback = playing(at_ms=1500.0)
    with pytest.raises(InvalidValue):
        playback.set_loop(*bounds)
    playback.set_loop(3000.0, 7100.0)
    playback.advance(100.25)
    assert playback.time_ms == pytest.approx(7050.0)


@pytest.mark.parametrize("bounds", [(200.0, 220.0), (700.0, 200.0), (9000.0, 12000.0)])
def test_an_empty_loop_is_refused(bounds: tuple[float, float]) -> None:
    playback = playing()
    with pytest.raises(InvalidValue):
        playback.set_loop(*bounds)
    assert playback.loop is None


def test_chunks_needed_next_are_loaded_first_up_to_five_seconds() -> None:
    """C-32."""
    playback = Playback(Tape(), set[int]())
    assert list(playback.ahead()) == [0, 1, 2, 3, 4, 5, 6, 7]
    playback.seek(7600.0)
    assert list(playback.ahead()) == [5, 6, 7]
    playback.set_loop(600.0, 1400.0)
    assert list(playback.ahead()) == [1, 2]
    playback = Playback(Tape(4), set[int]())
    playback.seek(1200.0)
    playback.set_loop(100.0, 1400.0)
    assert list(playback.ahead()) == [2, 0, 1]


def test_a_seek_stays_inside() -> None:
    playback = playing()
    playback.seek(-5.0)
    assert playback.time_ms == 0.0
    playback.seek(1e9)
    assert playback.time_ms == 8966.0
