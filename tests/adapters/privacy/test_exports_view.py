"""The view `exports` shows data exports on SQLite and PostgreSQL."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from adapters.migrations import upgrade
from adapters.privacy.database import PrivacyDatabase
from adapters.privacy.export_store import SqlExports
from application.privacy.personal_exports import PersonalExport
from domain.ids import DEFAULT_TENANT, TenantId, UserId

AT = datetime(2030, 1, 1, tzinfo=UTC)
QUERY = sa.text("SELECT user_id, state, files, size FROM exports ORDER BY user_id")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PrivacyDatabase]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'privacy.sqlite'}"
        PrivacyDatabase(url).close()  # an earlier start has created the tables
    else:
        url = request.getfixturevalue("postgres_database")
        upgrade(url)
    with closing(PrivacyDatabase(url)) as opened:
        yield opened


def admitted(_: Sequence[PersonalExport]) -> None:
    """Admit an export: without quotas."""


def export(tenant: str, user: str) -> PersonalExport:
    return PersonalExport(
        id=uuid4(),
        tenant_id=TenantId(tenant),
        user_id=UserId(user),
        state="queued",
        created_at=AT,
        expires_at=AT + timedelta(days=7),
        held_until=AT,
        files=0,
        size=0,
        problem_code=None,
    )


def test_exports_can_be_read_under_their_plain_name(database: PrivacyDatabase) -> None:
    """R-DAT-02: each with its owner, state and size."""
    store = SqlExports(database)
    store.add(export(DEFAULT_TENANT, "ada"), admitted)
    store.add(export(DEFAULT_TENANT, "eve"), admitted)
    with database.of_tenant(DEFAULT_TENANT) as connection:
        rows = [tuple(row) for row in connection.execute(QUERY)]
    assert rows == [("ada", "queued", 0, 0), ("eve", "queued", 0, 0)]


def test_the_view_keeps_tenants_apart(postgres_database: str) -> None:
    """R-DAT-02, R-DAT-06: by the policy of the table."""
    upgrade(postgres_database)
    with closing(PrivacyDatabase(postgres_database)) as database:
        SqlExports(database).add(export("north", "ada"), admitted)
        with database.of_tenant(TenantId("south")) as connection:
            assert connection.execute(QUERY).all() == []
