"""The relay reads the payloads of the log byte for byte."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import psycopg
import pytest

from adapters.clock import new_id
from adapters.event_log.codec import EVENTS
from adapters.event_log.postgres import PostgresEventLog
from adapters.event_log.postgres_encoded_reader import PostgresEncodedLog
from application.kernel.cloud_events import encoded, to_recorded
from application.kernel.ports import Change, StorageUnavailable
from domain.ids import TenantId
from domain.kernel import Origin
from domain.sessions import events
from domain.values import Span
from tests.adapters.event_log.postgres_databases import upgraded_database
from tests.plugins.services import Service

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)


@pytest.fixture
def database(postgres: Service) -> Iterator[str]:
    with upgraded_database(postgres.address) as url:
        yield url


def test_events_are_read_as_they_lie(database: str) -> None:
    """C-44"""
    log = PostgresEventLog(database, clock=lambda: AT, new_id=new_id)
    for tenant, cause in (("red", None), ("blue", uuid4())):
        origin = Origin(
            tenant_id=TenantId(tenant), actor="ada", correlation_id=uuid4(), causation_id=cause
        )
        facts = [
            events.HoldMeasured(set=1, span=Span(0, n), form=None, faults=()) for n in range(3)
        ]
        log.append([Change("session-膝/1", 0, facts)], origin=origin, command_id=uuid4())
    reader = PostgresEncodedLog(database)
    found = reader.scan(after=0, limit=100)
    expected = log.scan(after=0, limit=100)
    assert found == [encoded(fact, EVENTS.encode) for fact in expected]
    assert [to_recorded(event, EVENTS.decode) for event in found] == expected
    assert reader.scan(after=2, limit=3) == found[2:5]
    assert reader.scan(after=0, limit=2, tenant_id=TenantId("blue")) == found[3:5]
    assert reader.scan(after=1, limit=9, tenant_id=TenantId("red")) == found[1:3]
    reader.close()
    log.close()


def test_a_payload_that_nobody_can_read_is_passed_on(database: str) -> None:
    """A newer program wrote the event; the relay passes it on without decoding it."""
    with psycopg.connect(database) as connection:
        connection.execute(
            """
            INSERT INTO kinelog.events (originator_id, originator_version, topic, schema_version,
                state, event_id, tenant_id, actor, correlation_id, recorded_at, previous_hash, hash)
            VALUES ('red/session-1', 1, 'session.of_tomorrow', 9, '{ "new" : 1 }',
                gen_random_uuid(), 'red', 'ada', gen_random_uuid(), now(), '', '')
            """
        )
    reader = PostgresEncodedLog(database)
    (event,) = reader.scan(after=0, limit=10)
    assert (event.name, event.schema_version) == ("session.of_tomorrow", 9)
    assert event.payload == b'{ "new" : 1 }'
    reader.close()


def test_an_unavailable_server_is_reported() -> None:
    reader = PostgresEncodedLog("postgresql://127.0.0.1:1/nothing", patience_s=0.5)
    with pytest.raises(StorageUnavailable):
        reader.scan(after=0, limit=1)
    reader.close()
