from itertools import pairwise

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from adapters.video.frame_clock import FrameClock

PERIOD_S = 0.04


def times(*stamps_s: float | None) -> list[float | None]:
    clock = FrameClock(PERIOD_S)
    return [clock.time_of(stamp_s) for stamp_s in stamps_s]


def test_timestamps_start_at_the_first_frame() -> None:
    assert times(3.0, 3.04, 3.5) == pytest.approx([0.0, 0.04, 0.5])


def test_two_frames_of_one_moment_are_one_frame() -> None:
    assert times(0.0, 0.04, 0.04, 0.08) == [0.0, 0.04, None, 0.08]


def test_a_frame_without_a_timestamp_follows_after_one_period() -> None:
    assert times(1.0, None, None) == pytest.approx([0.0, 0.04, 0.08])


def test_a_file_without_timestamps_has_its_declared_frame_rate() -> None:
    assert times(None, None, None) == pytest.approx([0.0, 0.04, 0.08])


def test_time_continues_when_timestamps_restart() -> None:
    assert times(10.0, 10.04, 0.0, 0.04, 0.08) == pytest.approx([0.0, 0.04, 0.08, 0.12, 0.16])


@for_any(st.lists(st.none() | st.floats(min_value=-1e5, max_value=1e5, width=32)))
def test_frame_times_always_increase(stamps_s: list[float | None]) -> None:
    shown = [time for time in times(*stamps_s) if time is not None]
    assert all(earlier < later for earlier, later in pairwise(shown))
