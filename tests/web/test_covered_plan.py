"""The plan page while a subscription covers the plan: starting again needs no other payment."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from playwright.sync_api import Page, expect

from domain.enrollments.commands import NotePerformed
from domain.ids import (
    DEFAULT_TENANT,
    EnrollmentId,
    SessionId,
    SubscriptionId,
    UserId,
    WorkoutId,
)
from domain.kernel import Origin
from tests.web.conftest import NewPage
from tests.web.inspection import PHONE, problems
from tests.web.plans import PRICES, SQUATS, call, date_of, introduce, offer, prescribe
from tests.web.server import PlatformServer, opened
from tools.payments.stripe_simulator import StripeSimulator
from tools.payments.stripe_site import StripeSite


@dataclass(frozen=True)
class Bought:
    """A plan of one workout that offers a trial, whose first month is paid."""

    server: PlatformServer
    plan: str
    enrollment: str
    subscription: str

    def get(self, path: str) -> Any:
        position = {"After-Position": str(self.server.platform.log.head())}
        return httpx2.get(f"{self.server.url}{path}", headers=position, timeout=60).json()

    def leave(self) -> None:
        call(self.server, "DELETE", f"/v1/enrollments/{self.enrollment}")

    def finish(self) -> None:
        due = self.get(f"/v1/enrollments/{self.enrollment}")["next"]
        performed = NotePerformed(
            user_id=UserId("athlete"),
            session_id=SessionId(due["sessionId"]),
            workout_id=WorkoutId(due["workoutId"]),
            on=datetime.now(UTC).date(),
            began_at=datetime.now(UTC),
        )
        origin = Origin(tenant_id=DEFAULT_TENANT, actor="athlete", correlation_id=uuid4())
        self.server.platform.enrollments.execute(
            EnrollmentId(self.enrollment), performed, origin=origin, command_id=uuid4()
        )

    def open(self, new_page: NewPage) -> Page:
        self.get(f"/v1/enrollments/{self.enrollment}")  # waits for the read models
        page = new_page(self.server.url, **PHONE)
        page.goto(f"/plan.html?plan={self.plan}")
        return page


@pytest.fixture
def bought(tmp_path: Path) -> Iterator[Bought]:
    with (
        StripeSimulator("sk_test_simulator") as simulator,
        StripeSite(simulator) as stripe,
        opened(tmp_path, tmp_path / "none.mp4", stripe=stripe) as server,
    ):
        introduce(server)
        workout = prescribe(server, "Legs", SQUATS)
        plan = offer(server, "Strong", [workout], prices=PRICES, weeks=1, sessionsPerWeek=1)
        call(server, "POST", f"/v1/plans/{plan}/trial", days=14)
        choice = {"userId": "athlete", "planId": plan, "startOn": f"{datetime.now(UTC):%F}"}
        written = call(server, "POST", "/v1/enrollments", region="EU", **choice)
        simulator.pay("pi_1", "pm_card_visa")
        found = Bought(server, plan, written["enrollmentId"], written["subscriptionId"])
        path = f"/v1/subscriptions/{found.subscription}"
        while (bought := found.get(path))["chargedBy"] is None:
            assert bought["status"] in {"pending_payment", "active"}
        yield found


@pytest.mark.parametrize("end", [Bought.leave, Bought.finish])
def test_a_plan_that_was_left_or_finished_starts_again_without_a_payment(
    bought: Bought, new_page: NewPage, end: Any
) -> None:
    """R-CAT-03: its price, its region and its trial are not offered meanwhile."""
    end(bought)
    page = bought.open(new_page)
    offered = page.locator("#start-box")
    expect(offered).to_contain_text("Your subscription covers this plan.")
    for price in ("€19.99", "Prices for", "Try it free"):
        expect(offered).not_to_contain_text(price, use_inner_text=True)
    assert problems(page) == {}
    page.get_by_role("button", name="Start again").click()
    expect(page.locator("#standing")).to_contain_text("Workout 1 of 1")
    expect(page.get_by_role("link", name="Start workout")).to_be_focused()
    enrollment = bought.get(f"/v1/enrollments/{bought.enrollment}")
    assert (enrollment["status"], enrollment["subscriptionId"]) == ("active", bought.subscription)
    assert len(bought.get("/v1/payments")["items"]) == 1


def test_a_cancelled_subscription_says_until_when_it_covers_the_plan(
    bought: Bought, new_page: NewPage
) -> None:
    """R-CAT-03: afterwards, the plan has its price again."""
    bought.leave()
    path = f"/v1/subscriptions/{bought.subscription}"
    call(bought.server, "POST", f"{path}/cancel", atOnce=False)
    page = bought.open(new_page)
    until = date_of(bought.get(path)["endsAt"])
    expect(page.locator("#start-box")).to_contain_text(f"covers this plan until {until}")
    call(bought.server, "POST", f"{path}/cancel", atOnce=True)
    bought.get(path)
    page.get_by_role("button", name="Start again").click()
    expect(page.get_by_role("button", name="Subscribe for €19.99 a month")).to_be_visible()


def test_a_plan_of_a_paused_subscription_has_no_price(bought: Bought, new_page: NewPage) -> None:
    """R-PAY-14: the page says why its workouts are closed, and leads to the subscription."""
    path = f"/v1/subscriptions/{bought.subscription}"
    call(bought.server, "POST", f"{path}/pause", days=30)
    at = datetime.fromisoformat(bought.get(path)["pausesAt"])
    process = replace(bought.server.platform.payments, clock=lambda: at)
    process.renew(DEFAULT_TENANT, SubscriptionId(bought.subscription), ("stripe",))
    page = bought.open(new_page)
    expect(page.locator("#standing")).to_contain_text("Your subscription to this plan is paused")
    expect(page.get_by_role("link", name="Your subscriptions and payments")).to_be_visible()
    expect(page.get_by_role("link", name="Start workout")).to_have_count(0)
    expect(page.locator("#start-box")).to_be_hidden()
    assert problems(page) == {}


def test_a_plan_that_is_no_longer_offered_shows_where_its_user_stands(
    bought: Bought, new_page: NewPage
) -> None:
    """R-CAT-03: with the ways to billing and to leave it."""
    call(bought.server, "POST", f"/v1/plans/{bought.plan}/withdraw")
    page = bought.open(new_page)
    expect(page.locator("#title")).to_have_text("A plan that is no longer offered")
    expect(page.get_by_role("link", name="Start workout")).to_be_visible()
    expect(page.locator("#standing .plan-billing")).to_have_attribute("href", "/billing.html")
    expect(page.locator("#start-box")).to_be_hidden()
    expect(page.locator("#content")).to_be_hidden()
    assert problems(page) == {}
    page.get_by_role("button", name="Leave this plan").click()
    page.get_by_role("button", name="Leave this plan").click()
    expect(page.locator("h1")).to_have_text("Plans")
    page.goto(f"/plan.html?plan={bought.plan}")
    expect(page.locator("#title")).to_have_text("Plan not found.")
