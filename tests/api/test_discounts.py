"""Coupons over several periods: renewals, declined charges, changes of plan, and invoices."""

from datetime import timedelta

import pytest

from tests.api.coupons import coupon, price, used
from tests.api.driver import ApiDriver
from tests.api.offers import EU, offer, send
from tests.api.paying import deliver, enroll
from tests.api.renewing import DAY, follow_at, renews_at, subscription
from tools.payments.stripe_simulator import StripeSimulator


@pytest.fixture
def driver(selling: ApiDriver) -> ApiDriver:
    return selling


def test_a_repeating_coupon_reduces_the_first_payments_and_their_invoices(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-14: three of them, also after a declined charge and the end of the coupon."""
    coupon(driver, duration="repeating", durationInPeriods=3, maxUses=1)
    found = send(driver, "GET", "/v1/coupons/SUMMER-25")
    assert (found["duration"], found["durationInPeriods"]) == ("repeating", 3)
    shown = price(driver, coupon="summer-25")
    assert (shown["duration"], shown["durationInPeriods"]) == ("repeating", 3)
    bought = enroll(driver, couponCode="summer-25")
    stripe.pay("pi_1", "pm_card_visa")
    deliver(driver, stripe)
    send(driver, "POST", "/v1/coupons/SUMMER-25/end")
    for number, (amount, left) in enumerate([("14.99", 2), ("14.99", 1), ("19.99", 0)]):
        now = subscription(driver, bought)
        assert (now["amount"], now["nextAmount"]) == ("19.99", amount)
        assert now["discountedPeriodsLeft"] == left
        assert now["couponId"] == ("SUMMER-25" if left else None)
        date = renews_at(driver, bought)
        if number == 0:
            stripe.cards["pm_1"] = "pm_card_visa_chargeDeclined"
            follow_at(driver, date - DAY)
            assert subscription(driver, bought)["discountedPeriodsLeft"] == left
            stripe.cards["pm_1"] = "pm_card_visa"
        follow_at(driver, date + 2 * DAY + timedelta(seconds=1))
    invoices = send(driver, "GET", "/v1/invoices")["items"]
    assert [each["amount"] for each in invoices] == ["19.99", "14.99", "14.99", "14.99"]
    assert {each["price"] for each in invoices} == {"19.99"}
    assert [each["discount"] for each in invoices] == [None, "5.00", "5.00", "5.00"]
    assert {each["couponId"] for each in invoices} == {None, "SUMMER-25"}
    assert driver.client.get(f"/v1/invoices/{invoices[1]['invoiceId']}.pdf").status_code == 200
    assert used(driver) == 1


def test_a_change_of_plan_shows_the_discount_that_goes_on(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-14: in the preview over both transports, in the charge, and on the invoice."""
    offer(driver, "more", prices=[EU | {"amountMinor": 4000}])
    coupon(driver, duration="forever")
    bought = enroll(driver, couponCode="SUMMER-25")
    stripe.pay("pi_1", "pm_card_visa")
    deliver(driver, stripe)
    path = f"/v1/subscriptions/{bought['subscriptionId']}"
    subscription(driver, bought)
    terms = driver.client.get(f"{path}/change-preview?planId=more").json()
    assert (terms["price"], terms["discount"], terms["reduced"]) == ("40.00", "10.00", "30.00")
    assert terms["amountMinor"] == 3000 - terms["creditMinor"]
    ask = """query($id: ID!) { planChangePreview(id: $id, planId: "more") {
      couponId discountMinor reducedMinor } }"""
    assert driver.ask(ask, id=bought["subscriptionId"])["planChangePreview"] == {
        "couponId": "SUMMER-25",
        "discountMinor": 1000,
        "reducedMinor": 3000,
    }
    send(driver, "POST", f"{path}/change-plan", planId="more", token=terms["token"])
    assert stripe.charges[-1]["amount_captured"] == terms["amountMinor"]
    now = subscription(driver, bought)
    assert (now["amount"], now["nextAmount"]) == ("40.00", "30.00")
    assert now["discountedPeriodsLeft"] is None
    latest, _ = send(driver, "GET", "/v1/invoices")["items"]
    assert (latest["price"], latest["discount"]) == ("40.00", "10.00")
    assert latest["credit"] == terms["credit"]
