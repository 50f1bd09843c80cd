"""Coupons, prices that were shown, and limits of open payments, at checkout."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from adapters.rate_limit.token_bucket import TokenBuckets
from api.app import build_app
from application.payments import limits
from application.payments.limits import MAX_OPEN_PAYMENTS
from tests.api.conftest import WEB
from tests.api.coupons import choice, coupon, price, used
from tests.api.driver import ApiDriver
from tests.api.offers import EU, TERMS, offer, refused, send
from tests.api.paying import CANCELED, PAID, deliver, enroll, state
from tools.payments.stripe_simulator import StripeSimulator

MANY = 50


@pytest.fixture
def driver(selling: ApiDriver) -> ApiDriver:
    return selling


def answer(driver: ApiDriver, user: str = "ada", **more: Any) -> tuple[int, str]:
    return refused(driver, "POST", "/v1/enrollments", **choice(driver, user, **more))


def test_a_coupon_makes_the_first_payment_cheaper_once_per_user(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-01, R-PAY-12: a failed payment gives its use back; 25 % of 19.99 are 5.00."""
    coupon(driver)
    shown = price(driver, coupon="summer-25")
    assert (shown["price"], shown["amount"], shown["taxMinor"]) == ("19.99", "14.99", 239)
    assert shown["couponId"] == "SUMMER-25"
    written = enroll(driver, couponCode="summer-25")
    assert stripe.intents["pi_1"]["amount"] == 1499
    assert used(driver) == 1
    send(driver, "DELETE", f"/v1/enrollments/{written['enrollmentId']}")
    assert state(driver, written) == CANCELED
    assert used(driver) == 0
    again = enroll(driver, couponCode="SUMMER-25")
    stripe.pay("pi_2", "pm_card_visa")
    deliver(driver, stripe)
    assert state(driver, again) == PAID
    assert used(driver) == 1
    (invoice,) = send(driver, "GET", "/v1/invoices")["items"]
    assert (invoice["amount"], invoice["tax"]) == ("14.99", "2.39")
    offer(driver, "other", prices=[EU])
    twice = answer(driver, planId="other", couponCode="SUMMER-25")
    assert twice == (409, "coupon.used_by_you")


@pytest.mark.parametrize(
    ("terms", "code", "refusal"),
    [
        ({}, "UNKNOWN", (404, "coupon.unknown")),
        ({}, "no code", (422, "value.invalid")),
        ({"plans": ["other"]}, "SUMMER-25", (409, "coupon.not_valid")),
        (
            {"basisPoints": None, "amountMinor": 500, "currency": "USD"},
            "SUMMER-25",
            (409, "coupon.not_valid"),
        ),
        (
            {"basisPoints": None, "amountMinor": 1999, "currency": "EUR"},
            "SUMMER-25",
            (409, "coupon.not_valid"),
        ),
    ],
)
def test_a_coupon_that_is_not_valid_is_refused_and_nothing_is_stored(
    driver: ApiDriver, terms: dict[str, Any], code: str, refusal: tuple[int, str]
) -> None:
    offer(driver, "other")
    coupon(driver, **terms)
    head = driver.platform.log.head()
    assert answer(driver, couponCode=code) == refusal
    assert refused(driver, "GET", f"/v1/plans/squats/price?region=EU&coupon={code}") == refusal
    assert driver.platform.log.head() == head


def test_a_coupon_can_be_ended_and_its_code_is_used_once(driver: ApiDriver) -> None:
    coupon(driver)
    same = refused(driver, "POST", "/v1/coupons", code="summer-25", basisPoints=1)
    assert same == (409, "coupon.exists")
    for terms in ({}, {"basisPoints": 1, "amountMinor": 1, "currency": "EUR"}, {"amountMinor": 1}):
        wrong = refused(driver, "POST", "/v1/coupons", code="WRONG", **terms)
        assert wrong == (422, "value.invalid"), terms
    send(driver, "POST", "/v1/coupons/SUMMER-25/end")
    assert answer(driver, couponCode="SUMMER-25") == (409, "coupon.over")


@pytest.mark.both_compositions
def test_the_last_use_of_a_coupon_has_one_winner(driver: ApiDriver) -> None:
    """R-PAY-13: of fifty checkouts at the same time. The slow tests run it on PostgreSQL."""
    coupon(driver, maxUses=1)

    def check_out(number: int) -> tuple[int, Any]:
        body = choice(driver, f"user-{number}", couponCode="SUMMER-25")
        reply = driver.client.post("/v1/enrollments", json=body)
        return reply.status_code, reply.json().get("code")

    with ThreadPoolExecutor(MANY) as threads:
        answers = list(threads.map(check_out, range(MANY)))
    assert sorted(answers, key=str) == [(201, None), *[(409, "coupon.used_up")] * (MANY - 1)]
    assert used(driver) == 1


def test_a_price_that_was_not_shown_is_refused(driver: ApiDriver) -> None:
    """The user confirms the new price, or does not buy."""
    shown = {"amountMinor": price(driver)["amountMinor"], "currency": "EUR"}
    dearer = [EU | {"amountMinor": 2999}]
    send(driver, "PUT", "/v1/plans/squats", **TERMS, prices=dearer)
    send(driver, "POST", "/v1/plans/squats/publish")
    head = driver.platform.log.head()
    assert answer(driver, shownPrice=shown) == (409, "plan.price_changed")
    assert driver.platform.log.head() == head
    enroll(driver, shownPrice={"amountMinor": price(driver)["amountMinor"], "currency": "EUR"})


def test_a_coupon_is_found_by_its_code_in_any_case_and_with_blanks(driver: ApiDriver) -> None:
    coupon(driver)
    for code in ("summer-25", "%20Summer-25%20"):
        assert driver.client.get(f"/v1/coupons/{code}").json()["couponId"] == "SUMMER-25"
    query = "query ($id: ID!) { coupon(id: $id) { couponId } }"
    assert driver.ask(query, id=" summer-25")["coupon"] == {"couponId": "SUMMER-25"}
    assert refused(driver, "GET", "/v1/coupons/no%20code") == (404, "coupon.unknown")


def test_prices_that_a_user_asks_for_are_limited(driver: ApiDriver) -> None:
    """R-API-08: also by checkouts with a coupon, which search its uses."""
    limited = replace(driver.platform, price_limit=TokenBuckets("prices", 2, window_s=3600))
    client = TestClient(build_app(limited, web=WEB), raise_server_exceptions=False)
    path = "/v1/plans/squats/price?region=EU"
    body = choice(driver, "athlete", couponCode="UNKNOWN")
    assert client.get(path).status_code == 200
    assert client.post("/v1/enrollments", json=body).status_code == 404
    for answer in (client.get(path), client.post("/v1/enrollments", json=body)):
        assert (answer.status_code, answer.json()["code"]) == (429, "plan.too_many_prices")
        assert 0 < int(answer.headers["Retry-After"]) <= 1800
    query = {"query": '{ planPrice(planId: "squats", region: EU) { amount } }'}
    (error,) = client.post("/graphql", json=query).json()["errors"]
    assert error["extensions"]["code"] == "plan.too_many_prices"
    assert error["extensions"]["retryAfterS"] > 0
    assert client.post("/v1/enrollments", json=choice(driver, "athlete")).status_code == 201


def test_open_payments_of_a_user_are_limited(driver: ApiDriver) -> None:
    """R-PAY-13: a repeated request is answered as before."""
    for number in range(MAX_OPEN_PAYMENTS + 1):
        offer(driver, f"plan-{number}", prices=[EU])
    key = {"Idempotency-Key": "019f1a44-6c2e-7d1b-8f52-2b7a90c4e6d8"}
    for number in range(MAX_OPEN_PAYMENTS):
        body = choice(driver, planId=f"plan-{number}")
        reply = driver.client.post("/v1/enrollments", json=body, headers=key if not number else {})
        assert reply.status_code == 201, reply.text
    last = f"plan-{MAX_OPEN_PAYMENTS}"
    assert answer(driver, planId=last) == (409, "payment.too_many_open")
    enroll(driver, planId=last, userId="bo")
    first = driver.client.post("/v1/enrollments", json=choice(driver, planId="plan-0"), headers=key)
    assert first.json()["repeated"]
    send(driver, "DELETE", f"/v1/enrollments/{first.json()['enrollmentId']}")
    enroll(driver, planId=last)


@pytest.mark.both_compositions
def test_checkouts_at_the_same_moment_do_not_pass_the_limit(driver: ApiDriver) -> None:
    """R-PAY-13: a payment that was given up makes room for exactly one other."""
    plans = [f"plan-{number}" for number in range(3 * MAX_OPEN_PAYMENTS)]
    for plan in plans:
        offer(driver, plan, prices=[EU])

    def check_out(plan: str) -> tuple[int, Any]:
        reply = driver.client.post("/v1/enrollments", json=choice(driver, planId=plan))
        return reply.status_code, reply.json()

    with ThreadPoolExecutor(len(plans)) as threads:
        answers = list(threads.map(check_out, plans))
    accepted = [body for status, body in answers if status == 201]
    others = {(status, body["code"]) for status, body in answers if status != 201}
    assert (len(accepted), others) == (MAX_OPEN_PAYMENTS, {(409, "payment.too_many_open")})
    send(driver, "DELETE", f"/v1/enrollments/{accepted[0]['enrollmentId']}")
    with ThreadPoolExecutor(len(plans)) as threads:
        again = [status for status, body in threads.map(check_out, plans) if status == 201]
    assert again == [201]


def test_unpaid_payments_do_not_keep_a_user_from_free_plans(
    driver: ApiDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-PAY-13: the limit is on payments, and a free plan opens none."""
    monkeypatch.setattr(limits, "MAX_OPEN_PAYMENTS", 1)
    offer(driver, "free")
    offer(driver, "other", prices=[EU])
    enroll(driver)
    assert answer(driver, planId="other") == (409, "payment.too_many_open")
    enroll(driver, planId="free")


def test_current_enrollments_of_a_user_are_limited(
    driver: ApiDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-PAY-13: in free and paid plans together; leaving one makes room."""
    monkeypatch.setattr(limits, "MAX_ENROLLMENTS", 2)
    for plan in ("one", "two"):
        offer(driver, plan)
    first = enroll(driver, planId="one")
    enroll(driver)
    assert answer(driver, planId="two") == (409, "enrollment.too_many")
    enroll(driver, planId="two", userId="bo")
    send(driver, "DELETE", f"/v1/enrollments/{first['enrollmentId']}")
    enroll(driver, planId="two")
    assert answer(driver, planId="one") == (409, "enrollment.too_many")
