"""Contract of the store of webhook deliveries: tables of earlier versions."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from adapters.jobs.sql import SCHEMA
from adapters.payments.deliveries import DELIVERY, SqlDeliveries
from adapters.sql.engines import open_engine
from application.payments.gateways import IntentOf, Notice
from application.payments.inbox import Delivery
from domain.ids import DEFAULT_TENANT, PaymentId
from domain.money import Money
from domain.payments.commands import FailedRefund, MadeRefund, Paying

AT = datetime(2030, 1, 31, 7, 30, tzinfo=UTC)
NOTICE = Notice(
    "evt_1", IntentOf(DEFAULT_TENANT, PaymentId("p"), 1), "pi_1", Paying(), event_type="created"
)
STORED = Delivery(
    UUID(int=1), DEFAULT_TENANT, "stripe", "evt_1", "p", NOTICE, AT, AT, AT, event_type="created"
)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    of_server = request.param == "postgresql"
    url = (
        request.getfixturevalue("postgres_database")
        if of_server
        else f"sqlite:///{tmp_path / 'tables.db'}"
    )
    engine = open_engine(url, schema=SCHEMA)
    yield engine
    engine.dispose()


def test_deliveries_of_an_earlier_version_have_no_type_of_event(engine: sa.Engine) -> None:
    """R-EVT-18, R-PAY-07: new ones have one, and all are processed."""
    SqlDeliveries(engine).add(STORED)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {DELIVERY.name} DROP COLUMN event_type")
    SqlDeliveries(engine)
    deliveries = SqlDeliveries(engine)  # a second start
    expected = replace(STORED, event_type=None, notice=replace(NOTICE, event_type=""))
    assert deliveries.get(DEFAULT_TENANT, STORED.id) == expected
    added = replace(STORED, id=UUID(int=2))
    assert deliveries.add(added)
    found = deliveries.get(DEFAULT_TENANT, added.id)
    assert found == replace(added, notice=expected.notice)
    assert len(deliveries.claim_due(AT, AT, 9)) == 2


def test_a_delivery_about_a_failed_refund_is_kept_until_it_is_handled(engine: sa.Engine) -> None:
    """R-PAY-07"""
    others = (MadeRefund(2, Money(300, "EUR")), MadeRefund(None, Money(200, "EUR")))
    failed = FailedRefund("re_1", Money(500, "EUR"), others)
    stored = replace(STORED, notice=replace(NOTICE, event_type="", failed_refund=failed))
    deliveries = SqlDeliveries(engine)
    assert deliveries.add(stored)
    assert deliveries.get(DEFAULT_TENANT, stored.id) == stored
