"""Lag of log followers: positions behind, and the age of the oldest pending event."""

from datetime import UTC, datetime, timedelta

from application.kernel.subscription import Lag, lag_of

NOW = datetime(2030, 1, 1, tzinfo=UTC)


def recorded_after(position: int) -> datetime | None:
    """Return the time of one of ten events, one second apart."""
    return NOW - timedelta(seconds=10 - position) if position < 10 else None


def lag(position: int, *, head: int = 10) -> Lag:
    return lag_of(position, head=head, now=NOW, recorded_after=recorded_after)


def test_a_position_at_the_end_has_no_lag() -> None:
    assert lag(10) == Lag(0, 0.0)


def test_the_oldest_event_still_to_come_counts() -> None:
    assert lag(7) == Lag(3, 3.0)


def test_a_slow_clock_makes_no_negative_age() -> None:
    assert lag_of(9, head=10, now=NOW - timedelta(hours=1), recorded_after=recorded_after) == Lag(
        1, 0.0
    )


def test_a_position_ahead_of_the_end_has_no_lag() -> None:
    assert lag(10, head=8) == Lag(0, 0.0)
