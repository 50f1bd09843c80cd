"""Contract of caches, including their outages."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from uuid import uuid4

import pytest
from pydantic import ValidationError
from structlog.testing import capture_logs

from adapters.cache.memory import MemoryCache
from adapters.cache.redis import RedisCache
from application.kernel.cache import (
    NO_CACHE,
    Cache,
    TieredCache,
    cache_key,
    personal_key,
    personal_prefix,
)
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, UserId
from tests.plugins.services import Service
from tools.local_services.redis import LocalRedis


@pytest.fixture(params=["memory", "redis", "near and far"])
def answers(request: pytest.FixtureRequest) -> Iterator[Cache]:
    if request.param == "memory":
        yield MemoryCache()
        return
    service: Service = request.getfixturevalue("redis")
    with closing(RedisCache(service.address)) as far:
        yield far if request.param == "redis" else TieredCache(MemoryCache(), far)


@pytest.fixture
def name() -> str:
    return cache_key(["a test", str(uuid4())])


def test_an_answer_is_found_under_its_name_alone(answers: Cache, name: str) -> None:
    """R-DAT-07"""
    assert answers.get(name) is None
    answers.put(name, b'{"data":1}')
    assert answers.get(name) == b'{"data":1}'
    assert answers.get(cache_key([name])) is None


def test_a_later_answer_takes_the_place_of_the_one_before_it(answers: Cache, name: str) -> None:
    answers.put(name, b"first")
    answers.put(name, b"second")
    assert answers.get(name) == b"second"


def test_values_of_one_person_are_deleted(answers: Cache) -> None:
    """C-24, R-TEN-12: at once, and not when they expire."""
    ada, bob = UserId(str(uuid4())), UserId(str(uuid4()))
    keys = [personal_key(DEFAULT_TENANT, ada, [name]) for name in ("day", "month")]
    other = personal_key(DEFAULT_TENANT, bob, ["day"])
    for each in (*keys, other):
        answers.put(each, b"61.25 kg")
    assert answers.delete(personal_prefix(DEFAULT_TENANT, ada)) >= len(keys)
    assert [answers.get(each) for each in (*keys, other)] == [None, None, b"61.25 kg"]
    assert answers.delete(personal_prefix(DEFAULT_TENANT, ada)) == 0


def test_oversized_values_are_not_cached(answers: Cache, name: str) -> None:
    answers.put(name, b"x" * 4_000_000)
    assert answers.get(name) is None


def test_another_process_reads_the_shared_cache(redis: Service, name: str) -> None:
    """R-DAT-07"""
    with closing(RedisCache(redis.address)) as far:
        TieredCache(MemoryCache(), far).put(name, b"answer")
        near = MemoryCache()
        assert TieredCache(near, far).get(name) == b"answer"
        assert near.get(name) == b"answer"


def test_redis_keeps_an_answer_for_five_minutes_and_no_longer(redis: Service, name: str) -> None:
    """C-20, R-DAT-08"""
    with closing(RedisCache(redis.address)) as answers:
        answers.put(name, b"answer")
        left = answers._redis.ttl(f"kinelog:answer:{name}")
    assert 200 < left <= 300


def test_memory_keeps_an_answer_for_five_minutes_and_no_longer(name: str) -> None:
    """C-20, R-DAT-08"""
    now = 0.0
    answers = MemoryCache(clock=lambda: now)
    answers.put(name, b"answer")
    now = 299.0
    assert answers.get(name) == b"answer"
    now = 300.0
    assert answers.get(name) is None


@pytest.mark.parametrize(
    ("seconds", "may_be"), [(299, False), (300, True), (900, True), (901, False)]
)
def test_how_long_answers_are_kept_is_set_within_bounds(*, seconds: int, may_be: bool) -> None:
    """C-20"""
    if may_be:
        assert Settings(cache_ttl_s=seconds).cache_ttl_s == seconds
    else:
        with pytest.raises(ValidationError):
            Settings(cache_ttl_s=seconds)


def test_the_least_recently_used_entry_is_evicted() -> None:
    answers = MemoryCache(max_bytes=1000)
    for number in range(10):
        answers.put(f"{number}", bytes(100))
    answers.get("0")
    answers.put("10", bytes(100))
    assert answers.get("0") is not None
    assert answers.get("1") is None
    assert answers.get("10") is not None


def waited_for(happens: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_without_redis_nothing_is_kept_and_nothing_fails(name: str) -> None:
    """R-EVT-20: it is tried three times, then not for a while, and used again when it is back."""
    with LocalRedis() as server, closing(RedisCache(server.url, open_s=0.05)) as answers:
        answers.put(name, b"answer")
        server.kill()
        with capture_logs() as said:
            for _ in range(20):
                assert answers.get(name) is None
                answers.put(name, b"answer")
        assert 3 <= len(said) < 40
        server.start()

        def is_back() -> bool:
            answers.put(name, b"again")
            return answers.get(name) == b"again"

        waited_for(is_back)


def test_errors_hide_the_redis_password(name: str) -> None:
    with (
        closing(RedisCache("redis://:hush@127.0.0.1:1/0")) as answers,
        capture_logs() as said,
    ):
        assert answers.get(name) is None
    assert said
    assert "hush" not in f"{said}"


def test_the_names_of_part_lists_are_unique() -> None:
    named = [["a", "b"], ["ab"], ["a", "", "b"], ["b", "a"], []]
    assert len({cache_key(parts) for parts in named}) == len(named)


def test_the_empty_cache_keeps_nothing(name: str) -> None:
    NO_CACHE.put(name, b"answer")
    assert NO_CACHE.get(name) is None
