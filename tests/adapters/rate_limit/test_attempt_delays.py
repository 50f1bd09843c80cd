"""Progressive delays are counted in Redis where there is one, else in this process."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from adapters.rate_limit.attempt_delays import AttemptDelays
from adapters.rate_limit.token_bucket import redis_client
from tests.plugins.services import Service

Build = Callable[[], AttemptDelays]


@pytest.fixture(params=["in this process", "in Redis"])
def build(request: pytest.FixtureRequest) -> Build:
    """Return a function that opens delays of one deployment, whose clock stands still here."""
    if request.param == "in this process":
        delays = AttemptDelays(clock=lambda: 1000.0)
        return lambda: delays
    url = request.getfixturevalue("redis").address
    return lambda: AttemptDelays(redis_url=url)


def test_attempts_wait_after_the_first_five(build: Build) -> None:
    """R-API-08, R-IDN-18: concurrent attempts wait too, at all processes together."""
    key = str(uuid4())
    assert [build().begin(key) for _ in range(5)] == [0] * 5
    assert build().begin(key) == 1
    assert build().begin(str(uuid4())) == 0
    build().succeeded(key)
    assert build().begin(key) == 0


def test_without_redis_each_process_counts_alone() -> None:
    delays = AttemptDelays(redis_url="redis://127.0.0.1:1/0", clock=lambda: 1000.0)
    assert [delays.begin("ada") for _ in range(6)] == [0] * 5 + [1]
    delays.succeeded("ada")
    assert delays.begin("ada") == 0


def test_the_delay_doubles_up_to_five_minutes_and_is_forgotten_after_an_hour() -> None:
    now = [0.0]
    delays = AttemptDelays(clock=lambda: now[0])
    waits: list[int] = []
    for _ in range(16):
        while wait_s := delays.begin("ada"):
            waits.append(wait_s)
            now[0] += wait_s
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    now[0] += 3600
    assert delays.begin("ada") == 0


def test_old_attempts_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.rate_limit.attempt_delays.FEWEST_SWEPT", 8)
    now = [0.0]
    delays = AttemptDelays(clock=lambda: now[0])
    for number in range(100):
        now[0] += 3600
        delays.begin(str(number))
    assert len(delays._local._attempts) <= 9


def test_redis_forgets_attempts(redis: Service) -> None:
    key = str(uuid4())
    delays = AttemptDelays(redis_url=redis.address)
    delays.begin(key)
    client = redis_client(redis.address)
    assert 0 < client.ttl(f"kinelog:attempts:{key}") <= 3600
