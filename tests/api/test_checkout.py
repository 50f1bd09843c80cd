"""Paid enrollments over REST and GraphQL, with the simulator of Stripe."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from application.payments.checkout import CheckoutService
from domain.ids import DEFAULT_TENANT, PlanId, SubscriptionId, TenantId, UserId
from domain.kernel import Origin
from domain.subscriptions.states import Subscription
from tests.api.driver import ApiDriver
from tests.api.offers import get, offer, refused, send
from tests.api.paying import CANCELED, PAID, PENDING, deliver, enroll, state
from tools.payments.simulator import Fault
from tools.payments.stripe_objects import Webhook
from tools.payments.stripe_simulator import StripeSimulator


@pytest.fixture
def driver(selling: ApiDriver) -> ApiDriver:
    return selling


def test_a_paid_plan_begins_with_its_payment(driver: ApiDriver, stripe: StripeSimulator) -> None:
    """R-PAY-01, R-PAY-03, R-PAY-06, R-PAY-07, R-PAY-08, R-PAY-15, C-27: by the webhook, once."""
    written = enroll(driver)
    assert state(driver, written) == PENDING
    intent = send(driver, "GET", f"/v1/payments/{written['paymentId']}/intent")
    assert intent == {
        "gateway": "stripe",
        "reference": "pi_1",
        "kind": "client_secret",
        "url": None,
        "fields": None,
        "clientSecret": "pi_1_secret_1",
        "publishableKey": "pk_test_1",
    }
    ask = """query($id: ID!) { paymentIntent(id: $id) {
      gateway reference kind clientSecret publishableKey url fields { name value } } }"""
    twin = driver.ask(ask, id=written["paymentId"])["paymentIntent"]
    assert twin == intent | {"gateway": "STRIPE", "kind": "CLIENT_SECRET"}
    request = {"query": ask, "variables": {"id": written["paymentId"]}}
    answer = driver.client.post("/graphql", json=request)
    assert "etag" not in answer.headers
    assert answer.headers["cache-control"] == "private, no-store"
    stripe.pay("pi_1", "pm_card_threeDSecureRequired")
    assert deliver(driver, stripe) == 204
    payment = get(
        driver, f"/v1/payments/{written['paymentId']}", {"position": driver.platform.log.head()}
    )
    assert payment["needsAction"]
    stripe.authenticate("pi_1", passed=True)
    assert deliver(driver, stripe) == 204
    assert state(driver, written) == PAID
    completed = driver.platform.log.head()
    assert deliver(driver, stripe) == 204
    assert deliver(driver, stripe, 0) == 204
    assert driver.platform.log.head() == completed
    path = f"/v1/payments/{written['paymentId']}/intent"
    assert refused(driver, "GET", path) == (409, "payment.not_payable")
    assert intent["clientSecret"] not in repr(driver.platform.log.scan(after=0, limit=1000))


def test_rest_and_graphql_show_the_same(driver: ApiDriver, stripe: StripeSimulator) -> None:
    written = enroll(driver)
    stripe.pay("pi_1", "pm_card_visa")
    deliver(driver, stripe)
    assert state(driver, written) == PAID
    data = driver.ask(
        """{
          planSubscriptions { edges { node {
            subscriptionId userId planId planNumber status region amountMinor amount currency
            billingMonths createdAt renewsAt retryAt endsAt endReason chargedBy
            renewalPaymentId isTrial pausesAt resumesAt changePlanId changesAt
            changePaymentId couponId nextAmountMinor nextAmount discountedPeriodsLeft
            changeAmount changeBillingMonths canStoreMethod canResume
            renewalNeedsAction trialsWithheldFrom trialsWithheldUntil } } }
          payments { edges { node {
            paymentId userId subscriptionId status renewal region amountMinor amount currency
            gateway routeReason needsAction declineReason failReason attention returnedMinor
            dispute disputeReason disputeDueAt createdAt changedAt
            refundableMinor isRefundableInPart endsSubscription owedMinor } } }
        }"""
    )
    for name, path in {"planSubscriptions": "subscriptions", "payments": "payments"}.items():
        (item,) = send(driver, "GET", f"/v1/{path}")["items"]
        (edge,) = data[name]["edges"]
        times = {key for key in item if key.endswith("At")}
        enums = {"status", "gateway", "routeReason", "chargedBy"} & item.keys()
        node = edge["node"] | {key: edge["node"][key].lower() for key in enums}
        same = item.keys() - times
        assert {key: node[key] for key in same} == {key: item[key] for key in same}


def test_the_region_and_the_user_choose_the_gateway(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-02, C-51: a preference is one of the gateways of the region."""
    world = {"region": "other", "amountMinor": 2100, "currency": "USD"}
    ruble = {"region": "Russia", "amountMinor": 200000, "currency": "RUB"}
    offer(driver, "world", prices=[world, ruble])
    wrong = {"userId": "ada", "planId": "world", "startOn": f"{driver.platform.clock():%F}"}
    for choice in ({"region": "Russia"}, {"region": "other", "gateway": "yookassa"}):
        unavailable = refused(driver, "POST", "/v1/enrollments", **wrong, **choice)
        assert unavailable == (503, "payment.unavailable"), choice
    routes = {}
    for user, choice in {"ada": {}, "bo": {"gateway": "stripe"}}.items():
        written = enroll(driver, planId="world", userId=user, **{"region": "other"} | choice)
        payment = get(
            driver, f"/v1/payments/{written['paymentId']}", {"position": driver.platform.log.head()}
        )
        routes[user] = payment["gateway"], payment["routeReason"]
    assert routes == {"ada": ("stripe", "region"), "bo": ("stripe", "preference")}
    assert [intent["currency"] for intent in stripe.intents.values()] == ["usd", "usd"]


def test_a_retried_enrollment_and_a_double_click_pay_once(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-13, R-API-04"""
    today = f"{driver.platform.clock():%F}"
    choice = {"userId": "ada", "planId": "squats", "startOn": today, "region": "EU"}
    key = {"Idempotency-Key": "019f1a44-6c2e-7d1b-8f52-2b7a90c4e6d4"}
    first = driver.client.post("/v1/enrollments", json=choice, headers=key).json()
    again = driver.client.post("/v1/enrollments", json=choice, headers=key).json()
    assert again == first | {"repeated": True}
    assert refused(driver, "POST", "/v1/enrollments", **choice) == (409, "enrollment.exists")
    assert len(stripe.intents) == 1


@pytest.mark.parametrize("fault", ["lost_request", "lost_answer"])
def test_a_retried_enrollment_makes_up_for_a_missing_intent(
    driver: ApiDriver, stripe: StripeSimulator, fault: Fault
) -> None:
    """R-PAY-13: as after a crash; the user can pay at once, and need not wait for the follow-up."""
    stripe.faults.append(fault)
    key = {"Idempotency-Key": "019f1a44-6c2e-7d1b-8f52-2b7a90c4e6d5"}
    today = f"{driver.platform.clock():%F}"
    choice = {"userId": "ada", "planId": "squats", "startOn": today, "region": "EU"}
    first = driver.client.post("/v1/enrollments", json=choice, headers=key).json()
    path = f"/v1/payments/{first['paymentId']}/intent"
    assert refused(driver, "GET", path) == (409, "payment.not_payable")
    again = driver.client.post("/v1/enrollments", json=choice, headers=key).json()
    assert again == first | {"repeated": True}
    assert send(driver, "GET", path)["reference"] == "pi_1"
    assert len(stripe.intents) == 1


def test_a_command_id_names_one_plan(driver: ApiDriver, stripe: StripeSimulator) -> None:
    """R-API-04: in GraphQL."""
    offer(driver, "other")
    begins = f"{driver.platform.clock():%F}"
    enroll_in = """mutation($plan: ID!, $on: Date!) {
      enroll(input: {commandId: "019f1a44-6c2e-7d1b-8f52-2b7a90c4e6d6", userId: "ada",
                     planId: $plan, startOn: $on, region: EU}) {
        ... on EnrollmentPayload { enrollment { planId } } ... on Problem { code } } }"""
    for plan, answer in {
        "squats": {"enrollment": {"planId": "squats"}},
        "other": {"code": "idempotency.payload_differs"},
    }.items():
        assert driver.ask(enroll_in, plan=plan, on=begins)["enroll"] == answer
    assert len(stripe.intents) == 1


def test_an_intent_whose_creation_timed_out_is_created_later(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-04: at the only gateway of the region, under the same key."""
    stripe.faults.append("lost_answer")
    written = enroll(driver)
    assert state(driver, written) == PENDING
    path = f"/v1/payments/{written['paymentId']}/intent"
    assert refused(driver, "GET", path) == (409, "payment.not_payable")
    driver.platform.payments.advance(DEFAULT_TENANT, written["paymentId"])
    stripe.faults.append("down")
    assert refused(driver, "GET", path) == (503, "payment.gateway_silent")
    assert send(driver, "GET", path)["reference"] == "pi_1"
    assert len(stripe.intents) == 1


def test_a_refund_by_hand_at_the_gateway_withdraws_access(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-12"""
    written = enroll(driver)
    stripe.pay("pi_1", "pm_card_visa")
    deliver(driver, stripe)
    stripe.refund("pi_1")
    assert deliver(driver, stripe) == 204
    assert state(driver, written) == ("refunded", "canceled", "cancelled")


def test_a_declined_card_can_be_replaced_and_a_cancelled_payment_ends_all(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-05, R-PAY-11, R-PAY-12, R-EVT-17"""
    written = enroll(driver)
    stripe.pay("pi_1", "pm_card_visa_chargeDeclinedInsufficientFunds")
    deliver(driver, stripe)
    assert state(driver, written) == PENDING
    send(driver, "DELETE", f"/v1/enrollments/{written['enrollmentId']}")
    assert stripe.intents["pi_1"]["status"] == "canceled"
    assert state(driver, written) == CANCELED
    again = enroll(driver)
    assert again["paymentId"] != written["paymentId"]
    stripe.pay("pi_2", "pm_card_visa")
    deliver(driver, stripe)
    assert state(driver, again) == PAID


def test_an_active_subscription_is_not_paid_twice(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    written = enroll(driver)
    stripe.pay("pi_1", "pm_card_visa")
    deliver(driver, stripe)
    send(driver, "DELETE", f"/v1/enrollments/{written['enrollmentId']}")
    assert state(driver, written) == ("succeeded", "active", "cancelled")
    again = enroll(driver)
    assert (again["paymentId"], again["subscriptionId"]) == (None, None)
    assert state(driver, written) == PAID
    path = f"/v1/subscriptions/{written['subscriptionId']}"
    for repeated in (False, True):
        key = {"Idempotency-Key": "019f1a44-6c2e-7d1b-8f52-2b7a90c4e6d5"}
        cancelled = driver.client.post(f"{path}/cancel", json={"atOnce": False}, headers=key)
        assert cancelled.json()["repeated"] is repeated
    assert state(driver, written) == PAID
    assert send(driver, "GET", path)["endsAt"]
    for _ in range(2):
        send(driver, "POST", f"{path}/resume")
    send(driver, "POST", f"{path}/cancel", atOnce=True)
    assert state(driver, written) == ("succeeded", "canceled", "cancelled")
    assert refused(driver, "POST", f"{path}/resume") == (409, "subscription.not_active")


def test_a_pending_subscription_is_cancelled_with_its_payment(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-12: a charge that comes at the same moment is returned."""
    written = enroll(driver)
    stripe.faults.append("down")
    send(driver, "POST", f"/v1/subscriptions/{written['subscriptionId']}/cancel", atOnce=True)
    assert state(driver, written) == CANCELED, "although the intent can still be paid"
    stripe.pay("pi_1", "pm_card_visa")
    deliver(driver, stripe)
    assert state(driver, written) == CANCELED
    assert [charge["refunded"] for charge in stripe.charges] == [True]


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"", {}),
        (b"{}", {"stripe-signature": "t=1,v1=00"}),
        (b"\xff", {"stripe-signature": "none"}),
        (b"{}", {"stripe-signature": "t=1,v1=é".encode("latin-1")}),
    ],
)
def test_forged_webhooks_are_refused(
    driver: ApiDriver, body: bytes, headers: dict[str, Any]
) -> None:
    """R-PAY-07, R-TEN-14"""
    response = driver.client.post("/v1/webhooks/stripe", content=body, headers=headers)
    assert (response.status_code, response.json()["code"]) == (422, "webhook.forged")


def test_webhooks_about_unknown_payments_change_nothing(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    written = enroll(driver)
    stripe.intents["pi_1"]["metadata"]["kinelog_payment"] = "unknown"
    stripe.pay("pi_1", "pm_card_visa")
    head = driver.platform.log.head()
    assert deliver(driver, stripe) == 204
    assert deliver(driver, stripe, secret=SecretStr("whsec_wrong")) == 422
    stripe.intents["pi_1"]["status"] = "a status of the future"
    for body in (b'{"id": "evt_9", "object": "event"}', b"", b"null", b"[" * 50_000):
        stripe.webhooks.append(Webhook(body))
        assert deliver(driver, stripe) == 204
    assert driver.platform.log.head() == head
    assert state(driver, written) == PENDING


def test_without_a_gateway_no_webhook_is_valid(client: TestClient) -> None:
    response = client.post("/v1/webhooks/stripe", content=b"{}")
    assert (response.status_code, response.json()["code"]) == (422, "webhook.forged")


@dataclass(frozen=True)
class Racing(CheckoutService):
    """A checkout during which something else happens, once its first state has been read."""

    meanwhile: list[Any] = field(default_factory=list[Any])

    def subscription(self, tenant_id: TenantId, subscription_id: SubscriptionId) -> Subscription:
        read = super().subscription(tenant_id, subscription_id)
        if self.meanwhile:
            self.meanwhile.pop()()
        return read


def test_a_cancellation_is_not_lost_if_the_payment_completes_at_the_same_moment(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-12: nor is what was paid for."""
    written = enroll(driver)
    stripe.pay("pi_1", "pm_card_visa")
    racing = Racing(
        driver.platform.payments,
        driver.platform.read,
        meanwhile=[lambda: deliver(driver, stripe)],
    )
    racing.cancel_subscription(
        written["subscriptionId"],
        at_once=True,
        origin=Origin(tenant_id=DEFAULT_TENANT, actor=UserId("ada"), correlation_id=uuid4()),
        command_id=uuid4(),
    )
    assert state(driver, written) == ("succeeded", "active", "active")
    subscription = send(driver, "GET", f"/v1/subscriptions/{written['subscriptionId']}")
    assert subscription["endsAt"] == subscription["renewsAt"]


def test_an_enrollment_in_a_subscription_that_ends_at_the_same_moment_is_cancelled(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """C-27: access needs a payment."""
    written = enroll(driver)
    stripe.pay("pi_1", "pm_card_visa")
    deliver(driver, stripe)
    send(driver, "DELETE", f"/v1/enrollments/{written['enrollmentId']}")
    cancel = f"/v1/subscriptions/{written['subscriptionId']}/cancel"
    racing = Racing(
        driver.platform.payments,
        driver.platform.read,
        meanwhile=[lambda: send(driver, "POST", cancel, atOnce=True)],
    )
    racing.enroll(
        UserId("ada"),
        PlanId("squats"),
        driver.platform.clock().date(),
        None,
        origin=Origin(tenant_id=DEFAULT_TENANT, actor=UserId("ada"), correlation_id=uuid4()),
        command_id=uuid4(),
    )
    assert state(driver, written) == ("succeeded", "canceled", "cancelled")


def test_another_tenant_does_not_find_a_purchase(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-12, R-TEN-01: nor does it change anything."""
    written = enroll(driver)
    of_subscription = f"/v1/subscriptions/{written['subscriptionId']}"
    of_payment = f"/v1/payments/{written['paymentId']}"
    for method, path, body in (
        ("GET", of_subscription, None),
        ("POST", f"{of_subscription}/cancel", {}),
        ("POST", f"{of_subscription}/pause", {"days": 30}),
        ("GET", of_payment, None),
        ("GET", f"{of_payment}/intent", None),
        ("POST", f"{of_payment}/refund", {}),
    ):
        answer = driver.client.request(method, path, json=body, headers={"X-Tenant-ID": "gym"})
        assert answer.status_code == 404, (path, answer.text)
    assert state(driver, written) == PENDING
    stripe.pay("pi_1", "pm_card_visa")
    assert deliver(driver, stripe) == 204
    assert state(driver, written) == PAID
