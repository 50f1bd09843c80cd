"""Double clicks, and reports of one payment by webhook, return and poll, at the same moment."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.ids import DEFAULT_TENANT
from domain.payments.states import Started
from tests.api.driver import ApiDriver
from tests.api.paying import PAID, deliver, enroll, state
from tools.payments.stripe_simulator import StripeSimulator

ROUNDS = 5
SENDERS = 4
CREATION = ("PaymentCreated", "SubscriptionCreated", "EnrollmentCreated")
COMPLETION = ("PaymentCompleted", "SubscriptionActivated", "EnrollmentActivated", "InvoiceIssued")


@pytest.fixture
def driver(selling: ApiDriver) -> ApiDriver:
    return selling


@pytest.mark.both_compositions
def test_a_webhook_and_a_return_at_the_same_moment_complete_a_payment_once(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-07, R-PAY-12: beside repeated webhooks and polls. The slow tests run on PostgreSQL."""
    for number in range(1, ROUNDS + 1):
        written = enroll(driver, userId=f"user-{number}")
        stripe.pay(f"pi_{number}", "pm_card_visa")
        begin = driver.platform.log.head()
        answers = at_once(
            *[partial(deliver, driver, stripe)] * SENDERS,
            *[partial(returned, driver, written)] * SENDERS,
            *[partial(polled, driver, written)] * SENDERS,
        )
        webhooks, returns, polls = (
            answers[at : at + SENDERS] for at in range(0, 3 * SENDERS, SENDERS)
        )
        assert set(webhooks) == {204}
        assert set(returns) <= {(200, None), (409, "payment.not_payable")}
        assert set(polls) == {"completed"}
        assert state(driver, written) == PAID
        assert happened(driver, begin, COMPLETION) == dict.fromkeys(COMPLETION, 1)
    assert len(stripe.intents) == ROUNDS


@pytest.mark.both_compositions
def test_a_double_click_creates_one_payment(driver: ApiDriver, stripe: StripeSimulator) -> None:
    """R-PAY-13, R-API-04: at the same moment, beside the same checkout in other windows."""
    for number in range(1, ROUNDS + 1):
        today = f"{driver.platform.clock():%F}"
        user = f"user-{number}"
        choice = {"userId": user, "planId": "squats", "startOn": today, "region": "EU"}
        begin = driver.platform.log.head()
        clicks = [partial(checked_out, driver, choice, uuid4())] * SENDERS
        windows = [partial(checked_out, driver, choice, uuid4()) for _ in range(SENDERS)]
        answers = at_once(*clicks, *windows)
        accepted = [body["paymentId"] for status, body in answers if status == 201]
        refusals = {body["code"] for status, body in answers if status != 201}
        assert len(set(accepted)) == 1
        assert "enrollment.exists" in refusals
        assert refusals <= {"enrollment.exists", "idempotency.in_progress"}
        assert happened(driver, begin, CREATION) == dict.fromkeys(CREATION, 1)
        assert len(stripe.intents) == number


def checked_out(driver: ApiDriver, choice: Any, key: UUID) -> tuple[int, Any]:
    headers = {"Idempotency-Key": str(key)}
    reply = driver.client.post("/v1/enrollments", json=choice, headers=headers)
    return reply.status_code, reply.json()


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Call all at the same moment, and return their answers in order."""
    barrier = Barrier(len(calls))

    def call(each: Callable[[], Any]) -> Any:
        barrier.wait()
        return each()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(call, calls))


def returned(driver: ApiDriver, written: Any) -> tuple[int, str | None]:
    """Ask for the intent, as the page does when the user comes back from the bank."""
    reply = driver.client.get(f"/v1/payments/{written['paymentId']}/intent")
    return reply.status_code, reply.json().get("code")


def polled(driver: ApiDriver, written: Any) -> str:
    payment = driver.platform.payments.poll(DEFAULT_TENANT, written["paymentId"])
    assert isinstance(payment, Started)
    return payment.status


def happened(driver: ApiDriver, begin: int, expected: tuple[str, ...]) -> Counter[str]:
    """Count the events of the expected types after a position."""
    events = driver.platform.log.scan(after=begin, limit=1000)
    names = Counter(type(each.event).__name__ for each in events)
    return Counter({name: names[name] for name in expected})
