"""Requests are counted together where there is a Redis, and here where there is none."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import pytest
import redis as redis_client
from structlog.testing import capture_logs

from adapters.rate_limit import token_bucket
from adapters.rate_limit.token_bucket import TokenBuckets
from tests.plugins.services import Service

HOUR_S = 3600


@dataclass
class Time:
    """A clock that moves when it is told."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture(params=["in this process", "in Redis"])
def build(request: pytest.FixtureRequest, clock: Time) -> Callable[[int], TokenBuckets]:
    """Return a function that builds buckets refilled within an hour."""
    if request.param == "in this process":
        return lambda amount: TokenBuckets("door", amount, window_s=HOUR_S, clock=clock)
    url = request.getfixturevalue("redis").address
    name = str(uuid4())
    return lambda amount: TokenBuckets(name, amount, window_s=HOUR_S, redis_url=url)


def test_a_burst_takes_all_tokens_and_the_next_request_is_refused(
    build: Callable[[int], TokenBuckets],
) -> None:
    """R-API-08, C-42."""
    buckets = build(3)
    taken = [buckets.consume("ada") for _ in range(5)]
    assert [each.granted for each in taken] == [True, True, True, False, False]
    assert [each.remaining for each in taken] == [2, 1, 0, 0, 0]
    assert all(each.limit == 3 and each.window_s == HOUR_S for each in taken)
    assert taken[0].resets_in_s <= HOUR_S / 3
    assert HOUR_S / 3 - 60 < taken[3].resets_in_s <= HOUR_S / 3, "when the next token is back"
    assert buckets.consume("eve").granted


def test_a_token_given_back_can_be_taken_again(build: Callable[[int], TokenBuckets]) -> None:
    """R-API-08: and a bucket never has more than its amount."""
    buckets = build(3)
    buckets.give_back("eve")
    for _ in range(3):
        buckets.consume("ada")
    buckets.give_back("ada")
    assert [buckets.consume("ada").granted for _ in range(2)] == [True, False]
    for _ in range(9):
        buckets.give_back("ada")
    assert sum(buckets.consume("ada").granted for _ in range(9)) == 3
    assert sum(buckets.consume("eve").granted for _ in range(9)) == 3


def test_tokens_come_back_evenly(clock: Time) -> None:
    """R-EVT-10, C-42: unlike a window, which forgives everything when it turns."""
    buckets = TokenBuckets("door", 60, clock=clock)
    assert sum(buckets.consume("ada").granted for _ in range(100)) == 60
    for seconds, granted in ((0.5, 0), (0.5, 1), (0.4, 0), (2.6, 3), (3600.0, 60)):
        clock.now += seconds
        assert sum(buckets.consume("ada").granted for _ in range(100)) == granted, seconds


def test_tokens_come_back_in_redis(redis: Service) -> None:
    """R-EVT-10, C-42."""
    name = str(uuid4())
    buckets = TokenBuckets(name, 2, window_s=HOUR_S, redis_url=redis.address)
    assert [buckets.consume("ada").granted for _ in range(3)] == [True, True, False]
    with redis_client.Redis.from_url(redis.address) as client:
        key = f"kinelog:rate:{name}:ada"
        at = float(client.hget(key, "at"))
        client.hset(key, "at", f"{at - HOUR_S / 2:.6f}")
        assert 0 < client.ttl(key) <= HOUR_S + 1
    assert [buckets.consume("ada").granted for _ in range(2)] == [True, False]


def test_all_machines_count_together(redis: Service) -> None:
    """R-API-08, C-42, R-EVT-10."""
    one, other = (
        TokenBuckets("together", 2, window_s=HOUR_S, redis_url=redis.address) for _ in range(2)
    )
    ada = str(uuid4())
    assert [one.consume(ada).granted, other.consume(ada).granted] == [True, True]
    assert not one.consume(ada).granted
    assert not other.consume(ada).granted


def test_without_redis_this_process_counts_for_itself() -> None:
    """R-API-08"""
    buckets = TokenBuckets("alone", 1, window_s=HOUR_S, redis_url="redis://127.0.0.1:1/0")
    with capture_logs() as logs:
        assert [buckets.consume("ada").granted for _ in range(2)] == [True, False]
    assert {entry["event"] for entry in logs} == {"rate_limits_out_of_reach"}


def test_buckets_that_are_full_again_use_no_memory(
    clock: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-API-08: any number of addresses may have sent one request each."""
    monkeypatch.setattr(token_bucket, "FEWEST_SWEPT", 10)
    buckets = TokenBuckets("door", 2, clock=clock)
    for number in range(1000):
        buckets.consume(f"192.0.2.{number}")
        clock.now += 10
    assert len(buckets._local._buckets) < 1000
    for _ in range(2):
        buckets.consume("ada")
    assert not buckets.consume("ada").granted, "those that are not full are kept"
