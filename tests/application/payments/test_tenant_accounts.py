"""Accounts of tenants: built once for each change, in a cache that is limited."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from application.payments import accounts
from application.payments.accounts import (
    CACHED_S,
    BuiltAccounts,
    CachedTenantAccounts,
    GatewayAccounts,
    StoredAccounts,
)
from domain.ids import TenantId

STUDIO = TenantId("studio")
STORED = StoredAccounts("test", ("stripe",), {"KEY": "one"}, datetime(2030, 1, 7, tzinfo=UTC))


@dataclass
class Stored:
    """A store of one tenant's accounts that counts its reads."""

    accounts: StoredAccounts | None = STORED
    reads: int = 0

    def get(self, tenant_id: TenantId) -> StoredAccounts | None:
        self.reads += 1
        return self.accounts if tenant_id == STUDIO else None

    def put(self, tenant_id: TenantId, accounts: StoredAccounts) -> None:
        del tenant_id
        self.accounts = accounts

    def remove(self, tenant_id: TenantId) -> None:
        del tenant_id
        self.accounts = None

    def is_empty(self) -> bool:
        return self.accounts is None


@dataclass
class Built:
    """Builds accounts, and remembers from which settings; `now` is the time of the cache."""

    settings: list[Mapping[str, str]] = field(default_factory=list[Mapping[str, str]])
    now: float = 0.0

    def __call__(self, settings: Mapping[str, str]) -> BuiltAccounts:
        self.settings.append(settings)
        return BuiltAccounts("test", GatewayAccounts({}))


@pytest.fixture
def store() -> Stored:
    return Stored()


@pytest.fixture
def built() -> Built:
    return Built()


@pytest.fixture
def cached(store: Stored, built: Built) -> CachedTenantAccounts:
    return CachedTenantAccounts(store, built, timer=lambda: built.now)


def test_accounts_are_read_again_after_seconds_and_built_after_a_change(
    cached: CachedTenantAccounts, store: Stored, built: Built
) -> None:
    """R-PAY-15: a circuit that has opened stays open while nothing changes."""
    first = cached.find(STUDIO)
    assert cached.find(STUDIO) is first
    assert store.reads == 1
    built.now += CACHED_S
    assert cached.find(STUDIO) is first
    assert store.reads == 2
    later = STORED.changed_at.replace(hour=1)
    store.accounts = replace(STORED, settings={"KEY": "two"}, changed_at=later)
    built.now += CACHED_S
    assert cached.find(STUDIO) is not first
    assert built.settings == [{"KEY": "one"}, {"KEY": "two"}]
    store.accounts = None
    cached.forget(STUDIO)
    assert cached.find(STUDIO) is None


def test_tenants_that_strangers_name_do_not_fill_the_memory(
    cached: CachedTenantAccounts, store: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-API-08: each address of a webhook can name another one."""
    monkeypatch.setattr(accounts, "MAX_CACHED", 3)
    assert cached.find(STUDIO) is not None
    for number in range(3):
        assert cached.find(TenantId(f"none-{number}")) is None
    before = store.reads
    assert cached.find(STUDIO) is not None
    assert store.reads == before + 1, "it was forgotten"
