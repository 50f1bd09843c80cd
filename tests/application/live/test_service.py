"""Clients are told to slow down when responses are slow (R-LIV-07)."""

import pytest

from application.live.service import Pace


@pytest.mark.parametrize(
    ("took_ms", "interval_ms"),
    [(0.0, 500), (20.0, 500), (124.0, 500), (200.0, 800), (400.0, 1600), (9000.0, 2000)],
)
def test_a_client_waits_at_most_a_quarter_of_the_time(took_ms: float, interval_ms: int) -> None:
    """R-LIV-07."""
    pace = Pace()
    for _ in range(100):
        pace.note(took_ms)
    assert pace.interval_ms == interval_ms


def test_pacing_recovers_from_a_slow_answer() -> None:
    """R-LIV-07."""
    pace = Pace()
    pace.note(800.0)
    assert 500 < pace.interval_ms < 1000
    for _ in range(10):
        pace.note(10.0)
    assert pace.interval_ms == 500
