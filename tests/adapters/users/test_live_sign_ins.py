"""A revoked sign-in is refused within a second, with Redis, without it and while it fails."""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import redis as redis_client

from adapters.users.database import IdentityDatabase
from adapters.users.revocation_cache import (
    LOCAL_TTL_S,
    REDIS_TTL_MS,
    LocalRevocationCache,
    RedisRevocationCache,
    TableRevocations,
    fail_fast_client,
)
from adapters.users.sign_ins import SqlSignIns
from application.users.ports import Revocations, SignIn
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from tests.plugins.services import Service

AT = datetime(2030, 1, 1, tzinfo=UTC)
ADA = UserId("ada")


class CountedSignIns(SqlSignIns):
    """Sign-in table that counts its reads."""

    reads = 0

    def is_live(self, tenant_id: TenantId, sign_in_id: UUID, at: datetime) -> bool:
        self.reads += 1
        return super().is_live(tenant_id, sign_in_id, at)


@pytest.fixture
def table(tmp_path: Path) -> Iterator[CountedSignIns]:
    with closing(IdentityDatabase(f"sqlite:///{tmp_path / 'identity.sqlite'}")) as database:
        yield CountedSignIns(database)


@pytest.fixture
def client(redis: Service) -> Iterator[redis_client.Redis]:
    with closing(redis_client.Redis.from_url(redis.address)) as connected:
        yield connected


@pytest.fixture(params=["table", "redis", "near"])
def live(request: pytest.FixtureRequest, table: CountedSignIns) -> Revocations:
    if request.param == "redis":
        return RedisRevocationCache(request.getfixturevalue("client"), table)
    behind = TableRevocations(table)
    return behind if request.param == "table" else LocalRevocationCache(behind)


def begun(table: SqlSignIns) -> UUID:
    sign_in = SignIn(DEFAULT_TENANT, uuid4(), ADA, AT, AT + timedelta(days=1))
    table.begin(sign_in, sign_in.id.bytes)
    return sign_in.id


def end(table: SqlSignIns, sign_ins: Sequence[UUID]) -> None:
    for sign_in in sign_ins:
        table.end(DEFAULT_TENANT, sign_in, AT)


def test_a_revocation_is_visible_at_once(live: Revocations, table: CountedSignIns) -> None:
    """C-22"""
    ended, other = begun(table), begun(table)
    assert live.is_live(DEFAULT_TENANT, ended, AT)
    assert live.is_live(DEFAULT_TENANT, other, AT)
    end(table, [ended])
    live.mark_ended(DEFAULT_TENANT, [ended])
    assert not live.is_live(DEFAULT_TENANT, ended, AT)
    assert live.is_live(DEFAULT_TENANT, other, AT)
    assert not live.is_live(DEFAULT_TENANT, uuid4(), AT)
    assert not live.is_live(TenantId("red"), other, AT)


def test_a_process_caches_sign_ins_and_then_learns_of_revocations(
    table: CountedSignIns,
) -> None:
    """C-22: despite caches, a revocation takes effect within a second."""
    assert REDIS_TTL_MS / 1000 + LOCAL_TTL_S < 1
    now = [0.0]
    live = LocalRevocationCache(TableRevocations(table), clock=lambda: now[0])
    sign_in = begun(table)
    assert not live.is_cached(DEFAULT_TENANT, sign_in)
    for _ in range(3):
        assert live.is_live(DEFAULT_TENANT, sign_in, AT)
    assert live.is_cached(DEFAULT_TENANT, sign_in)
    assert not live.is_cached(TenantId("red"), sign_in)
    assert table.reads == 1
    end(table, [sign_in])  # by another process
    now[0] = LOCAL_TTL_S
    assert not live.is_cached(DEFAULT_TENANT, sign_in)
    assert not live.is_live(DEFAULT_TENANT, sign_in, AT)


def test_a_revocation_during_the_check_is_not_missed(table: CountedSignIns) -> None:
    """C-22: the sign-in ends after the table was read."""
    sign_in = begun(table)

    class Slow(TableRevocations):
        def is_live(self, tenant_id: TenantId, sign_in_id: UUID, at: datetime) -> bool:
            reported = super().is_live(tenant_id, sign_in_id, at)
            near.mark_ended(tenant_id, [sign_in_id])
            return reported

    near = LocalRevocationCache(Slow(table))
    assert near.is_live(DEFAULT_TENANT, sign_in, AT)
    assert not near.is_cached(DEFAULT_TENANT, sign_in)


def test_redis_caches_the_revocation_table(
    client: redis_client.Redis, table: CountedSignIns
) -> None:
    """R-IDN-08, R-DAT-07"""
    sign_in = begun(table)
    machines = [RedisRevocationCache(client, table, redis_ttl_ms=600_000) for _ in range(2)]
    assert machines[0].is_live(DEFAULT_TENANT, sign_in, AT)
    assert machines[1].is_live(DEFAULT_TENANT, sign_in, AT)
    assert table.reads == 1


def test_a_cached_copy_is_used_for_less_than_a_second(
    client: redis_client.Redis, table: CountedSignIns
) -> None:
    """C-22: even if the revoking process fails before it writes to Redis."""
    sign_in = begun(table)
    live = RedisRevocationCache(client, table)
    assert live.is_live(DEFAULT_TENANT, sign_in, AT)
    assert int(client.pttl(f"kinelog:default:sign-in:{sign_in}")) < 1000
    end(table, [sign_in])
    deadline = time.monotonic() + 60
    while live.is_live(DEFAULT_TENANT, sign_in, AT):
        assert time.monotonic() < deadline


def test_an_earlier_read_does_not_hide_a_revocation(
    client: redis_client.Redis, table: CountedSignIns
) -> None:
    """C-22: one machine reads the table, another ends the sign-in, the first caches its copy."""
    sign_in = begun(table)

    class Slow(CountedSignIns):
        def is_live(self, tenant_id: TenantId, sign_in_id: UUID, at: datetime) -> bool:
            read = super().is_live(tenant_id, sign_in_id, at)
            end(table, [sign_in_id])
            RedisRevocationCache(client, table).mark_ended(tenant_id, [sign_in_id])
            return read

    delayed = RedisRevocationCache(client, Slow(table._database))
    assert delayed.is_live(DEFAULT_TENANT, sign_in, AT)  # the result of its earlier read
    assert not RedisRevocationCache(client, table).is_live(DEFAULT_TENANT, sign_in, AT)


def test_without_redis_the_table_is_queried(table: CountedSignIns) -> None:
    """R-OPS-09: an outage of the cache signs nobody out and lets nobody in."""
    with closing(fail_fast_client("redis://127.0.0.1:1")) as away:
        live = RedisRevocationCache(away, table)
        sign_in = begun(table)
        assert live.is_live(DEFAULT_TENANT, sign_in, AT)
        end(table, [sign_in])
        live.mark_ended(DEFAULT_TENANT, [sign_in])
        assert not live.is_live(DEFAULT_TENANT, sign_in, AT)


def test_a_new_sign_in_is_stored_in_redis_and_an_ended_one_stays_ended(
    client: redis_client.Redis, table: CountedSignIns
) -> None:
    """R-IDN-08, C-22: on confirmation, before the first request; the table is not asked."""
    near = LocalRevocationCache(RedisRevocationCache(client, table, redis_ttl_ms=60_000))
    sign_in = begun(table)
    near.mark_begun(DEFAULT_TENANT, sign_in)
    assert client.get(f"kinelog:{DEFAULT_TENANT}:sign-in:{sign_in}") == b"live"
    assert near.is_live(DEFAULT_TENANT, sign_in, AT)
    assert table.reads == 0
    near.mark_ended(DEFAULT_TENANT, [sign_in])
    near.mark_begun(DEFAULT_TENANT, sign_in)
    assert not near.is_live(DEFAULT_TENANT, sign_in, AT)
