"""Contract of the stores of health imports."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier
from uuid import UUID

import pytest
import sqlalchemy as sa

from adapters.jobs.health_imports import SqlHealthImports
from application.health.imports import HealthImport, RefusedRecord
from domain.ids import DEFAULT_TENANT, TenantId, UserId

ONE, OTHER = UUID(int=101), UUID(int=102)
LONG_S = 3600.0
MOST = 3
AT = datetime(2030, 1, 1, 7, 30, 0, 123456, tzinfo=UTC)


@pytest.fixture
def store(jobs_engine: sa.Engine) -> SqlHealthImports:
    return SqlHealthImports(jobs_engine)


def queued(number: int = 1, user: str = "ada", tenant: str = DEFAULT_TENANT) -> HealthImport:
    return HealthImport(
        id=UUID(int=number),
        tenant_id=TenantId(tenant),
        user_id=UserId(user),
        source="apple_health",
        format="csv",
        time_zone="Europe/Berlin",
        since=AT,
        digest="0" * 64,
        created_at=AT + timedelta(seconds=number),
    )


def test_an_import_is_added_once_and_keeps_its_progress(store: SqlHealthImports) -> None:
    """R-HLT-03, R-EVT-16: every field, and the refused records."""
    store.add(queued(), MOST)
    claimed = store.claim(ONE, LONG_S)
    assert claimed == replace(queued(), attempts=1)
    progress = replace(
        claimed,
        state="running",
        total=5_000_000,
        handled=1000,
        accepted=998,
        unchanged=1,
        rejected=1,
        refused=(RefusedRecord(7, "a1", "health.value_impossible", "Impossible."),),
        position=2**40,
        problem_code="internal",
        problem="A sentence.",
        attempts=0,
    )
    assert store.save(ONE, progress, LONG_S)
    store.add(queued(), MOST)
    assert store.get(DEFAULT_TENANT, UUID(int=1)) == progress


def test_a_lease_has_one_owner(store: SqlHealthImports) -> None:
    """R-EVT-18: until it ends."""
    store.add(queued(), MOST)
    claimed = store.claim(ONE, LONG_S)
    assert claimed is not None
    assert store.claim(OTHER, LONG_S) is None
    assert not store.keep(OTHER, claimed, LONG_S)
    assert not store.save(OTHER, claimed, LONG_S)
    assert store.keep(ONE, claimed, 0.0)
    again = store.claim(OTHER, LONG_S)
    assert again == replace(claimed, attempts=2)
    assert not store.save(ONE, claimed, LONG_S)
    assert store.save(OTHER, replace(again, state="done"), 0.0)
    assert store.claim(ONE, LONG_S) is None


def test_tenants_and_people_take_turns(store: SqlHealthImports) -> None:
    """R-EVT-18, R-TEN-01: and see their own imports alone."""
    for number, (user, tenant) in enumerate(
        [("ada", "gym"), ("ada", "gym"), ("bob", "gym"), ("eve", "club")], 1
    ):
        store.add(queued(number, user, tenant), MOST)
    claimed = [store.claim(ONE, LONG_S) for _ in range(4)]
    assert [each and each.user_id for each in claimed] == ["ada", "eve", "bob", "ada"]
    assert {each.id.int for each in store.of_user(TenantId("gym"), UserId("ada"))} == {1, 2}
    assert store.of_user(TenantId("club"), UserId("ada")) == []
    assert store.get(TenantId("club"), UUID(int=1)) is None


def test_a_person_has_a_limited_number_of_unfinished_imports(store: SqlHealthImports) -> None:
    """R-API-08: a repeated one and those of others are not refused, and a finished one is over."""
    assert all(store.add(queued(number), MOST) for number in range(1, MOST + 1))
    assert not store.add(queued(MOST + 1), MOST)
    assert store.get(DEFAULT_TENANT, UUID(int=MOST + 1)) is None
    assert store.add(queued(1), MOST)
    assert store.add(queued(MOST + 2, "bob"), MOST)
    assert store.add(queued(MOST + 3, tenant="gym"), MOST)
    claimed = store.claim(ONE, LONG_S)
    assert claimed is not None
    assert store.save(ONE, replace(claimed, state="done"), 0.0)
    assert store.add(queued(MOST + 1), MOST)


def test_one_of_several_imports_at_once_gets_the_last_place(store: SqlHealthImports) -> None:
    """R-API-08"""
    barrier = Barrier(4)

    def add(number: int) -> bool:
        barrier.wait()
        return store.add(queued(number), 1)

    with ThreadPoolExecutor(barrier.parties) as threads:
        assert sorted(threads.map(add, range(barrier.parties))) == [False, False, False, True]
