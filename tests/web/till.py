"""A server that takes payments in test mode."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Page

from domain.ids import DEFAULT_TENANT, SubscriptionId
from tests.web.conftest import NewPage
from tests.web.inspection import PHONE
from tests.web.plans import PRICES, call, offer, stock
from tests.web.server import PlatformServer, opened
from tools.payments.stripe_simulator import StripeSimulator
from tools.payments.stripe_site import StripeSite


@dataclass(frozen=True)
class Till:
    """A server that takes payments in test mode."""

    server: PlatformServer
    stripe: StripeSite

    def subscribe(self, **more: Any) -> str:
        """Subscribe to a new plan with a trial; return the id of the subscription."""
        free, _ = stock(self.server)
        workout = call(self.server, "GET", f"/v1/plans/{free}")["offered"]["workouts"][0]
        plan = offer(self.server, "Strong", [workout], prices=PRICES)
        call(self.server, "POST", f"/v1/plans/{plan}/trial", days=14)
        today = f"{datetime.now(UTC):%F}"
        choice = {"userId": "athlete", "planId": plan, "startOn": today, "region": "EU", **more}
        return str(call(self.server, "POST", "/v1/enrollments", **choice)["subscriptionId"])

    def buy(self) -> str:
        """Subscribe with a card that is stored."""
        key, simulator = self.subscribe(), self.stripe.simulator
        simulator.pay(list(simulator.intents)[-1], "pm_card_visa")
        while not (found := self.subscription(key))["chargedBy"]:
            assert found["status"] in {"pending_payment", "active"}
        return key

    def subscription(self, key: str) -> Any:
        position = {"After-Position": str(self.server.platform.log.head())}
        url = f"{self.server.url}/v1/subscriptions/{key}"
        return httpx2.get(url, headers=position, timeout=60).json()

    def pause(self, key: str) -> None:
        """Pause a subscription, and let its paid period end."""
        call(self.server, "POST", f"/v1/subscriptions/{key}/pause", days=30)
        self.follow(key, datetime.fromisoformat(self.subscription(key)["pausesAt"]))

    def follow(self, key: str, at: datetime) -> None:
        """Do what is due at a time."""
        process = replace(self.server.platform.payments, clock=lambda: at)
        process.renew(DEFAULT_TENANT, SubscriptionId(key), ("stripe",))

    def billing(self, new_page: NewPage) -> Page:
        page = new_page(self.server.url, **PHONE)
        page.goto("/billing.html")
        return page


@pytest.fixture
def till(tmp_path: Any) -> Iterator[Till]:
    with (
        StripeSimulator("sk_test_simulator") as simulator,
        StripeSite(simulator) as stripe,
        opened(tmp_path, tmp_path / "none.mp4", stripe=stripe) as server,
    ):
        yield Till(server, stripe)
