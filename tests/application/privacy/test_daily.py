"""Daily jobs run once a day; a missed day is made up for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from threading import Event
from typing import Any, cast
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from application.kernel.ports import StorageUnavailable
from application.privacy.erasure import TermsLost
from application.privacy.retention import (
    RETRY,
    DailyJob,
    DailyTasks,
    RetentionRule,
    RetentionService,
)
from domain.ids import TenantId, UserId
from domain.kernel import Origin, Rejected

STUDIO, CLUB = TenantId("gym"), TenantId("club")
MONDAY = datetime(2030, 1, 7, 3, 0, tzinfo=UTC)
BEGINS = timedelta(hours=3)


@dataclass(eq=False)
class Lock:
    """The leader lock of a process."""

    world: "World"

    def acquire(self) -> bool:
        if self.world.leader is None:
            self.world.leader = self
        return self.renew()

    def renew(self) -> bool:
        return self.world.leader is self

    def release(self) -> None:
        if self.renew():
            self.world.leader = None


@dataclass
class World:
    """Processes and their work in order; `days` has the completed days."""

    now: datetime = MONDAY
    did: list[TenantId] = field(default_factory=list[TenantId])
    tenants: list[TenantId] = field(default_factory=lambda: [STUDIO])
    days: dict[TenantId, date] = field(default_factory=dict[TenantId, date])
    leader: Lock | None = None

    def last(self, tenant_id: TenantId) -> date | None:
        return self.days.get(tenant_id)

    def done(self, tenant_id: TenantId, day: date) -> None:
        self.days[tenant_id] = day

    def process(self, tasks: Callable[[TenantId], object] | None = None) -> DailyJob:
        return DailyJob(
            runs=self,
            lock=Lock(self),
            tenants=lambda: self.tenants,
            tasks=tasks or self.did.append,
            clock=lambda: self.now,
            starts_at=BEGINS,
        )


def test_daily_work_runs_once_a_day_in_one_process() -> None:
    """R-TEN-12"""
    world = World(tenants=[STUDIO, CLUB])
    one, other = world.process(), world.process()
    for process in (one, other, one, other):
        process.check()
    assert world.did == [CLUB, STUDIO]
    world.now += timedelta(hours=23, minutes=59)
    one.check()
    assert world.did == [CLUB, STUDIO]
    world.now += timedelta(minutes=1)
    other.check()
    one.check()
    assert world.did == [CLUB, STUDIO, CLUB, STUDIO]


def test_a_missed_day_is_made_up() -> None:
    """R-TEN-12: at any hour, and once, because a run covers everything due."""
    world = World()
    world.process().check()
    world.now += timedelta(days=3, hours=9)
    later = world.process()
    later.check()
    later.check()
    assert world.did == [STUDIO, STUDIO]
    world.now += timedelta(hours=15)
    later.check()
    assert world.did == [STUDIO, STUDIO, STUDIO]


def test_a_job_is_retried_by_another_process_after_a_crash() -> None:
    """R-TEN-12"""
    world = World()
    world.leader = Lock(world)
    other = world.process()
    other.check()
    assert world.did == []
    world.leader = None  # the server has noticed the loss
    other.check()
    assert world.did == [STUDIO]


def test_no_other_process_begins_the_daily_work_while_it_runs() -> None:
    """R-TEN-12"""
    world = World()
    other = world.process()
    world.process(lambda _: other.check()).check()
    assert world.days == {STUDIO: MONDAY.date()}
    assert world.did == []


def test_a_process_that_loses_the_lock_begins_no_other_tenant() -> None:
    """R-TEN-12"""
    world = World(tenants=[CLUB, STUDIO])

    def lose(tenant: TenantId) -> None:
        world.did.append(tenant)
        world.leader = Lock(world)

    world.process(lose).check()
    assert world.did == [CLUB]
    assert world.leader is not None


@pytest.mark.parametrize("failure", [StorageUnavailable, RuntimeError])
def test_a_failed_job_is_retried_later_and_blocks_no_other(failure: type[Exception]) -> None:
    """R-TEN-12"""
    world = World(tenants=[CLUB, STUDIO])

    def failing(tenant: TenantId) -> None:
        if tenant == CLUB and not world.did:
            world.did.append(tenant)
            raise failure
        world.did.append(tenant)

    process = world.process(failing)
    process.check()
    process.check()
    assert world.did == [CLUB, STUDIO]
    world.now += RETRY + timedelta(seconds=1)
    process.check()
    process.check()
    assert world.did == [CLUB, STUDIO, CLUB]


def test_a_stopped_worker_starts_no_job() -> None:
    """R-TEN-12: the day is not marked as done."""
    world, stop = World(), Event()
    process = world.process()
    stop.set()
    process.run(stop)
    assert world.did == []
    process.check()
    assert world.did == [STUDIO]


class StubCertificates:
    """Certificates of no user."""

    def users(self, tenant_id: TenantId) -> list[UserId]:
        assert tenant_id == STUDIO
        return []


class StubErasure:
    """Erasures of two people; that of the first fails while the store is unavailable."""

    def __init__(self, problem: Rejected) -> None:
        self.problem: Rejected | None = problem
        self.erased: list[UserId] = []
        self.certificates = StubCertificates()

    def due(self, tenant_id: TenantId) -> list[UserId]:
        assert tenant_id == STUDIO
        return [who for who in (UserId("ada"), UserId("ben")) if who not in self.erased]

    def run(self, who: UserId, *, origin: Origin) -> dict[str, str]:
        assert origin.tenant_id == STUDIO
        if self.problem is not None and who == "ada":
            raise self.problem
        self.erased.append(who)
        return {}


class StubRetention:
    """Counts its runs."""

    def __init__(self) -> None:
        self.runs = 0

    def run(self, tenant_id: TenantId, *, dry_run: bool) -> dict[str, int]:
        assert (tenant_id, dry_run) == (STUDIO, False)
        self.runs += 1
        return {}


def tasks_of(erasure: StubErasure, retention: StubRetention) -> DailyTasks:
    return DailyTasks(
        cast("Any", erasure), cast("Any", retention), uuid4, lambda _: None, lambda _: None
    )


def test_an_erasure_is_retried_the_same_day_after_a_storage_outage() -> None:
    """R-TEN-12, C-24: it delays neither other erasures nor the retention rules."""
    world, retention = World(), StubRetention()
    erasure = StubErasure(StorageUnavailable())
    process = world.process(tasks_of(erasure, retention))
    process.check()
    assert (erasure.erased, retention.runs) == (["ben"], 1)
    erasure.problem = None
    world.now += RETRY + timedelta(seconds=1)
    process.check()
    assert erasure.erased == ["ben", "ada"]
    assert world.days == {STUDIO: MONDAY.date()}


def test_an_erasure_that_needs_an_operator_is_retried_the_next_day() -> None:
    """R-TEN-12: earlier retries would change nothing."""
    world, retention = World(), StubRetention()
    erasure = StubErasure(TermsLost())
    world.process(tasks_of(erasure, retention)).check()
    assert world.days == {STUDIO: MONDAY.date()}


def test_a_retention_rule_that_fails_delays_no_other_part_of_the_job() -> None:
    """R-TEN-12: neither the other rules, nor the anchor and the training of the day."""
    world, did = World(), list[str]()

    def refuse(tenant_id: TenantId, before: datetime, *, dry_run: bool) -> int:
        raise StorageUnavailable

    def remove(tenant_id: TenantId, before: datetime, *, dry_run: bool) -> int:
        did.append("removed")
        return 1

    rules = [RetentionRule("media", RETRY, refuse), RetentionRule("mails", RETRY, remove)]
    tasks = DailyTasks(
        cast("Any", StubErasure(TermsLost())),
        RetentionService(rules, lambda: world.now),
        uuid4,
        lambda _: did.append("anchored"),
        lambda _: did.append("trained"),
    )
    with capture_logs() as lines:
        world.process(tasks).check()
    assert did == ["removed", "anchored", "trained"]
    assert world.days == {}, "the job is retried"
    problem = {"tenant": STUDIO, "code": "storage.unavailable", "log_level": "error"}
    said = [{key: line[key] for key in line if key not in {"reason", "exc_info"}} for line in lines]
    assert {"event": "retention.rule_failed", "rule": "media", **problem} in said
    assert {"event": "daily.task_failed", "task": "retention", **problem} in said
    assert {"event": "daily.failed", **problem} in said
    assert all(line["reason"] for line in lines if line.get("code") == problem["code"])
