"""Subscriptions that change to another plan."""

from datetime import timedelta
from typing import Any

from domain.money import Money
from tests.api.driver import ApiDriver
from tests.api.offers import EU, get, offer
from tests.api.paying import PAID, deliver, enroll, state
from tests.api.renewing import renews_at
from tools.payments.stripe_simulator import StripeSimulator

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def buy(driver: ApiDriver, stripe: StripeSimulator, **more: Any) -> Any:
    """Return an enrollment whose first month is paid. There are a dearer and a cheaper plan."""
    offer(driver, "more", title="More", prices=[{**EU, "amountMinor": 5000}])
    offer(driver, "less", title="Less", prices=[{**EU, "amountMinor": 500}])
    written = enroll(driver, **more)
    stripe.pay("pi_1", "pm_card_visa")
    deliver(driver, stripe)
    assert state(driver, written) == PAID
    return written


def preview(driver: ApiDriver, written: Any, plan: str) -> Any:
    position = {"position": driver.platform.log.head()}
    return get(driver, path(written, f"change-preview?planId={plan}"), position)


def change(driver: ApiDriver, written: Any, plan: str, **headers: str) -> Any:
    body = {"planId": plan, "token": preview(driver, written, plan)["token"]}
    answer = driver.client.post(path(written, "change-plan"), json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def credit_on_the_first_day(driver: ApiDriver, written: Any) -> Money:
    """Return the share of all days but the first one, which has begun."""
    left = (renews_at(driver, written) - driver.platform.clock()) // DAY
    return Money(1999, "EUR").share(left, left + 1)


def access(driver: ApiDriver) -> dict[str, tuple[bool, str]]:
    """Return whether the plans are open to the user, and why."""
    answers = {
        plan: driver.client.get(f"/v1/plans/{plan}/access", params={"user": "ada"}).json()
        for plan in ("squats", "more", "less")
    }
    return {plan: (each["granted"], each["reason"]) for plan, each in answers.items()}


def enrollments(driver: ApiDriver) -> dict[str, str]:
    position = {"position": driver.platform.log.head()}
    items = get(driver, "/v1/enrollments?user=ada", position)["items"]
    return {each["planId"]: each["status"] for each in items}


def path(written: Any, change: str) -> str:
    return f"/v1/subscriptions/{written['subscriptionId']}/{change}"
