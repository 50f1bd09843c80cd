"""Requests are counted together with Redis, and per process without it."""

import time
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from adapters.rate_limit.sliding_window import SlidingWindows
from tests.plugins.services import Service


@pytest.fixture(autouse=True)
def early(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the clock to ten seconds after a minute, so that no window ends during a test."""
    minute = time.time() // 60 * 60
    monkeypatch.setattr(time, "time", lambda: minute + 10.0)


def test_the_limit_of_requests_is_exact() -> None:
    """R-API-08, C-42."""
    windows = SlidingWindows("door", 3)
    taken = [windows.consume("ada") for _ in range(5)]
    assert [each.granted for each in taken] == [True, True, True, False, False]
    assert [each.remaining for each in taken] == [2, 1, 0, 0, 0]
    assert all(each.limit == 3 and each.window_s == 60 for each in taken)
    assert all(1 <= each.resets_in_s <= 60 for each in taken)
    assert windows.consume("eve").granted


def test_all_machines_count_together(redis: Service) -> None:
    """R-API-08, C-42, R-EVT-10."""
    one, other = (SlidingWindows("together", 2, redis_url=redis.address) for _ in range(2))
    ada = str(uuid4())
    assert [one.consume(ada).granted, other.consume(ada).granted] == [True, True]
    assert not one.consume(ada).granted
    assert not other.consume(ada).granted


def test_without_redis_this_process_counts_for_itself() -> None:
    windows = SlidingWindows("alone", 1, redis_url="redis://127.0.0.1:1/0")
    with capture_logs() as logs:
        assert [windows.consume("ada").granted for _ in range(2)] == [True, False]
    assert {entry["event"] for entry in logs} == {"rate_limits_out_of_reach"}
