"""Disputes of a payment, delivered by webhooks."""

from datetime import timedelta
from typing import Any

import pytest

from application.payments.reconciliation import Reconciliation
from domain.ids import DEFAULT_TENANT
from tests.api.driver import ApiDriver
from tests.api.offers import get
from tests.api.paying import deliver, enroll
from tools.payments.stripe_simulator import StripeSimulator


@pytest.fixture
def driver(selling: ApiDriver) -> ApiDriver:
    return selling


@pytest.fixture
def written(driver: ApiDriver, stripe: StripeSimulator) -> Any:
    """Return what was written for a payment that is completed."""
    written = enroll(driver)
    stripe.pay("pi_1", "pm_card_visa")
    deliver(driver, stripe)
    return written


def deliver_all(driver: ApiDriver, stripe: StripeSimulator) -> None:
    """Deliver all webhooks twice, the newest first."""
    for number in reversed(range(len(stripe.webhooks))):
        for _ in range(2):
            assert deliver(driver, stripe, number) == 204


def payment(driver: ApiDriver, written: Any) -> Any:
    position = {"position": driver.platform.log.head()}
    return get(driver, f"/v1/payments/{written['paymentId']}", position)


def differences(driver: ApiDriver) -> list[str]:
    platform = driver.platform
    now = platform.clock()
    report = Reconciliation(platform.read, platform.payments).compare(
        DEFAULT_TENANT, now - timedelta(days=1), now + timedelta(days=1)
    )
    assert not report.unanswered
    return [each.kind for each in report.differences]
