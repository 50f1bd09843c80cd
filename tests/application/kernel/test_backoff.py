"""Pauses between retries grow."""

import pytest

from application.kernel.subscription import Backoff

RETRY = Backoff(attempts=5, first_s=0.2, factor=3, longest_s=4)


@pytest.mark.parametrize(("failed", "longest"), [(1, 0.2), (2, 0.6), (3, 1.8), (4, 4), (9999, 4)])
def test_pauses_grow_up_to_the_longest(failed: int, longest: float) -> None:
    """R-EVT-19"""
    assert RETRY.pause_s(failed, lambda: 1.0) == pytest.approx(longest)
    assert RETRY.pause_s(failed, lambda: 0.5) == pytest.approx(longest / 2)
    assert RETRY.pause_s(failed, lambda: 0.0) == 0
