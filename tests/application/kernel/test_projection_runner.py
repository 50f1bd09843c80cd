"""A runner keeps read models at the end of the log, through outages, until it is told to stop."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.read_models.database import Database
from adapters.read_models.projection_store import SqlProjectionStore
from application.kernel.ports import StorageUnavailable
from application.kernel.projection_fold import retry
from application.kernel.projection_runner import LogBehind, build_missing, projection_subscription
from application.kernel.projection_store import Table
from application.kernel.subscription import Subscription
from domain.ids import DEFAULT_TENANT
from domain.kernel import Projection
from projections.registry import ALL
from projections.session_summary import SESSION_SUMMARY
from tests.projections.histories import ListLog, repetition, set_started, started
from tests.projections.stores import Interrupted, broken_at, summary

AWAY = StorageUnavailable("The read models cannot be reached.")


@dataclass
class Turns:
    """Whose turn it is, as told; then always this runner's."""

    told: list[bool | Exception] = field(default_factory=list[bool | Exception])
    released: int = 0

    def acquire(self) -> bool:
        answer = self.told.pop(0) if self.told else True
        if isinstance(answer, Exception):
            raise answer
        return answer

    renew = acquire

    def release(self) -> None:
        self.released += 1


@dataclass
class House:
    """A runner, and what happens each time it waits for the log; then it is told to stop."""

    log: ListLog
    tables: SqlProjectionStore
    stop: Event = field(default_factory=Event)
    happen: list[Callable[[], object]] = field(default_factory=list[Callable[[], object]])
    turns: Turns = field(default_factory=Turns)
    waited_after: list[int] = field(default_factory=list[int])

    def wait(self, after: int, timeout_s: float) -> int:
        assert timeout_s > 0
        self.waited_after.append(after)
        (self.happen.pop(0) if self.happen else self.stop.set)()
        return self.log.head()

    def runner(self, *projections: Projection[Any]) -> Subscription[Any]:
        return projection_subscription(
            log=self.log,
            tail=self,
            tables=self.tables,
            projections=projections or ALL,
            lock=self.turns,
            draw=lambda: 0.0,
            poll_s=0.001,
        )

    def standing(self) -> list[Table]:
        return list(self.tables.live(ALL))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'read_models.db'}")
    yield database
    database.close()


@pytest.fixture
def house(database: Database) -> House:
    log = ListLog()
    log.add("session-s1", started(), set_started(), repetition(1), repetition(2))
    return House(log, SqlProjectionStore(database))


def test_what_is_missing_is_built_and_then_the_log_is_followed(
    house: House, database: Database
) -> None:
    led: list[bool] = []
    house.happen = [
        lambda: house.log.add("session-s1", repetition(3)),
        lambda: led.append(runner.caught_up),
    ]
    runner = house.runner()
    runner.run(house.stop)
    assert led == [True]
    assert {table.position for table in house.standing()} == {5}
    assert summary(database).repetitions == 3
    assert (house.waited_after, house.turns.released) == ([4, 5, 5], 1)
    assert not runner.caught_up


def test_a_runner_stands_by_while_another_one_works(house: House) -> None:
    house.turns.told = [False, False]
    house.runner().run(house.stop)
    assert house.turns.released == 3
    assert len(house.standing()) == len(ALL)


def test_a_runner_whose_turn_is_over_stands_by(house: House) -> None:
    house.turns.told = [True, True, False, False]
    house.happen.append(lambda: house.log.add("session-s1", repetition(3)))
    house.runner().run(house.stop)
    assert {table.position for table in house.standing()} == {5}


def test_an_outage_is_waited_for(house: House) -> None:
    def fail() -> None:
        raise AWAY

    house.turns.told = [AWAY, True]
    house.happen = [fail, lambda: house.log.add("session-s1", repetition(3))]
    with capture_logs() as said:
        house.runner().run(house.stop)
    assert [line["event"] for line in said].count("subscription.interrupted") == 2
    assert {table.position for table in house.standing()} == {5}


def test_a_stopped_runner_finishes_only_its_current_batch(house: House, database: Database) -> None:
    house.runner().run(house.stop)
    house.stop.clear()
    slow = Interrupted(house.stop.set)
    slow.recorded = house.log.recorded
    for number in range(3, 2003):
        slow.add("session-s1", repetition(number))
    house.log = slow
    house.runner(SESSION_SUMMARY).run(house.stop)
    assert summary(database).repetitions == 502
    house.stop.clear()
    house.runner(SESSION_SUMMARY).run(house.stop)
    assert summary(database).repetitions == 2002


def test_a_first_building_that_is_interrupted_is_finished_by_the_next_runner(
    house: House, database: Database
) -> None:
    house.stop.set()
    house.runner().run(house.stop)
    house.stop.clear()
    house.runner().run(house.stop)
    assert summary(database).repetitions == 2


def test_a_quarantined_stream_is_reported_once_and_stops_no_other(house: House) -> None:
    house.happen = [lambda: house.log.add("session-s1", repetition(3))] * 2
    runner = house.runner(broken_at(3), *ALL[1:])
    with capture_logs() as said:
        runner.run(house.stop)
    (parked,) = [line for line in said if line["event"] == "stream.quarantined"]
    assert (parked["projection"], parked["stream"]) == ("session_summary", "session-s1")
    assert (parked["at"], parked["reason"]) == (3, "LookupError: no such exercise")
    assert {table.position for table in house.standing()} == {6}


def test_a_released_stream_is_logged(house: House) -> None:
    def repair() -> None:
        retry(house.log, house.tables, SESSION_SUMMARY, DEFAULT_TENANT, "session-s1")
        house.log.add("session-s1", repetition(3))

    house.happen = [repair]
    with capture_logs() as said:
        house.runner(broken_at(3)).run(house.stop)
    assert [line["event"] for line in said].count("stream.released") == 1


def test_a_version_that_cannot_be_built_is_reported(house: House) -> None:
    house.runner().run(house.stop)
    house.stop.clear()
    with capture_logs() as said:
        house.runner(broken_at(3, ahead=1)).run(house.stop)
    (told,) = [line for line in said if line["event"] == "projection.not_built"]
    assert (told["projection"], told["at"]) == ("session_summary", 3)


def test_a_log_that_has_lost_facts_is_not_followed(house: House) -> None:
    build_missing(house.log, house.tables, ALL)
    house.log = ListLog()
    with pytest.raises(LogBehind):
        house.runner().run(house.stop)
    assert house.turns.released == 1
