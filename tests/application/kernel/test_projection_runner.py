"""A runner keeps read models at the end of the log, through outages, until it is stopped."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.read_models.database import Database
from adapters.read_models.projection_store import SqlProjectionStore
from application.kernel.encryption import KmsUnavailable
from application.kernel.ports import StorageUnavailable
from application.kernel.projection_fold import retry
from application.kernel.projection_runner import LogBehind, build_missing, projection_subscription
from application.kernel.projection_store import Table
from application.kernel.subscription import Subscription
from domain.ids import DEFAULT_TENANT
from domain.kernel import Projection, Recorded
from projections.registry import ALL
from projections.session_summary import SESSION_SUMMARY, SessionSummary
from tests.projections.histories import ListLog, repetition, set_started, started
from tests.projections.stores import Interrupted, broken_at, summary

AWAY = StorageUnavailable("The read models cannot be reached.")


@dataclass
class Turns:
    """Leader lock with scripted answers; afterwards the runner always holds it."""

    answers: list[bool | Exception] = field(default_factory=list[bool | Exception])
    released: int = 0

    def acquire(self) -> bool:
        answer = self.answers.pop(0) if self.answers else True
        if isinstance(answer, Exception):
            raise answer
        return answer

    renew = acquire

    def release(self) -> None:
        self.released += 1


@dataclass
class RunnerFixture:
    """A runner with an action for each wait for the log; after the last one it is stopped."""

    log: ListLog
    tables: SqlProjectionStore
    stop: Event = field(default_factory=Event)
    happen: list[Callable[[], object]] = field(default_factory=list[Callable[[], object]])
    turns: Turns = field(default_factory=Turns)
    waited_after: list[int] = field(default_factory=list[int])

    def wait(self, after: int, timeout_s: float, stop: Event | None = None) -> int:
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
def fixture(database: Database) -> RunnerFixture:
    log = ListLog()
    log.add("session-s1", started(), set_started(), repetition(1), repetition(2))
    return RunnerFixture(log, SqlProjectionStore(database))


def test_missing_read_models_are_built_before_following_the_log(
    fixture: RunnerFixture, database: Database
) -> None:
    led: list[bool] = []
    fixture.happen = [
        lambda: fixture.log.add("session-s1", repetition(3)),
        lambda: led.append(runner.caught_up),
    ]
    runner = fixture.runner()
    runner.run(fixture.stop)
    assert led == [True]
    assert {table.position for table in fixture.standing()} == {5}
    assert summary(database).repetitions == 3
    assert (fixture.waited_after, fixture.turns.released) == ([4, 5, 5], 1)
    assert not runner.caught_up


def test_a_runner_stands_by_while_another_one_works(fixture: RunnerFixture) -> None:
    fixture.turns.answers = [False, False]
    fixture.runner().run(fixture.stop)
    assert fixture.turns.released == 3
    assert len(fixture.standing()) == len(ALL)


def test_a_runner_that_lost_leadership_stands_by(fixture: RunnerFixture) -> None:
    fixture.turns.answers = [True, True, False, False]
    fixture.happen.append(lambda: fixture.log.add("session-s1", repetition(3)))
    fixture.runner().run(fixture.stop)
    assert {table.position for table in fixture.standing()} == {5}


def test_an_outage_is_waited_for(fixture: RunnerFixture) -> None:
    def fail() -> None:
        raise AWAY

    fixture.turns.answers = [AWAY, True]
    fixture.happen = [fail, lambda: fixture.log.add("session-s1", repetition(3))]
    with capture_logs() as said:
        fixture.runner().run(fixture.stop)
    assert [line["event"] for line in said].count("subscription.interrupted") == 2
    assert {table.position for table in fixture.standing()} == {5}


def test_an_outage_of_the_keys_is_waited_for(fixture: RunnerFixture, database: Database) -> None:
    """C-24: an encrypted value that cannot be read now quarantines no stream."""
    outages = [KmsUnavailable(), AWAY]

    def evolve(row: SessionSummary | None, recorded: Recorded[Any]) -> SessionSummary | None:
        if outages and recorded.position == 3:
            raise outages.pop()
        return SESSION_SUMMARY.evolve(row, recorded)

    fixture.runner(replace(SESSION_SUMMARY, evolve=evolve)).run(fixture.stop)
    assert summary(database).repetitions == 2
    assert outages == []


def test_a_stopped_runner_finishes_only_its_current_batch(
    fixture: RunnerFixture, database: Database
) -> None:
    fixture.runner().run(fixture.stop)
    fixture.stop.clear()
    slow = Interrupted(fixture.stop.set)
    slow.recorded = fixture.log.recorded
    for number in range(3, 2003):
        slow.add("session-s1", repetition(number))
    fixture.log = slow
    fixture.runner(SESSION_SUMMARY).run(fixture.stop)
    assert summary(database).repetitions == 502
    fixture.stop.clear()
    fixture.runner(SESSION_SUMMARY).run(fixture.stop)
    assert summary(database).repetitions == 2002


def test_an_interrupted_first_build_is_finished_by_the_next_runner(
    fixture: RunnerFixture, database: Database
) -> None:
    fixture.stop.set()
    fixture.runner().run(fixture.stop)
    fixture.stop.clear()
    fixture.runner().run(fixture.stop)
    assert summary(database).repetitions == 2


def test_a_quarantined_stream_is_reported_once_and_stops_no_other(fixture: RunnerFixture) -> None:
    fixture.happen = [lambda: fixture.log.add("session-s1", repetition(3))] * 2
    runner = fixture.runner(broken_at(3), *ALL[1:])
    with capture_logs() as said:
        runner.run(fixture.stop)
    (quarantined,) = [line for line in said if line["event"] == "stream.quarantined"]
    assert (quarantined["projection"], quarantined["stream"]) == ("session_summary", "session-s1")
    assert (quarantined["at"], quarantined["reason"]) == (3, "LookupError: no such exercise")
    assert {table.position for table in fixture.standing()} == {6}


def test_a_released_stream_is_logged(fixture: RunnerFixture) -> None:
    def repair() -> None:
        retry(fixture.log, fixture.tables, SESSION_SUMMARY, DEFAULT_TENANT, "session-s1")
        fixture.log.add("session-s1", repetition(3))

    fixture.happen = [repair]
    with capture_logs() as said:
        fixture.runner(broken_at(3)).run(fixture.stop)
    assert [line["event"] for line in said].count("stream.released") == 1


def test_a_projection_version_that_fails_to_build_is_reported(fixture: RunnerFixture) -> None:
    fixture.runner().run(fixture.stop)
    fixture.stop.clear()
    with capture_logs() as said:
        fixture.runner(broken_at(3, ahead=1)).run(fixture.stop)
    (answers,) = [line for line in said if line["event"] == "projection.not_built"]
    assert (answers["projection"], answers["at"]) == ("session_summary", 3)


def test_a_log_that_lost_events_is_not_followed(fixture: RunnerFixture) -> None:
    build_missing(fixture.log, fixture.tables, ALL)
    fixture.log = ListLog()
    with pytest.raises(LogBehind):
        fixture.runner().run(fixture.stop)
    assert fixture.turns.released == 1
