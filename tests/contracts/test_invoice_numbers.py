"""Invoice numbers without gaps, also when many payments complete at once or a process ends."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest

from adapters.clock import new_id, utc_now
from adapters.event_log.postgres import PostgresEventLog
from adapters.event_log.sqlite import SqliteEventLog
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import AppendResult, EventLog
from application.payments.policy import payment_request
from domain.ids import DEFAULT_TENANT, PaymentId, PlanId, SubscriptionId, UserId
from domain.invoices.series import INVOICE_SERIES
from domain.kernel import Origin
from domain.money import Money, Price
from domain.payments.commands import Charged, CreatePayment, NoteOutcome
from domain.payments.payment import PAYMENT
from domain.subscriptions.commands import CreateSubscription
from domain.subscriptions.subscription import SUBSCRIPTION
from tests.adapters.event_log.postgres_databases import empty
from tests.golden.examples import CODEC

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
PRICE = Price("EU", Money(1999, "EUR"), 1900)
ORIGIN = Origin(tenant_id=DEFAULT_TENANT, actor="payments", correlation_id=UUID(int=1))
MANY = 50


@pytest.fixture(params=["sqlite", "postgresql"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EventLog]:
    """A log that encrypts personal data."""
    if request.param == "sqlite":
        path = tmp_path / "log.sqlite"
        with closing(SqliteEventLog(path, clock=utc_now, new_id=new_id, codec=CODEC)) as log:
            yield log
        return
    url = request.getfixturevalue("database")
    empty(url)
    with closing(PostgresEventLog(url, clock=utc_now, new_id=new_id, codec=CODEC)) as log:
        yield log


def begin(handler: CommandHandler, number: int) -> None:
    """Store a pending subscription and its pending payment."""
    user, subscription = UserId(f"user-{number}"), SubscriptionId(f"subscription-{number}")
    subscribe = CreateSubscription(
        user_id=user, plan_id=PlanId("squats"), plan_number=1, price=PRICE, billing_months=1, at=AT
    )
    pay = CreatePayment(
        user_id=user, subscription_id=subscription, amount=PRICE.amount, region="EU",
        gateways=("stripe",), at=AT,
    )  # fmt: skip
    handler.execute(
        Request(SUBSCRIPTION, subscription, [subscribe]),
        Request(PAYMENT, payment_id(number), [pay]),
        origin=ORIGIN,
        command_id=uuid4(),
    )


def payment_id(number: int) -> PaymentId:
    return PaymentId(f"payment-{number}")


def complete(handler: CommandHandler, number: int) -> AppendResult:
    """Record a charge, as a webhook does; a repeated webhook has the same command id."""
    note = NoteOutcome(
        attempt=1, reference=f"pi_{number}", outcome=Charged(PRICE.amount), source="webhook", at=AT
    )
    return handler.execute(
        payment_request(payment_id(number), note, lambda _: None),
        origin=ORIGIN,
        command_id=uuid5(UUID(int=2), str(number)),
    )


def assigned(log: EventLog) -> list[tuple[int, str]]:
    history = log.load(DEFAULT_TENANT, f"{INVOICE_SERIES.category}-2030")
    return [(recorded.event.number, recorded.event.payment_id) for recorded in history]


def issued(log: EventLog) -> list[str]:
    events = log.scan(after=0, limit=10_000)
    return [each.stream for each in events if each.event.event_name == "invoice.issued"]


def test_payments_that_complete_at_once_are_numbered_without_gaps(log: EventLog) -> None:
    """R-PAY-08: by two processes, each of which gets every webhook."""
    handlers = [CommandHandler(log, settled=lambda _: None) for _ in range(2)]
    for number in range(MANY):
        begin(handlers[0], number)
    with ThreadPoolExecutor(MANY) as threads:
        done = [
            threads.submit(complete, handler, number)
            for number in range(MANY)
            for handler in handlers
        ]
        for each in done:
            each.result(timeout=120)
    numbers = assigned(log)
    assert [number for number, _ in numbers] == list(range(1, MANY + 1))
    assert {payment for _, payment in numbers} == {payment_id(each) for each in range(MANY)}
    assert sorted(issued(log)) == [f"invoice-2030-{each:06d}" for each in range(1, MANY + 1)]


class EndedProcess(Exception):  # noqa: N818  not an error of ours
    """A process ended."""


class EndingLog:
    """A log whose process ends before, or after, an append of invoices."""

    def __init__(self, log: EventLog, *, stores: bool) -> None:
        self._log, self._stores = log, stores

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)

    def append(self, changes: Any, *, origin: Origin, command_id: UUID) -> AppendResult:
        if self._stores:
            self._log.append(changes, origin=origin, command_id=command_id)
        raise EndedProcess


@pytest.mark.parametrize("stores", [False, True])
def test_a_process_that_ends_leaves_no_gap(log: EventLog, stores: bool) -> None:  # noqa: FBT001
    """R-PAY-07, R-PAY-08: the webhook is delivered again."""
    handler = CommandHandler(log, settled=lambda _: None)
    for number in range(3):
        begin(handler, number)
    complete(handler, 0)
    ending: Any = EndingLog(log, stores=stores)
    with pytest.raises(EndedProcess):
        complete(CommandHandler(ending, settled=lambda _: None), 1)
    complete(handler, 2)
    complete(handler, 1)
    order = (0, 1, 2) if stores else (0, 2, 1)
    assert assigned(log) == [(place, payment_id(each)) for place, each in enumerate(order, 1)]
