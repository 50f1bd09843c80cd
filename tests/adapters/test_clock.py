from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import RFC_4122, UUID

from adapters.clock import UuidV7, new_id, utc_now


class Milliseconds:
    """Clock that tests set."""

    def __init__(self, now: int) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


def test_the_time_is_in_utc() -> None:
    """C-14"""
    assert utc_now().tzinfo is UTC
    assert abs(utc_now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_an_identifier_is_of_version_7_and_begins_with_its_time() -> None:
    made = UuidV7(Milliseconds(0x017F22E279B0))()
    assert made.version == 7
    assert made.variant == RFC_4122
    assert str(made).startswith("017f22e2-79b0-7")  # the example of RFC 9562, appendix A.6


def test_identifiers_rise_within_a_millisecond() -> None:
    make = UuidV7(Milliseconds(5))
    made = [make() for _ in range(10_000)]
    assert all(a < b for a, b in pairwise(made))
    assert {identifier.int >> 80 for identifier in made} == {5}


def test_identifiers_rise_while_the_clock_runs_backwards() -> None:
    clock = Milliseconds(1000)
    make = UuidV7(clock)
    first = make()
    clock.now = 10
    second = make()
    clock.now = 1001
    assert first < second < make()


def test_a_full_counter_borrows_from_the_next_millisecond() -> None:
    make = UuidV7(Milliseconds(7))
    make()
    make._counter = (1 << 42) - 2
    full, following = make(), make()
    assert (full.int >> 80, following.int >> 80) == (7, 8)
    assert full < following


def test_the_process_makes_no_identifier_twice_whoever_asks() -> None:
    def make_many(_: int) -> list[UUID]:
        return [new_id() for _ in range(2000)]

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(make_many, range(8)))
    assert all(a < b for own in made for a, b in pairwise(own))
    assert len({identifier for own in made for identifier in own}) == 16_000
