"""YooKassa: charges of stored methods that were not answered, in lists of many payments."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr

from adapters.payments import yookassa
from adapters.payments.yookassa import YooKassaGateway
from application.payments.billing import BillingService
from application.payments.gateways import (
    GatewayAnswerError,
    IntentOf,
    MethodRefusedError,
    SetupOf,
)
from application.payments.process import PaymentProcess
from domain.ids import DEFAULT_TENANT, PaymentId
from domain.kernel import Origin
from domain.money import Money
from domain.payment_methods import StoredMethod
from domain.payments import commands
from domain.subscriptions.states import Active
from tests.contracts.payment_processes import payable, process, receive, subscription
from tests.contracts.payment_rigs import FIRST, RETURN_URL, SUBSCRIPTION_ID, Rig, YooKassaRig
from tools.payments.yookassa_simulator import YooKassaSimulator

__all__ = ["process"]

PRICE = Money(199900, "RUB")
SUBMITTED_AT = datetime.now(UTC)
RENEWAL = IntentOf(DEFAULT_TENANT, PaymentId("renewal"), 1, SUBMITTED_AT)


@pytest.fixture
def simulator() -> Iterator[YooKassaSimulator]:
    with YooKassaSimulator() as running:
        yield running


@pytest.fixture
def gateway(simulator: YooKassaSimulator) -> Iterator[YooKassaGateway]:
    key, url = SecretStr(simulator.key), f"{simulator.url}/v3"
    opened = YooKassaGateway(
        simulator.shop_id, key, return_url=RETURN_URL, stores_methods=True, url=url
    )
    with closing(opened):
        yield opened


@pytest.fixture
def method(gateway: YooKassaGateway, simulator: YooKassaSimulator) -> StoredMethod:
    """Return the method that a first payment has stored."""
    reference = gateway.create_intent(FIRST, PRICE).reference
    simulator.act(reference, "succeed")
    stored = gateway.look_up(reference).method
    assert stored is not None
    return stored


@pytest.fixture
def rig(simulator: YooKassaSimulator, gateway: YooKassaGateway) -> Rig:
    return YooKassaRig(simulator, gateway)


@pytest.fixture
def billing(process: PaymentProcess, rig: Rig) -> BillingService:
    """Return a service with a subscription whose first month is paid."""
    rig.act(payable(process).reference, "succeed")
    receive(process, rig.name, rig.webhook())
    return BillingService(process)


def store(billing: BillingService, reference: str) -> StoredMethod | None:
    """Store the method of a setup; return the one to which renewals are charged."""
    origin = Origin(tenant_id=DEFAULT_TENANT, actor="ada", correlation_id=uuid4())
    billing.store_method(SUBSCRIPTION_ID, reference, origin=origin, command_id=uuid4())
    changed = subscription(billing.process)
    assert isinstance(changed, Active)
    return changed.method


def pay_others(gateway: YooKassaGateway, count: int) -> None:
    for number in range(count):
        other = replace(RENEWAL, payment_id=PaymentId(f"other-{number}"))
        gateway.create_intent(other, PRICE)


def test_a_charge_is_found_on_any_page_and_not_repeated(
    gateway: YooKassaGateway, simulator: YooKassaSimulator, method: StoredMethod
) -> None:
    """R-PAY-14"""
    simulator.page_size = 2
    charged = gateway.charge_stored(RENEWAL, PRICE, method)
    pay_others(gateway, 5)
    simulator.forget_keys()
    assert gateway.find_charge(RENEWAL, method) == charged
    assert gateway.charge_stored(RENEWAL, PRICE, method) == charged
    assert charged.outcome == commands.Charged(PRICE)
    assert len(simulator.payments) == 7


def test_a_charge_is_found_after_an_outage_of_days(
    gateway: YooKassaGateway, simulator: YooKassaSimulator, method: StoredMethod
) -> None:
    """R-PAY-14: payments from before the charge was submitted are not searched."""
    charged = gateway.charge_stored(RENEWAL, PRICE, method)
    week_ago = SUBMITTED_AT - timedelta(days=7)
    simulator.payments[charged.reference]["created_at"] = f"{week_ago:%Y-%m-%dT%H:%M:%S.000Z}"
    simulator.forget_keys()
    repeated = replace(RENEWAL, submitted_at=week_ago)
    assert gateway.charge_stored(repeated, PRICE, method) == charged
    assert len(simulator.payments) == 2
    assert gateway.find_charge(RENEWAL, method) is None


def test_an_amount_below_the_minimum_is_refused_at_once(
    gateway: YooKassaGateway, simulator: YooKassaSimulator, method: StoredMethod
) -> None:
    """R-PAY-11: it would be refused again and again until the payment expires."""
    with pytest.raises(MethodRefusedError) as refused:
        gateway.charge_stored(RENEWAL, Money(99, "RUB"), method)
    assert refused.value.reason == "declined"
    assert len(simulator.payments) == 1


def test_nothing_is_charged_while_the_list_is_too_long_to_search(
    gateway: YooKassaGateway,
    simulator: YooKassaSimulator,
    method: StoredMethod,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R-PAY-14"""
    monkeypatch.setattr(yookassa, "PAGES", 3)
    simulator.page_size = 1
    gateway.charge_stored(RENEWAL, PRICE, method)
    pay_others(gateway, 5)
    simulator.forget_keys()
    with pytest.raises(GatewayAnswerError, match="more than 3 pages"):
        gateway.charge_stored(RENEWAL, PRICE, method)
    assert len(simulator.payments) == 7


def test_a_method_can_be_changed_after_a_setup_was_aborted(
    billing: BillingService, simulator: YooKassaSimulator
) -> None:
    """R-PAY-11: YooKassa repeats its first answer to the same request for a day."""
    aborted = billing.method_setup(DEFAULT_TENANT, SUBSCRIPTION_ID).reference
    simulator.abort_setup(aborted)
    again = billing.method_setup(DEFAULT_TENANT, SUBSCRIPTION_ID)
    assert again.reference != aborted
    assert billing.method_setup(DEFAULT_TENANT, SUBSCRIPTION_ID) == again
    simulator.set_up(again.reference)
    assert store(billing, again.reference) == StoredMethod("yookassa", None, again.reference)


def test_a_method_that_was_given_can_be_stored_after_another_setup_began(
    billing: BillingService, simulator: YooKassaSimulator
) -> None:
    """R-PAY-11: such as after another visit of the page, which did not know of the first one."""
    given = billing.method_setup(DEFAULT_TENANT, SUBSCRIPTION_ID).reference
    simulator.set_up(given)
    assert billing.method_setup(DEFAULT_TENANT, SUBSCRIPTION_ID).reference != given
    assert store(billing, given) == StoredMethod("yookassa", None, given)


def test_a_webhook_about_a_method_reports_no_payment(
    gateway: YooKassaGateway, simulator: YooKassaSimulator
) -> None:
    """R-PAY-07: it is genuine, so it is not refused as forged."""
    setup_of = SetupOf(DEFAULT_TENANT, SUBSCRIPTION_ID, "request-1")
    simulator.set_up(gateway.begin_setup(setup_of, None).reference)
    assert gateway.read_webhook(YooKassaRig(simulator, gateway).webhook()) is None


def test_a_webhook_about_a_payment_with_unreadable_metadata_is_refused(
    gateway: YooKassaGateway, simulator: YooKassaSimulator
) -> None:
    """R-PAY-07: the payment is not lost: it is looked up again."""
    attempt: Any = "first"
    reference = gateway.create_intent(replace(FIRST, attempt=attempt), PRICE).reference
    simulator.act(reference, "succeed")
    with pytest.raises(GatewayAnswerError):
        gateway.read_webhook(YooKassaRig(simulator, gateway).webhook())
