"""What becomes of the plans of a trainer who is erased, and of those who pay for them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from application.platform import Platform
from application.users.registration import Registration
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from tests.api import conftest as api
from tests.api.driver import ApiDriver
from tests.api.paying import deliver, enroll, follow, paying, state
from tests.api.test_catalog import EU, get, offer
from tests.api.workouts import prescribe
from tests.privacy.person import PASSWORD
from tests.privacy.test_supervising import erased
from tools.payments.stripe_simulator import StripeSimulator

stripe = api.stripe


@pytest.fixture
def driver(platform: Platform, stripe: StripeSimulator) -> Iterator[ApiDriver]:
    with paying(platform, stripe) as opened:
        yield opened


@pytest.fixture
def trainer(platform: Platform, driver: ApiDriver, origin: Origin) -> UserId:
    """A trainer with an account, who sells a plan."""
    accounts = platform.accounts()
    registration = Registration(email="coach@example.org", password=PASSWORD, username="Zoe")
    accounts.registration.register(registration, origin=origin, command_id=uuid4())
    coach = accounts.identities.find(DEFAULT_TENANT, "email", "coach@example.org")
    assert coach is not None
    prescribe(driver, "Zoe's legs", "zoe", coach)
    offer(driver, "sold", coach, workouts=["zoe"], preview="zoe", prices=[EU])
    return coach


def test_nobody_pays_for_the_plan_of_an_erased_trainer(
    driver: ApiDriver, stripe: StripeSimulator, trainer: UserId, origin: Origin
) -> None:
    """C-24: it is not sold, and who has paid uses the time until the next renewal."""
    bought = enroll(driver, planId="sold")
    stripe.pay("pi_1", "pm_card_visa")
    deliver(driver, stripe)
    assert state(driver, bought) == ("succeeded", "active", "active")
    assert erased(driver.platform, trainer, origin)
    buy = {"userId": "bo", "planId": "sold", "startOn": f"{driver.platform.clock():%F}"}
    refused = driver.client.post("/v1/enrollments", json={**buy, "region": "EU"})
    assert (refused.status_code, refused.json()["code"]) == (404, "plan.unknown")
    position = {"position": driver.platform.log.head()}
    subscription = f"/v1/subscriptions/{bought['subscriptionId']}"
    renews_at = datetime.fromisoformat(get(driver, subscription, position)["renewsAt"])
    now, intents = driver.platform.clock(), len(stripe.intents)
    for before in (timedelta(days=7), timedelta(hours=12), timedelta(hours=-1)):
        follow(driver, renews_at - before - now)
    assert len(stripe.intents) == intents
    assert state(driver, bought)[1:] == ("canceled", "cancelled")
