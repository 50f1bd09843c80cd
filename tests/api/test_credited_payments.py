"""Payments that changes of plan credit, and what is returned of them."""

from datetime import timedelta
from typing import Any

import pytest

from application.kernel.encryption import SealBroken
from application.payments.accounts import CachedTenantAccounts, NoTenantAccounts
from domain.money import Money
from tests.api.driver import ApiDriver
from tests.api.offers import EU, get, offer, refused, send
from tests.api.paying import deliver
from tests.api.plan_changing import (
    DAY,
    SECOND,
    access,
    buy,
    change,
    credit_on_the_first_day,
    path,
    preview,
)
from tests.api.renewing import follow_at, payment, renews_at, subscription
from tools.payments.stripe_simulator import StripeSimulator


@pytest.fixture
def driver(selling: ApiDriver) -> ApiDriver:
    return selling


@pytest.fixture
def bought(driver: ApiDriver, stripe: StripeSimulator) -> Any:
    return buy(driver, stripe)


def refundable(driver: ApiDriver, written: Any) -> int:
    """Return what administrators are offered to refund of the first payment."""
    found = payment(driver, written["paymentId"])
    assert found["isRefundableInPart"] is (found["refundableMinor"] > 0)
    return int(found["refundableMinor"])


def test_what_was_returned_or_is_being_returned_is_not_credited(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any
) -> None:
    """R-PAY-12, R-PAY-14: the present period is paid back, and the next one is being paid back."""
    follow_at(driver, renews_at(driver, bought) - DAY + SECOND)
    next_payment = f"{bought['subscriptionId']}.2"
    send(driver, "POST", f"/v1/payments/{bought['paymentId']}/refund", reason="goodwill")
    assert preview(driver, bought, "more")["credit"] == "19.99"
    body = {"planId": "more", "token": preview(driver, bought, "more")["token"]}
    stripe.faults.append("lost_request")
    refund = f"/v1/payments/{next_payment}/refund"
    send(driver, "POST", refund, amountMinor=500, reason="goodwill")
    problem = (409, "subscription.refund_underway")
    assert refused(driver, "GET", path(bought, "change-preview?planId=more")) == problem
    assert refused(driver, "POST", path(bought, "change-plan"), **body) == problem
    follow_at(driver, driver.platform.clock() + timedelta(minutes=10))
    assert preview(driver, bought, "more")["credit"] == "14.99"


def test_a_payment_that_a_waiting_change_credits_is_not_returned(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any
) -> None:
    """R-PAY-12: the credit is in the price of the change already."""
    stripe.cards["pm_1"] = "pm_card_threeDSecureRequired"
    change(driver, bought, "more")
    refund = f"/v1/payments/{bought['paymentId']}/refund"
    part: dict[str, Any] = {"amountMinor": 500, "reason": "goodwill"}
    assert refused(driver, "POST", refund, **part) == (409, "payment.credited")
    assert stripe.refunds == []
    assert refundable(driver, bought) == 0
    waiting = subscription(driver, bought)
    price = Money(5000, "EUR").minus(credit_on_the_first_day(driver, bought)).decimal()
    assert (waiting["changePlanId"], waiting["changeAmount"]) == ("more", price)
    assert waiting["canStoreMethod"]
    send(driver, "POST", path(bought, "withdraw-plan-change"))
    send(driver, "POST", refund, **part)
    assert [each["amount"] for each in stripe.refunds] == [500]


def test_what_a_change_has_credited_is_not_returned(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any
) -> None:
    """R-PAY-12: the credit has paid for the other plan, so only the days used can be returned."""
    credit = credit_on_the_first_day(driver, bought)
    change(driver, bought, "more")
    rest = 1999 - credit.minor
    refund = f"/v1/payments/{bought['paymentId']}/refund"
    problem = (422, "payment.refund_too_large")
    assert refundable(driver, bought) == rest
    assert refused(driver, "POST", refund, amountMinor=rest + 1, reason="goodwill") == problem
    send(driver, "POST", refund, amountMinor=1, reason="goodwill")
    send(driver, "POST", refund, reason="goodwill")
    assert [each["amount"] for each in stripe.refunds] == [1, rest - 1]
    assert refused(driver, "POST", refund, reason="goodwill") == problem
    assert refused(driver, "POST", refund, amountMinor=1, reason="goodwill") == problem
    assert access(driver)["more"] == (True, "subscription")
    send(
        driver, "POST", f"/v1/payments/{bought['subscriptionId']}.plan.1/refund", reason="goodwill"
    )
    assert subscription(driver, bought)["status"] == "canceled"
    assert refused(driver, "POST", refund, reason="goodwill") == problem


def test_a_credit_shrinks_with_what_is_returned_of_the_credited_payment(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any
) -> None:
    """R-PAY-12, R-PAY-14: a dispute returns more than the days used."""
    offer(driver, "most", title="Most", prices=[{**EU, "amountMinor": 9000}])
    credit = credit_on_the_first_day(driver, bought)
    change(driver, bought, "more")
    days = (renews_at(driver, bought) - driver.platform.clock()) // DAY

    def share(worth: int) -> str:
        return Money(worth, "EUR").share(days, days + 1).decimal()

    assert preview(driver, bought, "most")["credit"] == share(5000)
    dispute = stripe.open_dispute("pi_1", amount=1500)
    deliver(driver, stripe, -2)
    assert refundable(driver, bought) == 0
    problem = (409, "subscription.refund_underway")
    assert refused(driver, "GET", path(bought, "change-preview?planId=most")) == problem
    stripe.close_dispute(dispute, won=False)
    deliver(driver, stripe)
    assert preview(driver, bought, "most")["credit"] == share(5000 - credit.minor + 499)


def test_a_waiting_change_is_taken_back_with_a_part_of_the_payment_that_it_credits(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any
) -> None:
    """R-PAY-12: the price of the change counts on money that is gone."""
    stripe.cards["pm_1"] = "pm_card_threeDSecureRequired"
    change(driver, bought, "more")
    stripe.refund("pi_1", 1500)
    deliver(driver, stripe)
    found = subscription(driver, bought)
    assert (found["planId"], found["changePlanId"]) == ("squats", None)


def test_payments_are_shown_while_the_keys_of_accounts_cannot_be_opened(
    driver: ApiDriver, bought: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-PAY-02: then nothing can be refunded, and no method stored."""

    def sealed(*_: object) -> None:
        raise SealBroken

    assert subscription(driver, bought)["canStoreMethod"] is True
    monkeypatch.setattr(NoTenantAccounts, "find", sealed)
    monkeypatch.setattr(CachedTenantAccounts, "find", sealed)
    assert refundable(driver, bought) == 0
    assert subscription(driver, bought)["canStoreMethod"] is False
    for path_of_list in ("/v1/payments", "/v1/subscriptions"):
        assert len(get(driver, path_of_list, bought)["items"]) == 1
