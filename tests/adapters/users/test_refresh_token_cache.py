"""Redis remembers used refresh tokens, in front of the table."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import redis as redis_client

from adapters.users.database import IdentityDatabase
from adapters.users.refresh_token_cache import RefreshTokenCache
from adapters.users.revocation_cache import fail_fast_client
from adapters.users.sign_ins import SqlSignIns
from application.users.ports import Inactive, Reused, Rotated, SignIn, Superseded
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from tests.plugins.services import Service

AT = datetime(2030, 1, 1, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
ADA = UserId("ada")

Table = Callable[[], SqlSignIns]


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Table]:
    """Return a function that opens a new table: that of before, restored from an old backup."""
    opened: list[IdentityDatabase] = []

    def restored() -> SqlSignIns:
        opened.append(IdentityDatabase(f"sqlite:///{tmp_path / f'{len(opened)}.sqlite'}"))
        return SqlSignIns(opened[-1])

    yield restored
    for each in opened:
        each.close()


@pytest.fixture
def client(redis: Service) -> Iterator[redis_client.Redis]:
    with closing(redis_client.Redis.from_url(redis.address)) as connected:
        yield connected


def tokens(number: int) -> list[bytes]:
    return [os.urandom(32) for _ in range(number)]


def begun(*stores: SqlSignIns, digest: bytes, tenant: TenantId = DEFAULT_TENANT) -> SignIn:
    sign_in = SignIn(tenant, uuid4(), ADA, AT, AT + DAY)
    for each in stores:
        each.begin(sign_in, digest)
    return sign_in


def test_a_table_from_a_backup_does_not_accept_a_used_token(
    table: Table, client: redis_client.Redis
) -> None:
    """C-22: the reuse ends the whole family."""
    before, backup = table(), table()
    first, second, third = tokens(3)
    sign_in = begun(before, backup, digest=first)
    cached = RefreshTokenCache(before, client)
    assert cached.rotate(DEFAULT_TENANT, first, successor=second, at=AT) == Rotated(sign_in)
    restored = RefreshTokenCache(backup, client)
    later = AT + SECOND
    reused = restored.rotate(DEFAULT_TENANT, first, successor=third, at=later)
    assert reused == Reused(sign_in)
    assert not restored.is_live(DEFAULT_TENANT, sign_in.id, later)
    assert restored.rotate(DEFAULT_TENANT, third, successor=second, at=later) == Inactive()


def test_a_repetition_within_the_leeway_is_no_reuse(
    table: Table, client: redis_client.Redis
) -> None:
    """C-22: the answer was lost. Each repetition counts from the first use."""
    store = RefreshTokenCache(table(), client)
    first, second = tokens(2)
    sign_in = SignIn(DEFAULT_TENANT, uuid4(), ADA, AT, AT + DAY)
    store.begin(sign_in, first)
    for seconds in (0, 4, 8):
        at = AT + seconds * SECOND
        repeated = store.rotate(DEFAULT_TENANT, first, successor=second, at=at, leeway=10 * SECOND)
        assert repeated == Rotated(sign_in)
    at = AT + 11 * SECOND
    reused = store.rotate(DEFAULT_TENANT, first, successor=second, at=at, leeway=10 * SECOND)
    assert reused == Reused(sign_in)


def test_the_table_ends_a_family_as_without_redis(table: Table, client: redis_client.Redis) -> None:
    """C-22"""
    store = RefreshTokenCache(table(), client)
    first, second, third = tokens(3)
    sign_in = SignIn(DEFAULT_TENANT, uuid4(), ADA, AT, AT + DAY)
    store.begin(sign_in, first)
    assert store.find(DEFAULT_TENANT, first, AT, leeway=SECOND) == sign_in
    assert [each.sign_in for each in store.list_active(DEFAULT_TENANT, ADA, AT)] == [sign_in]
    store.rotate(DEFAULT_TENANT, first, successor=second, at=AT)
    store.rotate(DEFAULT_TENANT, second, successor=third, at=AT)
    again = store.rotate(DEFAULT_TENANT, first, successor=second, at=AT, leeway=SECOND)
    assert again == Superseded(sign_in)
    assert store.end_all(DEFAULT_TENANT, ADA, AT) == [sign_in.id]
    assert store.rotate(DEFAULT_TENANT, third, successor=first, at=AT) == Inactive()


def test_used_tokens_of_tenants_are_apart_and_expire_with_the_sign_in(
    table: Table, client: redis_client.Redis
) -> None:
    """C-22, R-TEN-05: only a digest is stored."""
    first, second = tokens(2)
    for tenant in (DEFAULT_TENANT, TenantId("red")):
        sign_ins = table()
        sign_in = begun(sign_ins, digest=first, tenant=tenant)
        store = RefreshTokenCache(sign_ins, client)
        assert store.rotate(tenant, first, successor=second, at=AT) == Rotated(sign_in)
        key = f"kinelog:{tenant}:refresh-token:{first.hex()}"
        assert 0 < int(client.pttl(key)) <= DAY / timedelta(milliseconds=1)
        assert client.get(key) == AT.isoformat().encode()


def test_without_redis_the_table_decides(table: Table) -> None:
    """R-OPS-09: an outage of the cache signs nobody out."""
    sign_ins, (first, second) = table(), tokens(2)
    sign_in = begun(sign_ins, digest=first)
    with closing(fail_fast_client("redis://127.0.0.1:1")) as away:
        store = RefreshTokenCache(sign_ins, away)
        assert store.rotate(DEFAULT_TENANT, first, successor=second, at=AT) == Rotated(sign_in)
        assert store.rotate(DEFAULT_TENANT, first, successor=b"x", at=AT) == Reused(sign_in)
