"""Readers see their own writes, or get older data when the deadline passes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from application.kernel.ports import StorageUnavailable
from application.kernel.projection_store import Table
from application.kernel.read_your_writes import ReadYourWrites, wait_until
from domain.kernel import Projection
from projections.repetition import REPETITION
from projections.session_summary import SESSION_SUMMARY

BOTH = (SESSION_SUMMARY, REPETITION)


@dataclass
class Tables:
    """Table store that only reports positions."""

    standing: list[Table]
    trouble: Exception | None = None
    reads: int = 0

    def live(self, projections: Sequence[Projection[Any]]) -> tuple[Table, ...]:
        self.reads += 1
        if self.trouble:
            raise self.trouble
        return tuple(table for table in self.standing if table.projection in projections)

    def move(self, position: int) -> None:
        self.standing = [replace(table, position=position) for table in self.standing]

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(name)


@dataclass
class Moves:
    """Runs one of these actions per wait; without any, time passes."""

    happen: list[Callable[[], object]] = field(default_factory=list[Callable[[], object]])
    waits: int = 0

    def seen(self) -> int:
        return self.waits

    def wait(self, seen: int, timeout_s: float) -> None:
        assert seen == self.waits
        assert 0 < timeout_s <= 1
        self.waits += 1
        if self.happen:
            self.happen.pop(0)()


@pytest.fixture
def tables() -> Tables:
    return Tables([Table(each, 1, 7, live=True) for each in BOTH])


def test_reached_positions_are_not_waited_for(tables: Tables) -> None:
    moves = Moves()
    assert wait_until(tables, BOTH, 7, 60, moves)
    assert moves.waits == 0


def test_all_requested_read_models_are_waited_for(tables: Tables) -> None:
    def one_goes_on() -> None:
        tables.standing[0] = replace(tables.standing[0], position=8)

    moves = Moves([one_goes_on, lambda: tables.move(9)])
    assert wait_until(tables, BOTH, 8, 60, moves)
    assert moves.waits == 2
    tables.standing[1] = replace(tables.standing[1], position=1)
    assert wait_until(tables, [SESSION_SUMMARY], 9, 60, moves)
    assert moves.waits == 2


def test_read_models_that_nobody_has_built_are_not_waited_for() -> None:
    moves = Moves()
    assert not wait_until(Tables([]), BOTH, 7, 60, moves)
    assert moves.waits == 0


def test_waiting_for_read_models_times_out(tables: Tables) -> None:
    assert not wait_until(tables, BOTH, 8, 0.01, Moves())


def test_an_absent_projection_runner_delays_one_command_only(tables: Tables) -> None:
    moves = Moves()
    fresh = ReadYourWrites(tables, BOTH, moves, deadline_s=0.01)
    assert not fresh.settled(8)
    waits = moves.waits
    assert waits > 0
    assert not fresh.settled(9)
    assert not fresh.settled(10)
    assert moves.waits == waits
    tables.move(9)
    moves.happen.append(lambda: tables.move(11))
    assert fresh.settled(11)
    assert moves.waits == waits + 1


def test_waiting_for_an_unreachable_position_does_not_shorten_later_waits(tables: Tables) -> None:
    moves = Moves()
    fresh = ReadYourWrites(tables, BOTH, moves, deadline_s=60)
    assert not fresh.wait_until(1_000_000, 0.0)
    moves.happen.append(lambda: tables.move(8))
    assert fresh.settled(8)


def test_a_command_succeeds_while_read_models_are_unavailable(tables: Tables) -> None:
    """The events are stored; queries of the rows report the missing tables."""
    tables.trouble = StorageUnavailable("The read models cannot be reached.")
    fresh = ReadYourWrites(tables, BOTH, Moves())
    assert not fresh.settled(8)
    with pytest.raises(StorageUnavailable):
        fresh.wait_until(8, 1)
