"""A payment process with a simulated gateway."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final, get_args
from uuid import uuid4, uuid5

import pytest

from adapters.event_log.memory import MemoryEventLog
from application.kernel.command_handler import CommandHandler, Request
from application.payments.gateways import IntentOf, Webhook
from application.payments.inbox import DELIVERIES
from application.payments.process import Payable, PaymentProcess
from application.payments.webhooks import read_webhook
from domain.ids import DEFAULT_TENANT, PlanId, SubscriptionId, UserId
from domain.kernel import Origin
from domain.money import Price
from domain.payments import commands
from domain.payments.events import Gateway
from domain.payments.payment import PAYMENT
from domain.payments.states import Started
from domain.subscriptions.commands import CreateSubscription
from domain.subscriptions.states import Subscription
from domain.subscriptions.subscription import SUBSCRIPTION
from tests.contracts.payment_rigs import (
    PAYMENT_ID,
    RIGS,
    Rig,
)
from tests.golden.examples import CODEC

AT: Final = datetime(2030, 1, 31, 7, 30, tzinfo=UTC)
ADA: Final = UserId("ada")
PLAN: Final = PlanId("squats")
SUBSCRIPTION_ID: Final = SubscriptionId("subscription")


@pytest.fixture(params=sorted(RIGS))
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    with RIGS[request.param]() as running:
        yield running


@pytest.fixture
def process(rig: Rig) -> PaymentProcess:
    """Return a process with a payment at the gateway, then at one that is not set up."""
    log = MemoryEventLog(clock=lambda: AT, new_id=uuid4, codec=CODEC)
    process = PaymentProcess(
        log=log,
        handler=CommandHandler(log, settled=lambda _: None),
        clock=lambda: AT,
        new_id=uuid4,
        origin_of=lambda tenant: Origin(tenant_id=tenant, actor="payments", correlation_id=uuid4()),
        gateways={rig.name: rig.gateway},
    )
    subscribe = CreateSubscription(
        user_id=ADA,
        plan_id=PLAN,
        plan_number=1,
        price=Price("EU", rig.price),
        billing_months=1,
        at=AT,
    )
    pay = commands.CreatePayment(
        user_id=ADA,
        subscription_id=SUBSCRIPTION_ID,
        amount=rig.price,
        region="EU",
        gateways=(rig.name, other_than(rig.name)),
        at=AT,
    )
    process.handler.execute(
        Request(SUBSCRIPTION, SUBSCRIPTION_ID, [subscribe]),
        Request(PAYMENT, PAYMENT_ID, [pay]),
        origin=Origin(tenant_id=DEFAULT_TENANT, actor=ADA, correlation_id=uuid4()),
        command_id=uuid4(),
    )
    return process


def other_than(name: Gateway) -> Gateway:
    names: tuple[Gateway, ...] = get_args(Gateway)
    return next(each for each in names if each != name)


def payable(process: PaymentProcess) -> Payable:
    process.advance(DEFAULT_TENANT, PAYMENT_ID)
    return process.payable(DEFAULT_TENANT, PAYMENT_ID)


def started(process: PaymentProcess) -> Started:
    payment = process.state(DEFAULT_TENANT, PAYMENT_ID)
    assert isinstance(payment, Started)
    return payment


def subscription(process: PaymentProcess) -> Subscription:
    history = process.log.load(DEFAULT_TENANT, f"{SUBSCRIPTION.category}-{SUBSCRIPTION_ID}")
    return SUBSCRIPTION.fold(recorded.event for recorded in history)


def receive(process: PaymentProcess, gateway: Gateway, webhook: Webhook) -> IntentOf | None:
    """Record what a webhook reports, as the inbox does."""
    notice = read_webhook(process, gateway, webhook)
    if notice is None:
        return None
    return process.record_notice(notice, uuid5(DELIVERIES, f"{gateway}/{notice.event_id}"))


def names(process: PaymentProcess) -> list[str]:
    return [recorded.event.event_name for recorded in process.log.scan(after=0, limit=100)]
