"""Payments and subscriptions that nobody asks about: polled, expired, ended, and closed."""

from dataclasses import replace
from datetime import timedelta
from threading import Event
from uuid import uuid4

import pytest
from pydantic import SecretStr

from application.payments.closing import PaymentClosing, PaymentsOpen
from application.payments.follow_up import EXPIRES, PATIENCE, PaymentFollowUp
from application.payments.gateways import Intent, PaymentGateway
from application.platform import Platform
from application.privacy.erasure import AccountErasure, NotCertified
from domain.ids import DEFAULT_TENANT, SubscriptionId
from domain.kernel import Origin
from domain.subscriptions.states import Ended
from domain.users.user import Erased as Gone
from tests.api.driver import ApiDriver
from tests.api.paying import CANCELED, FAILED, PAID, PENDING, deliver, enroll, follow, paying, state
from tests.privacy.person import settle
from tools.payments.stripe_simulator import StripeSimulator


@pytest.fixture
def driver(selling: ApiDriver) -> ApiDriver:
    return selling


def test_a_payment_whose_webhook_never_came_is_followed(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-07, R-PAY-12: it is completed by a poll, or given up after a day."""
    written = enroll(driver)
    stripe.pay("pi_1", "pm_card_visa")
    other = enroll(driver, userId="bo")
    assert follow(driver, timedelta(0)) == 0
    assert follow(driver, PATIENCE * 2) == 2
    assert (state(driver, written), state(driver, other)) == (PAID, PENDING)
    assert follow(driver, EXPIRES * 2) == 1
    assert state(driver, other) == FAILED
    assert stripe.intents["pi_2"]["status"] == "canceled"
    assert follow(driver, EXPIRES * 3) == 0


def test_a_payment_without_news_is_polled_less_and_less_often(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    enroll(driver)
    platform, started = driver.platform, driver.platform.clock()
    platform.fresh(platform.log.head(), 30)
    now = [started]
    follow_up = PaymentFollowUp(
        platform.read,
        lambda: [DEFAULT_TENANT],
        platform.payments,
        lambda: now[0],
        platform.inbox,
    )
    polls: list[int] = []
    for minutes in range(240):
        now[0] = started + timedelta(minutes=minutes)
        if follow_up.follow(DEFAULT_TENANT, Event()):
            polls.append(minutes)
    assert polls[:3] == [1, 2, 3]
    assert len(polls) < 30
    for hours in (20, 21, 22):
        now[0] = started + timedelta(hours=hours)
        assert follow_up.follow(DEFAULT_TENANT, Event()) == 1
    stripe.pay("pi_1", "pm_card_visa")
    now[0] = started + timedelta(hours=23)
    assert follow_up.follow(DEFAULT_TENANT, Event()) == 1
    platform.fresh(platform.log.head(), 30)
    assert follow_up.follow(DEFAULT_TENANT, Event()) == 0
    assert follow_up.polled == {}


def test_a_charge_before_the_payment_expired_completes_it(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-12: nobody asked for the money back."""
    written = enroll(driver)
    stripe.pay("pi_1", "pm_card_visa")
    assert follow(driver, EXPIRES * 2) == 1
    assert state(driver, written) == PAID


def test_a_gateway_that_refuses_every_call_blocks_no_user(
    platform: Platform, stripe: StripeSimulator
) -> None:
    """R-PAY-11: such as for a key that was withdrawn."""
    with paying(platform, stripe, SecretStr("sk_test_withdrawn")) as driver:
        written = enroll(driver)
        assert state(driver, written) == PENDING
        assert follow(driver, EXPIRES * 2) == 1
        assert state(driver, written) == FAILED


class Broken:
    """A gateway whose answers about one intent cannot be read."""

    def __init__(self, gateway: PaymentGateway, reference: str) -> None:
        self._gateway = gateway
        self._reference = reference

    def __getattr__(self, name: str) -> object:
        return getattr(self._gateway, name)

    def look_up(self, reference: str) -> Intent:
        if reference == self._reference:
            raise KeyError("status")
        return self._gateway.look_up(reference)


def test_an_error_of_one_payment_does_not_stop_the_others(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    broken = enroll(driver)
    other = enroll(driver, userId="bo")
    stripe.pay("pi_2", "pm_card_visa")
    gateway = Broken(driver.platform.gateways["stripe"], "pi_1")
    driver.platform = replace(driver.platform, gateways={"stripe": gateway})  # type: ignore[dict-item]
    assert follow(driver, PATIENCE * 2) == 2
    assert (state(driver, broken), state(driver, other)) == (PENDING, PAID)


def test_the_card_of_a_returned_charge_is_deleted_with_the_account(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """C-24: it was charged before the payment could be cancelled, so no event has the card."""
    written = enroll(driver)
    stripe.pay("pi_1", "pm_card_visa")
    streams = [f"payment-{written['paymentId']}", f"subscription-{written['subscriptionId']}"]
    closing = PaymentClosing(driver.platform.payments, driver.platform.read)
    stripe.faults.extend(["none", "none", "none", "down"])  # the card stays
    with pytest.raises(PaymentsOpen):
        closing.close(DEFAULT_TENANT, streams)
    assert (state(driver, written), stripe.deleted) == (CANCELED, set())
    closing.close(DEFAULT_TENANT, streams)
    assert stripe.deleted == {stripe.intents["pi_1"]["customer"]}


def test_what_would_cost_money_is_closed_before_an_account_is_erased(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """C-24, R-PAY-12: it waits until the gateway has voided what is open."""
    paid = enroll(driver)
    stripe.pay("pi_1", "pm_card_visa")
    deliver(driver, stripe)
    pending = enroll(driver, userId="bo")
    streams = [
        f"{kind}-{written[f'{kind}Id']}"
        for written in (paid, pending)
        for kind in ("payment", "subscription")
    ]
    closing = PaymentClosing(driver.platform.payments, driver.platform.read)
    stripe.faults.append("down")
    with pytest.raises(PaymentsOpen):
        closing.close(DEFAULT_TENANT, streams)
    assert state(driver, pending) == CANCELED, "although its intent can still be paid"
    stripe.faults.extend(["none", "none", "down"])  # the intent is voided, the card stays
    with pytest.raises(PaymentsOpen):
        closing.close(DEFAULT_TENANT, streams)
    assert stripe.deleted == set()
    for _ in range(2):
        closing.close(DEFAULT_TENANT, streams)
        assert state(driver, paid) == ("succeeded", "canceled", "cancelled")
        assert state(driver, pending) == CANCELED
        assert stripe.deleted == {stripe.intents["pi_1"]["customer"]}
    assert stripe.intents["pi_2"]["status"] == "canceled"


def test_a_purchase_during_an_erasure_ends_with_it(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """C-24: after payments were closed first, and before the person is signed out."""
    platform, bought = driver.platform, list[dict[str, str]]()
    person = settle(platform)
    erasure = platform.privacy().erasure

    def buy_first() -> AccountErasure:
        if not isinstance(platform.accounts().accounts.user(DEFAULT_TENANT, person.id), Gone):
            bought.append(enroll(driver, userId=person.id))
        return erasure.account_erasure()

    during = replace(
        erasure,
        account_erasure=buy_first,
        close_payments=PaymentClosing(platform.payments, platform.read).close,
        wait=lambda _: None,
    )
    origin = Origin(tenant_id=DEFAULT_TENANT, actor="operator", correlation_id=uuid4())
    during.request(person.id, origin=origin, at_once=True)
    assert not isinstance(during.run(person.id, origin=origin), NotCertified)
    (subscription_id,) = (SubscriptionId(each["subscriptionId"]) for each in bought)
    assert isinstance(platform.payments.subscription(DEFAULT_TENANT, subscription_id), Ended)
    assert stripe.intents["pi_1"]["status"] == "canceled"
