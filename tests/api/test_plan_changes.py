"""Changes of plan: previewed, charged by the difference or scheduled, and taken back."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from application.payments import plan_changes
from application.payments.limits import MAX_OPEN_PAYMENTS, payment_place
from domain.capacities.commands import TakePlace
from domain.money import Money
from tests.api.coupons import coupon
from tests.api.driver import ApiDriver
from tests.api.offers import EU, get, offer, refused, send
from tests.api.paying import PAID, deliver, enroll, state
from tests.api.plan_changing import (
    DAY,
    SECOND,
    access,
    buy,
    change,
    credit_on_the_first_day,
    enrollments,
    path,
    preview,
)
from tests.api.renewing import follow_at, payment, renews_at, subscription
from tools.payments.simulator import Fault
from tools.payments.stripe_simulator import StripeSimulator


@pytest.fixture
def driver(selling: ApiDriver) -> ApiDriver:
    return selling


@pytest.fixture
def bought(driver: ApiDriver, stripe: StripeSimulator) -> Any:
    return buy(driver, stripe)


OLD = {"squats": (True, "subscription"), "more": (False, "not_enrolled")}


def test_a_dearer_plan_is_paid_by_the_difference_and_opens_at_once(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any
) -> None:
    """R-PAY-12, R-PAY-14, R-CAT-03: one append ends one enrollment and begins the other."""
    terms = preview(driver, bought, "more")
    assert (terms["takesEffect"], terms["changesAt"], terms["chargedBy"]) == ("now", None, "stripe")
    credit = credit_on_the_first_day(driver, bought)
    amount = Money(5000, "EUR").minus(credit)
    shown = (terms["price"], terms["credit"], terms["amount"])
    assert shown == ("50.00", credit.decimal(), amount.decimal())
    tax = amount.included_tax(1900).decimal()
    assert (terms["tax"], terms["taxBasisPoints"]) == (tax, 1900)
    body = {"planId": "more", "token": terms["token"]}
    for repeated in (False, True):
        answer = driver.client.post(
            path(bought, "change-plan"), json=body, headers={"Idempotency-Key": "once"}
        )
        assert (answer.status_code, answer.json()["repeated"]) == (200, repeated), answer.text
    assert len(stripe.charges) == 2
    found = subscription(driver, bought)
    assert (found["planId"], found["amount"], found["changePlanId"]) == ("more", "50.00", None)
    assert enrollments(driver) == {"squats": "cancelled", "more": "active"}
    assert access(driver) == {
        "squats": (False, "plan_changed"),
        "more": (True, "subscription"),
        "less": (False, "not_enrolled"),
    }
    position = {"position": driver.platform.log.head()}
    invoice, first = get(driver, "/v1/invoices", position)["items"]
    billed = (invoice["planId"], invoice["amount"], invoice["tax"])
    assert billed == ("more", amount.decimal(), tax)
    assert (invoice["price"], invoice["credit"]) == ("50.00", credit.decimal())
    assert (first["planId"], first["credit"]) == ("squats", None)
    date = renews_at(driver, bought)
    follow_at(driver, date - DAY + SECOND)
    renewed = payment(driver, f"{bought['subscriptionId']}.3")
    assert (renewed["status"], renewed["amount"]) == ("succeeded", "50.00")
    again = enroll(driver)
    assert again["subscriptionId"] != bought["subscriptionId"]


def test_a_declined_difference_leaves_the_plan_and_can_be_tried_again(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any
) -> None:
    """R-PAY-11: nothing is charged, and nothing changes."""
    stripe.cards["pm_1"] = "pm_card_visa_chargeDeclined"
    change(driver, bought, "more")
    found = subscription(driver, bought)
    assert (found["planId"], found["changePlanId"], found["status"]) == ("squats", None, "active")
    assert enrollments(driver) == {"squats": "active"}
    assert access(driver)["squats"] == OLD["squats"]
    assert len(stripe.charges) == 1
    stripe.cards["pm_1"] = "pm_card_visa"
    change(driver, bought, "more")
    assert access(driver)["more"] == (True, "subscription")
    assert len(stripe.charges) == 2


def test_a_bank_that_wants_the_user_delays_the_change(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any
) -> None:
    """R-PAY-05: until then the change can be taken back, without a charge."""
    stripe.cards["pm_1"] = "pm_card_threeDSecureRequired"
    change(driver, bought, "more")
    found = subscription(driver, bought)
    assert (found["planId"], found["changePlanId"]) == ("squats", "more")
    assert payment(driver, found["changePaymentId"])["needsAction"]
    assert refused(driver, "POST", path(bought, "pause"), days=7) == (
        409, "subscription.change_pending",
    )  # fmt: skip
    for repeated in (False, True):
        answer = driver.client.post(
            path(bought, "withdraw-plan-change"), headers={"Idempotency-Key": "back"}
        )
        assert (answer.status_code, answer.json()["repeated"]) == (200, repeated)
    assert payment(driver, found["changePaymentId"])["status"] == "canceled"
    assert subscription(driver, bought)["changePlanId"] is None
    change(driver, bought, "more")
    second = subscription(driver, bought)["changePaymentId"]
    intent = get(driver, f"/v1/payments/{second}/intent", {"position": 0})
    stripe.pay(intent["reference"], "pm_card_visa")
    assert deliver(driver, stripe) == 204
    assert deliver(driver, stripe) == 204
    assert access(driver)["more"] == (True, "subscription")
    assert len(stripe.charges) == 2


def test_a_cancellation_cancels_the_unpaid_payment_of_a_change(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any
) -> None:
    """R-PAY-05: at once, also at the gateway, where a page that is still open could pay it."""
    stripe.cards["pm_1"] = "pm_card_threeDSecureRequired"
    change(driver, bought, "more")
    payment_id = subscription(driver, bought)["changePaymentId"]
    intent = get(driver, f"/v1/payments/{payment_id}/intent", {"position": 0})
    send(driver, "POST", path(bought, "cancel"), atOnce=False)
    assert subscription(driver, bought)["changePlanId"] is None
    assert payment(driver, payment_id)["status"] == "canceled"
    assert stripe.intents[intent["reference"]]["status"] == "canceled"


def test_a_change_that_nobody_pays_expires_after_a_day(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any
) -> None:
    """R-PAY-07, R-PAY-11: and the subscription is renewed as before."""
    stripe.cards["pm_1"] = "pm_card_threeDSecureRequired"
    change(driver, bought, "more")
    stripe.cards["pm_1"] = "pm_card_visa"
    follow_at(driver, driver.platform.clock() + DAY + SECOND)
    found = subscription(driver, bought)
    assert (found["planId"], found["changePlanId"]) == ("squats", None)
    follow_at(driver, renews_at(driver, bought) - DAY + SECOND)
    assert payment(driver, f"{bought['subscriptionId']}.2")["amount"] == "19.99"


def test_a_cheaper_plan_follows_with_the_next_period(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any
) -> None:
    """R-PAY-14: over GraphQL; the renewal costs its price, and its invoice names it."""
    end = renews_at(driver, bought)
    ask = """query($id: ID!) { planChangePreview(id: $id, planId: "less") {
      takesEffect changesAt amountMinor creditMinor token } }"""
    terms = driver.ask(ask, id=bought["subscriptionId"])["planChangePreview"]
    assert (terms["takesEffect"], terms["amountMinor"], terms["creditMinor"]) == (
        "PERIOD_END", 0, 0,
    )  # fmt: skip
    assert datetime.fromisoformat(terms["changesAt"]) == end
    ask = """mutation($id: ID!, $token: String!) { changeSubscriptionPlan(
      input: {subscriptionId: $id, planId: "less", token: $token}) {
        ... on PlanSubscriptionPayload { subscription { changePlanId changesAt } }
        ... on Problem { code } } }"""
    answer = driver.ask(ask, id=bought["subscriptionId"], token=terms["token"])
    changed = answer["changeSubscriptionPlan"]["subscription"]
    assert changed["changePlanId"] == "less"
    assert (state(driver, bought), len(stripe.charges)) == (PAID, 1)
    announced = subscription(driver, bought)
    assert (announced["amount"], announced["nextAmount"]) == ("19.99", "5.00")
    follow_at(driver, end - 7 * DAY)
    follow_at(driver, end - DAY + SECOND)
    assert payment(driver, f"{bought['subscriptionId']}.2")["amount"] == "5.00"
    assert access(driver)["squats"] == OLD["squats"]
    assert refused(driver, "POST", path(bought, "withdraw-plan-change")) == (
        409, "subscription.change_paid",
    )  # fmt: skip
    follow_at(driver, end + SECOND)
    assert enrollments(driver) == {"squats": "cancelled", "less": "active"}
    assert access(driver)["less"] == (True, "subscription")
    assert access(driver)["squats"] == (False, "plan_changed")
    position = {"position": driver.platform.log.head()}
    invoice, _ = get(driver, "/v1/invoices", position)["items"]
    assert (invoice["planId"], invoice["amount"], invoice["credit"]) == ("less", "5.00", None)


def test_the_price_of_a_scheduled_change_is_without_the_coupon(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-05, R-PAY-14: the coupon reduces the next period only."""
    coupon(driver, duration="repeating", durationInPeriods=2)
    bought = buy(driver, stripe, couponCode="SUMMER-25")
    change(driver, bought, "less")
    announced = subscription(driver, bought)
    assert (announced["changeAmount"], announced["nextAmount"]) == ("5.00", "3.75")
    assert (announced["couponId"], announced["discountedPeriodsLeft"]) == ("SUMMER-25", 1)
    assert announced["changeBillingMonths"] == 1


def test_a_scheduled_change_is_taken_back_over_graphql(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any
) -> None:
    end = renews_at(driver, bought)
    change(driver, bought, "less")
    ask = """mutation($id: ID!) { withdrawPlanChange(input: {subscriptionId: $id}) {
      ... on PlanSubscriptionPayload { subscription { changePlanId } } } }"""
    answer = driver.ask(ask, id=bought["subscriptionId"])
    assert answer["withdrawPlanChange"]["subscription"] == {"changePlanId": None}
    follow_at(driver, end - DAY + SECOND)
    follow_at(driver, end + SECOND)
    assert (state(driver, bought), subscription(driver, bought)["planId"]) == (PAID, "squats")
    assert payment(driver, f"{bought['subscriptionId']}.2")["amount"] == "19.99"
    assert len(stripe.charges) == 2


def test_two_subscriptions_are_never_for_one_plan(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any
) -> None:
    """R-PAY-14: by changes of both, by a checkout beside a change, or after leaving a plan."""
    other = enroll(driver, planId="less")
    stripe.pay("pi_2", "pm_card_visa")
    deliver(driver, stripe)
    send(driver, "DELETE", f"/v1/enrollments/{other['enrollmentId']}")
    to_less = path(bought, "change-preview?planId=less")
    assert refused(driver, "GET", to_less) == (409, "subscription.same_plan")
    token = preview(driver, other, "more")["token"]
    stripe.cards["pm_1"] = "pm_card_threeDSecureRequired"
    change(driver, bought, "more")
    problem = (409, "subscription.changes_to_plan")
    body: dict[str, Any] = {"planId": "more", "token": token}
    assert refused(driver, "GET", path(other, "change-preview?planId=more")) == problem
    assert refused(driver, "POST", path(other, "change-plan"), **body) == problem
    today = f"{driver.platform.clock():%F}"
    body = {"userId": "ada", "planId": "more", "startOn": today, "region": "EU"}
    assert refused(driver, "POST", "/v1/enrollments", **body) == problem
    send(driver, "POST", path(bought, "withdraw-plan-change"))
    assert preview(driver, other, "more")["takesEffect"] == "now"
    enroll(driver, planId="more")


def test_other_terms_than_those_shown_are_refused(driver: ApiDriver, bought: Any) -> None:
    """R-PAY-14: and nothing is written."""
    token = preview(driver, bought, "more")["token"]
    send(
        driver, "PUT", "/v1/plans/more", **_terms(driver, "more"),
        prices=[{**EU, "amountMinor": 5100}],
    )  # fmt: skip
    send(driver, "POST", "/v1/plans/more/publish")
    before = driver.platform.log.head()
    answer = refused(driver, "POST", path(bought, "change-plan"), planId="more", token=token)
    assert answer == (409, "subscription.preview_outdated")
    offer(driver, "free", title="Free")
    offer(driver, "dollars", title="D", prices=[{**EU, "region": "US", "currency": "USD"}])
    offer(driver, "francs", title="F", prices=[{**EU, "currency": "CHF"}])
    enroll(driver, planId="less")
    for plan, problem in (
        ("squats", (409, "subscription.same_plan")),
        ("less", (409, "enrollment.exists")),
        ("free", (409, "plan.not_sold_in_region")),
        ("dollars", (409, "plan.not_sold_in_region")),
        ("francs", (409, "subscription.other_currency")),
        ("none", (404, "plan.unknown")),
    ):
        assert refused(driver, "GET", path(bought, f"change-preview?planId={plan}")) == problem
        body = {"planId": plan, "token": token}
        assert refused(driver, "POST", path(bought, "change-plan"), **body) == problem
    streams = {each.stream for each in driver.platform.log.scan(after=before, limit=999)}
    assert f"subscription-{bought['subscriptionId']}" not in streams


def test_a_change_needs_a_place_among_the_open_payments(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any
) -> None:
    """R-PAY-13: the completed payment of the present period takes no place."""
    opened = []
    for number in range(MAX_OPEN_PAYMENTS):
        offer(driver, f"other-{number}", title="Other", prices=[EU])
        opened.append(enroll(driver, planId=f"other-{number}"))
    body = {"planId": "more", "token": preview(driver, bought, "more")["token"]}
    full = refused(driver, "POST", path(bought, "change-plan"), **body)
    assert full == (409, "payment.too_many_open")
    send(driver, "DELETE", f"/v1/enrollments/{opened[0]['enrollmentId']}")
    change(driver, bought, "more")
    assert subscription(driver, bought)["planId"] == "more"


def test_a_payment_that_a_change_credited_takes_no_place(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-PAY-13: even if the read model still shows it as unpaid."""
    offer(driver, "most", title="Most", prices=[{**EU, "amountMinor": 9000}])
    change(driver, bought, "more")
    opened = []
    for number in range(MAX_OPEN_PAYMENTS):
        offer(driver, f"other-{number}", title="Other", prices=[EU])
        opened.append(enroll(driver, planId=f"other-{number}"))
    send(driver, "DELETE", f"/v1/enrollments/{opened[0]['enrollmentId']}")

    def outdated(*arguments: Any, **completed: Any) -> TakePlace:
        place = payment_place(*arguments, **completed)
        return replace(place, before=(f"{bought['subscriptionId']}.1",))

    monkeypatch.setattr(plan_changes, "payment_place", outdated)
    change(driver, bought, "most")
    assert subscription(driver, bought)["planId"] == "most"


def _terms(driver: ApiDriver, plan: str) -> dict[str, Any]:
    terms = get(driver, f"/v1/plans/{plan}", {"position": driver.platform.log.head()})["offered"]
    return {name: each for name, each in terms.items() if name != "prices"}


@pytest.mark.parametrize("lost", ["request", "answer"])
def test_a_change_whose_process_ends_is_charged_once(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any, lost: str
) -> None:
    """R-PAY-12, R-PAY-13: after a crash before or after the charge, a retry changes nothing."""
    faults: list[Fault] = ["lost_request"] if lost == "request" else ["none", "lost_answer"]
    stripe.faults.extend(faults)
    body = {"planId": "more", "token": preview(driver, bought, "more")["token"]}
    for repeated in (False, True):
        answer = driver.client.post(
            path(bought, "change-plan"), json=body, headers={"Idempotency-Key": "once"}
        )
        assert answer.json()["repeated"] is repeated, answer.text
    assert access(driver)["squats"] == OLD["squats"]
    follow_at(driver, driver.platform.clock() + timedelta(minutes=10))
    assert access(driver)["more"] == (True, "subscription")
    assert len(stripe.charges) == 2
