"""Contract of the store of reconciliation runs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from adapters.jobs.sql import SCHEMA
from adapters.payments.reconciliation_runs import SqlReconciliationRuns
from adapters.sql.engines import open_engine
from application.kernel.pagination import window
from application.payments.reconciliation import Difference, Report, Unanswered
from application.payments.reconciliation_runs import (
    LEASE,
    MAX_ATTEMPTS,
    STALE,
    ReconciliationRun,
    ReconciliationService,
    problems_of,
)
from domain.ids import PaymentId, TenantId

STUDIO, CLUB = TenantId("studio"), TenantId("club")
AT = datetime(2030, 1, 7, tzinfo=UTC)
LEASED = AT + timedelta(minutes=10)


def run(number: int, tenant_id: TenantId = STUDIO) -> ReconciliationRun:
    return ReconciliationRun(UUID(int=number), tenant_id, AT, AT, AT, AT)


def over(wanted: ReconciliationRun) -> ReconciliationRun:
    difference = Difference("other_state", "stripe", "pi_1", PaymentId("p1"), "open", "charged")
    return replace(
        wanted,
        state="succeeded",
        finished_at=AT,
        payments=2,
        differences_found=1,
        differences=(difference,),
        unanswered_found=1,
        unanswered=(Unanswered("yookassa", None, "no_answer"),),
    )


@pytest.fixture(params=["sqlite", "postgresql"])
def runs(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlReconciliationRuns]:
    url = f"sqlite:///{tmp_path / 'tables.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_database")
    engine: sa.Engine = open_engine(url, schema=SCHEMA)
    yield SqlReconciliationRuns(engine)
    engine.dispose()


def test_a_tenant_has_one_run_at_a_time(runs: SqlReconciliationRuns) -> None:
    """R-PAY-12: the same one is queued once."""
    assert runs.add(run(1))
    assert not runs.add(run(1))
    assert not runs.add(run(2))
    assert runs.add(run(3, CLUB))
    assert runs.unfinished(STUDIO) == run(1)
    runs.save(over(run(1)))
    assert (runs.get(STUDIO, UUID(int=1)), runs.unfinished(STUDIO)) == (over(run(1)), None)
    assert runs.get(CLUB, UUID(int=1)) is None
    assert runs.add(run(2))
    listed = runs.page(STUDIO, window(1, None))
    assert ([edge.row.id.int for edge in listed.edges], listed.has_next) == ([2], True)
    following = runs.page(STUDIO, window(1, listed.edges[-1].cursor))
    assert [edge.row for edge in following.edges] == [over(run(1))]


def test_a_run_is_claimed_once_until_its_lease_is_over(runs: SqlReconciliationRuns) -> None:
    """R-PAY-12: a process that died loses its run to another one."""
    runs.add(run(1))
    claimed = runs.claim_due(AT, LEASED)
    assert claimed == replace(run(1), due_at=LEASED, state="running", attempts=1)
    assert runs.claim_due(AT, LEASED) is None
    again = runs.claim_due(LEASED, LEASED)
    assert again == replace(claimed, attempts=2)
    assert not runs.save(claimed)
    assert runs.save(over(again))
    assert not runs.save(again)
    assert runs.get(STUDIO, UUID(int=1)) == over(again)
    assert runs.claim_due(LEASED, LEASED) is None


Progress = Callable[[int, int], None]


@dataclass
class Comparison:
    """A comparison of one payment, in which something happens. `ended` unless it was stopped."""

    during: Callable[[Progress], None]
    ended: bool = False

    def compare(self, *_: Any, progress: Progress) -> Report:
        self.during(progress)
        self.ended = True
        return Report(1, 1, (), ())


@dataclass
class Process:
    """A process that carries out a run."""

    runs: SqlReconciliationRuns
    now: datetime = AT
    stop: Event = field(default_factory=Event)
    is_fresh: bool = True

    def carry_out(self, comparison: Comparison) -> None:
        service = ReconciliationService(
            comparison,  # type: ignore[arg-type]
            self.runs,
            lambda: self.now,
            lambda: self.is_fresh,
        )
        assert service.run_due(self.stop) == 1


@pytest.mark.parametrize("reports_progress", [True, False])
def test_a_process_that_lost_its_run_does_not_change_its_result(
    runs: SqlReconciliationRuns, *, reports_progress: bool
) -> None:
    """R-PAY-12: and stops as soon as it reports progress."""
    runs.add(run(1))
    process = Process(runs)

    def finish_elsewhere(progress: Progress) -> None:
        process.now += LEASE
        claimed = runs.claim_due(process.now, process.now + LEASE)
        assert claimed is not None
        assert runs.save(over(claimed))
        if reports_progress:
            progress(1, 1)

    comparison = Comparison(finish_elsewhere)
    process.carry_out(comparison)
    assert comparison.ended is not reports_progress
    claimed = replace(run(1), attempts=2, due_at=AT + 2 * LEASE)
    assert runs.get(STUDIO, UUID(int=1)) == over(claimed)


def test_progress_renews_the_lease(runs: SqlReconciliationRuns) -> None:
    """R-PAY-12"""
    runs.add(run(1))
    process = Process(runs)

    def compare_longer_than_a_lease(progress: Progress) -> None:
        process.now += LEASE / 2
        progress(1, 1)
        assert runs.claim_due(AT + LEASE, AT + LEASE) is None

    comparison = Comparison(compare_longer_than_a_lease)
    process.carry_out(comparison)
    assert comparison.ended


@pytest.mark.parametrize("is_closed", [False, True])
def test_a_process_that_shuts_down_leaves_its_run_to_another_one(
    runs: SqlReconciliationRuns, *, is_closed: bool
) -> None:
    """R-PAY-12: at the next payment, or when something that it needs is closed."""
    runs.add(run(1))
    process = Process(runs)

    def shut_down(progress: Progress) -> None:
        process.now += timedelta(minutes=1)
        process.stop.set()
        if is_closed:
            raise RuntimeError("closed")
        progress(1, 1)

    process.carry_out(Comparison(shut_down))
    released = replace(run(1), due_at=AT + timedelta(minutes=1))
    assert runs.get(STUDIO, UUID(int=1)) == released


def test_a_run_outlives_many_shutdowns(runs: SqlReconciliationRuns) -> None:
    """R-PAY-12: a shutdown is not a failed attempt."""
    runs.add(run(1))
    process = Process(runs)

    def shut_down(progress: Progress) -> None:
        process.stop.set()
        progress(1, 1)

    for _ in range(MAX_ATTEMPTS + 1):
        process.stop.clear()
        process.carry_out(Comparison(shut_down))
    process.stop.clear()
    process.carry_out(Comparison(lambda _: None))
    ended = runs.get(STUDIO, UUID(int=1))
    assert ended is not None
    assert (ended.state, ended.attempts) == ("succeeded", 1)


def test_a_run_waits_for_the_read_models_as_long_as_they_take(
    runs: SqlReconciliationRuns,
) -> None:
    """R-PAY-12: they are behind for hours while they are rebuilt."""
    runs.add(run(1))
    process = Process(runs, is_fresh=False)
    for _ in range(MAX_ATTEMPTS + 1):
        process.carry_out(Comparison(lambda _: None))
        waiting = runs.get(STUDIO, UUID(int=1))
        assert waiting == replace(run(1), due_at=process.now + LEASE)
        process.now += LEASE
    process.is_fresh = True
    process.carry_out(Comparison(lambda _: None))
    ended = runs.get(STUDIO, UUID(int=1))
    assert ended is not None
    assert ended.state == "succeeded"


def test_a_run_whose_processes_die_fails(runs: SqlReconciliationRuns) -> None:
    """R-PAY-12: the run itself may kill them."""
    runs.add(run(1))
    process = Process(runs)
    for _ in range(MAX_ATTEMPTS):
        assert runs.claim_due(process.now, process.now + LEASE) is not None
        process.now += LEASE
    process.carry_out(Comparison(lambda _: None))
    ended = runs.get(STUDIO, UUID(int=1))
    assert ended is not None
    assert (ended.state, ended.reason) == ("failed", "TooManyAttempts")


def test_a_process_that_lost_its_run_cannot_release_it(runs: SqlReconciliationRuns) -> None:
    """R-PAY-12"""
    runs.add(run(1))
    lost = runs.claim_due(AT, LEASED)
    claimed = runs.claim_due(LEASED, LEASED + LEASE)
    assert lost is not None
    assert claimed is not None
    assert not runs.release(lost, LEASED)
    assert runs.get(STUDIO, UUID(int=1)) == claimed
    assert runs.release(claimed, LEASED)
    assert not runs.release(claimed, LEASED)
    assert runs.get(STUDIO, UUID(int=1)) == replace(run(1), attempts=1, due_at=LEASED)


def test_the_health_check_names_differences_and_old_runs(runs: SqlReconciliationRuns) -> None:
    """R-PAY-12: of the latest run of each tenant that is over."""
    assert problems_of(runs.latest(), AT) == []
    runs.add(run(1))
    runs.save(over(run(1)))
    assert problems_of(runs.latest(), AT) == [
        "studio: 1 differences from gateways, 1 not compared."
    ]
    runs.add(run(2))
    runs.save(replace(run(2), state="succeeded", finished_at=AT))
    runs.add(run(3))
    assert problems_of(runs.latest(), AT) == []
    later = AT + STALE + timedelta(seconds=1)
    assert problems_of(runs.latest(), later) == [
        "studio: the last reconciliation ended on 2030-01-07."
    ]
