"""The contract of the store of deferred e-mails, on SQLite and PostgreSQL."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from adapters.mail.sent_emails import SCHEMA, SqlDeferredEmails
from adapters.sql.engines import open_engine
from application.kernel.cloud_events import EncodedEvent
from application.users.email_delivery import DeferredEmail
from domain.ids import TenantId

AT = datetime(2030, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlDeferredEmails]:
    url = f"sqlite:///{tmp_path / 'identity.sqlite3'}"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_database")
    engine = open_engine(url, schema=SCHEMA, connections=2)
    yield SqlDeferredEmails(engine)
    engine.dispose()


def deferred(tenant: str, due_at: datetime) -> DeferredEmail:
    event = EncodedEvent(
        event_id=uuid4(),
        tenant_id=tenant,
        actor="anonymous",
        correlation_id=uuid4(),
        causation_id=None,
        stream="user-ada",
        version=3,
        position=7,
        recorded_at=AT,
        name="user.email_requested",
        schema_version=1,
        payload=b'{"kind":"reset"}',
    )
    return DeferredEmail(event, 1, due_at)


def test_due_emails_of_all_tenants_are_claimed_once(store: SqlDeferredEmails) -> None:
    """R-EVT-03, R-EVT-16"""
    first, second = deferred("red", AT), deferred("blue", AT + MINUTE)
    for each in (second, first):
        store.put(each)
    assert store.claim(AT - MINUTE, AT) is None
    until = AT + 5 * MINUTE
    assert store.claim(AT + MINUTE, until) == replace(first, due_at=until)
    assert store.claim(AT + MINUTE, until) == replace(second, due_at=until)
    assert store.claim(AT + MINUTE, until) is None


def test_an_email_is_put_again_and_removed_within_its_tenant(store: SqlDeferredEmails) -> None:
    """R-EVT-03, R-TEN-01"""
    email = deferred("red", AT)
    store.put(email)
    again = replace(email, attempts=2, due_at=AT + MINUTE)
    store.put(again)
    red, blue, email_id = TenantId("red"), TenantId("blue"), email.event.event_id
    store.remove(blue, email_id)
    assert store.contains(red, email_id)
    assert not store.contains(blue, email_id)
    assert store.claim(AT + MINUTE, AT + MINUTE) == again
    store.remove(red, email_id)
    assert not store.contains(red, email_id)
