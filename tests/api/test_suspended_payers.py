"""Subscriptions of suspended users: nothing is charged that they can neither use nor cancel."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from application.kernel.command_handler import Request
from domain.ids import DEFAULT_TENANT
from domain.kernel import Origin
from domain.users.commands import ReactivateUser, RegisterUser, SuspendUser
from domain.users.user import USER
from tests.api.driver import ApiDriver
from tests.api.offers import send
from tests.api.paying import PAID, deliver, enroll, state
from tests.api.renewing import DAY, follow_at, renews_at, subscription
from tools.payments.stripe_simulator import StripeSimulator


@pytest.fixture
def driver(selling: ApiDriver) -> ApiDriver:
    return selling


@pytest.fixture
def bought(driver: ApiDriver, stripe: StripeSimulator) -> Any:
    """Return an enrollment whose first month is paid."""
    written = enroll(driver)
    stripe.pay("pi_1", "pm_card_visa")
    deliver(driver, stripe)
    return written


def change_account(driver: ApiDriver, *commands: Any) -> None:
    origin = Origin(tenant_id=DEFAULT_TENANT, actor="test", correlation_id=uuid4())
    request = Request(USER, "ada", list(commands))
    driver.platform.commands.execute(request, origin=origin, command_id=uuid4())


def test_a_suspended_user_is_not_charged(
    driver: ApiDriver, stripe: StripeSimulator, bought: Any
) -> None:
    """R-PAY-14: the subscription ends with the paid period; a user who is back can resume it."""
    assert state(driver, bought) == PAID
    at, date = driver.platform.clock(), renews_at(driver, bought)
    change_account(driver, RegisterUser(at=at), SuspendUser(at=at))
    for moment in (date - 7 * DAY, date - DAY + timedelta(seconds=1)):
        follow_at(driver, moment)
    assert len(stripe.charges) == 1
    cancelled = subscription(driver, bought)
    assert datetime.fromisoformat(cancelled["endsAt"]) == date
    change_account(driver, ReactivateUser(at=at))
    send(driver, "POST", f"/v1/subscriptions/{bought['subscriptionId']}/resume")
    follow_at(driver, date - DAY + timedelta(seconds=1))
    assert len(stripe.charges) == 2
