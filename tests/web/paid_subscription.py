"""A server with a subscription that was paid by card."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.web.plans import call, stock
from tests.web.server import PlatformServer, opened
from tools.payments.stripe_simulator import StripeSimulator
from tools.payments.stripe_site import StripeSite

ACTIVE = """async () => (await (await fetch("/v1/subscriptions")).json())
  .items.some(({ status, chargedBy }) => status === "active" && chargedBy !== null)"""


@pytest.fixture
def paid(tmp_path: Path) -> Iterator[PlatformServer]:
    """A server with a subscription that was paid with a test card."""
    with (
        StripeSimulator("sk_test_simulator") as simulator,
        StripeSite(simulator) as stripe,
        opened(tmp_path, tmp_path / "none.mp4", stripe=stripe) as server,
    ):
        _, plan = stock(server)
        today = f"{datetime.now(UTC):%F}"
        choice = {"userId": "athlete", "planId": plan, "startOn": today, "region": "EU"}
        call(server, "POST", "/v1/enrollments", **choice)
        simulator.pay("pi_1", "pm_card_visa")
        yield server
