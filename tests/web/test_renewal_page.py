"""Renewals paid on the checkout page: each outcome, and what the subscription does then."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Page, Route, expect

from domain.ids import DEFAULT_TENANT, PaymentId, SubscriptionId
from domain.payments.commands import ExpirePayment
from tests.web.conftest import NewPage
from tests.web.inspection import PHONE, problems
from tests.web.plans import PRICES, call, date_of, offer, stock
from tests.web.server import PlatformServer, opened
from tools.payments.stripe_objects import Card
from tools.payments.stripe_simulator import StripeSimulator
from tools.payments.stripe_site import StripeSite

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Till:
    """A server that takes payments in test mode."""

    server: PlatformServer
    stripe: StripeSite

    def subscription(self, key: str) -> Any:
        position = {"After-Position": str(self.server.platform.log.head())}
        url = f"{self.server.url}/v1/subscriptions/{key}"
        return httpx2.get(url, headers=position, timeout=60).json()


@dataclass(frozen=True)
class Due:
    """A renewal that has begun."""

    till: Till
    plan: str
    subscription: str
    payment: str
    at: datetime

    def expire(self) -> None:
        """Give the payment up, as after a day."""
        process = self.till.server.platform.payments
        later = replace(process, clock=lambda: self.at + 3 * DAY)
        expire = ExpirePayment(at=self.at + 3 * DAY)
        later.execute(DEFAULT_TENANT, PaymentId(self.payment), expire)

    def open(self, new_page: NewPage) -> Page:
        page = new_page(self.till.server.url, also=(self.till.stripe.url,), **PHONE)
        page.goto(f"/checkout.html?plan={self.plan}&payment={self.payment}")
        expect(page.locator("#paying-title")).to_have_text("Pay €19.99")
        return page


@pytest.fixture(scope="module")
def till(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Till]:
    home = tmp_path_factory.mktemp("renewals")
    with (
        StripeSimulator("sk_test_simulator") as simulator,
        StripeSite(simulator) as stripe,
        opened(home, home / "none.mp4", stripe=stripe) as server,
    ):
        yield Till(server, stripe)


def renewal(till: Till, card: Card) -> Due:
    """Buy a plan, and renew it with a card that is different by then."""
    server, simulator = till.server, till.stripe.simulator
    free, _ = stock(server)
    workout = call(server, "GET", f"/v1/plans/{free}")["offered"]["workouts"][0]
    plan = offer(server, "Strong", [workout], prices=PRICES)
    today = f"{datetime.now(UTC):%F}"
    choice = {"userId": "athlete", "planId": plan, "startOn": today, "region": "EU"}
    key = call(server, "POST", "/v1/enrollments", **choice)["subscriptionId"]
    simulator.pay(list(simulator.intents)[-1], "pm_card_visa")
    while not (found := till.subscription(key))["chargedBy"]:
        assert found["status"] in {"pending_payment", "active"}
    simulator.cards[list(simulator.cards)[-1]] = card
    at = datetime.fromisoformat(found["renewsAt"]) - DAY
    process = replace(server.platform.payments, clock=lambda: at)
    process.renew(DEFAULT_TENANT, SubscriptionId(key), ("stripe",))
    return Due(till, plan, key, f"{key}.2", at)


@pytest.fixture
def due(till: Till) -> Due:
    """A renewal that the bank wants the user to confirm."""
    return renewal(till, "pm_card_threeDSecureRequired")


def test_a_renewal_that_is_paid_says_until_when(due: Due, new_page: NewPage) -> None:
    """R-PAY-05: and it does not say that the plan begins."""
    page = due.open(new_page)
    expect(page.get_by_role("button", name="Cancel payment")).to_be_hidden()
    page.frame_locator("iframe[title=Card]").get_by_label("Card number").wait_for()
    page.get_by_role("button", name="Pay €19.99").click()
    expect(page.locator("#outcome-title")).to_have_text("The renewal is paid")
    until = date_of(due.till.subscription(due.subscription)["renewsAt"])
    expect(page.locator("#outcome")).to_contain_text(f"is paid until {until} ")
    expect(page.locator("#outcome")).not_to_contain_text("first workout")
    assert problems(page) == {}
    page.get_by_role("link", name="Your subscriptions and payments").click()
    expect(page.locator(".billing-card").first).to_contain_text("Renews on")


def test_the_billing_page_leads_to_the_confirmation_that_the_bank_wants(
    due: Due, new_page: NewPage
) -> None:
    """R-PAY-05: from the first moment, as the e-mail does."""
    page = new_page(due.till.server.url, also=(due.till.stripe.url,), **PHONE)
    page.goto("/billing.html")
    card = page.locator(".billing-card", has=page.locator(f"#subscription-{due.subscription}"))
    expect(card).to_contain_text("Your bank asks you to confirm the payment of €19.99.")
    expect(card).not_to_contain_text("Renews on")
    assert problems(page) == {}
    card.get_by_role("link", name="Confirm the payment").click()
    expect(page.locator("#paying-title")).to_have_text("Pay €19.99")


def test_a_renewal_of_a_plan_that_is_withdrawn_can_be_paid(due: Due, new_page: NewPage) -> None:
    """R-PAY-05: others than its trainer do not get the plan any more."""
    page = new_page(due.till.server.url, also=(due.till.stripe.url,), **PHONE)
    unknown = {"title": "There is no plan with this id.", "status": 404, "code": "plan.unknown"}
    page.route(
        f"**/v1/plans/{due.plan}",
        lambda route: route.fulfill(
            status=404, json=unknown, content_type="application/problem+json"
        ),
    )
    page.goto(f"/checkout.html?plan={due.plan}&payment={due.payment}")
    expect(page.locator("#paying-title")).to_have_text("Pay €19.99")
    page.frame_locator("iframe[title=Card]").get_by_label("Card number").wait_for()
    page.get_by_role("button", name="Pay €19.99").click()
    expect(page.locator("#outcome-title")).to_have_text("The renewal is paid")


@pytest.mark.slow
def test_a_renewal_that_expired_says_what_comes_next(due: Due, new_page: NewPage) -> None:
    """R-PAY-05: also for users whose gateway keeps no method, and who pay by hand."""
    page = due.open(new_page)
    due.expire()
    expect(page.locator("#outcome-title")).to_have_text("The payment expired")
    expect(page.locator("#outcome")).to_contain_text("Nothing was charged.")
    expect(page.locator("#outcome")).to_contain_text("We try again on")
    expect(page.get_by_role("button", name="Start again")).to_have_count(0)

    def forget_method(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "chargedBy": None})

    page.route("**/v1/subscriptions/*", forget_method)
    page.reload()
    expect(page.locator("#outcome")).to_contain_text("You can pay again from")
    assert problems(page) == {}


def test_a_renewal_that_was_declined_says_so(till: Till, new_page: NewPage) -> None:
    """R-PAY-05"""
    declined = renewal(till, "pm_card_visa_chargeDeclined")
    page = new_page(till.server.url, also=(till.stripe.url,), **PHONE)
    page.goto(f"/checkout.html?plan={declined.plan}&payment={declined.payment}")
    expect(page.locator("#outcome-title")).to_have_text("The renewal was not paid")
    expect(page.locator("#outcome")).to_contain_text("Your bank declined the payment.")
    expect(page.locator("#outcome")).to_contain_text("We try again on")


@pytest.mark.slow
def test_a_renewal_of_a_cancelled_subscription_is_withdrawn(due: Due, new_page: NewPage) -> None:
    """R-PAY-05"""
    page = due.open(new_page)
    path = f"/v1/subscriptions/{due.subscription}/cancel"
    call(due.till.server, "POST", path, atOnce=False)
    due.till.server.platform.payments.advance(DEFAULT_TENANT, PaymentId(due.payment))
    expect(page.locator("#outcome-title")).to_have_text("This payment was withdrawn")
    expect(page.locator("#outcome")).to_contain_text("Nothing was charged.")
    expect(page.locator("#outcome")).to_contain_text("You keep access until")
