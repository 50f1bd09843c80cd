"""Contract of the store of own accounts at gateways."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters.encryption.envelope import EnvelopeCipher
from adapters.jobs.sql import SCHEMA, SqlJobStore
from adapters.payments.account_store import ACCOUNTS, SqlAccountStore
from adapters.sql.engines import open_engine
from application.kernel.encryption import SealBroken
from application.payments.accounts import StoredAccounts
from domain.ids import TenantId

STUDIO, CLUB = TenantId("studio"), TenantId("club")
KEY = "sk_test_of_studio"
ACCOUNT = StoredAccounts(
    "test", ("stripe", "yookassa"), {"KINELOG_STRIPE_KEY": KEY}, datetime(2030, 1, 7, tzinfo=UTC)
)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    url = f"sqlite:///{tmp_path / 'tables.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_database")
    engine = open_engine(url, schema=SCHEMA)
    SqlJobStore(engine)  # they share a schema
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine: sa.Engine, cipher: EnvelopeCipher) -> SqlAccountStore:
    return SqlAccountStore(engine, cipher)


def test_a_tenant_has_the_accounts_that_were_stored_last(store: SqlAccountStore) -> None:
    """R-PAY-15, R-TEN-03"""
    assert store.is_empty()
    assert store.get(STUDIO) is None
    store.put(STUDIO, ACCOUNT)
    newer = replace(ACCOUNT, mode="live", gateways=("stripe",))
    store.put(STUDIO, newer)
    assert store.get(STUDIO) == newer
    assert store.get(CLUB) is None
    assert not store.is_empty()
    store.remove(STUDIO)
    store.remove(STUDIO)
    assert store.get(STUDIO) is None


def test_keys_are_stored_encrypted(store: SqlAccountStore, engine: sa.Engine) -> None:
    """R-PAY-15, R-TEN-09: nor does the text of an account show them."""
    store.put(STUDIO, ACCOUNT)
    with engine.begin() as connection:
        row = connection.execute(sa.select(ACCOUNTS)).one()
    assert KEY not in repr(row)
    assert KEY not in repr(store.get(STUDIO))


def test_keys_that_were_copied_to_another_tenant_are_refused(
    store: SqlAccountStore, engine: sa.Engine
) -> None:
    store.put(STUDIO, ACCOUNT)
    store.put(CLUB, ACCOUNT)
    with engine.begin() as connection:
        of_studio = sa.select(ACCOUNTS.c.settings).where(ACCOUNTS.c.tenant_id == STUDIO)
        copied = connection.execute(of_studio).scalar_one()
        change = sa.update(ACCOUNTS).where(ACCOUNTS.c.tenant_id == CLUB).values(settings=copied)
        connection.execute(change)
    with pytest.raises(SealBroken):
        store.get(CLUB)
