"""Another payment method for renewals: from the billing page to the gateway and back."""

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.conftest import NewPage
from tests.web.full_storage import FULL
from tests.web.inspection import PHONE, problems
from tests.web.plans import call, stock
from tests.web.server import PlatformServer, opened
from tests.web.waiting import until, until_in_time
from tools.payments.stripe_simulator import StripeSimulator
from tools.payments.stripe_site import StripeSite

ACTIVE = """async () => (await (await fetch("/v1/subscriptions")).json())
  .items.some(({ status, chargedBy }) => status === "active" && chargedBy !== null)"""


@pytest.fixture(scope="module")
def stripe() -> Iterator[StripeSite]:
    with StripeSimulator("sk_test_simulator") as simulator, StripeSite(simulator) as site:
        yield site


@pytest.fixture(scope="module")
def paid(stripe: StripeSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlatformServer]:
    """A server with a subscription that was paid with a test card."""
    home = tmp_path_factory.mktemp("methods")
    with opened(home, home / "none.mp4", stripe=stripe) as server:
        _, plan = stock(server)
        today = f"{datetime.now(UTC):%F}"
        choice = {"userId": "athlete", "planId": plan, "startOn": today, "region": "EU"}
        call(server, "POST", "/v1/enrollments", **choice)
        stripe.simulator.pay("pi_1", "pm_card_visa")
        yield server


def changing(paid: PlatformServer, stripe: StripeSite, new_page: NewPage) -> Page:
    """Open the change of the method from the billing page."""
    page = new_page(paid.url, also=(stripe.url, "https://gateway.example"), **PHONE)
    page.goto("/billing.html")
    until(page, ACTIVE)
    page.reload()
    page.get_by_role("link", name="Change payment method").click()
    return page


@pytest.mark.slow
def test_another_card_is_stored_after_one_that_was_declined(
    paid: PlatformServer, stripe: StripeSite, new_page: NewPage
) -> None:
    """R-PAY-11, R-PAY-05: nothing is charged, and no webhook is needed."""
    stripe.is_delivering.set()
    page = changing(paid, stripe, new_page)
    expect(page.locator("#paying-title")).to_have_text("New payment method")
    card = page.frame_locator("iframe[title=Card]")
    card.get_by_label("Test card").select_option("Is declined")
    stripe.is_delivering.clear()
    page.get_by_role("button", name="Save payment method").click()
    expect(page.locator("#declined")).to_contain_text("Your bank declined the payment.")
    assert problems(page) == {}
    card.get_by_label("Test card").select_option("Succeeds")
    page.get_by_role("button", name="Save payment method").click()
    expect(page.locator("#outcome-title")).to_have_text("Your payment method is changed")
    expect(page.locator("#outcome-title")).to_be_focused()
    assert len(stripe.simulator.charges) == 1
    stripe.is_delivering.set()
    page.get_by_role("link", name="Your subscriptions and payments").click()
    expect(page.locator(".billing-card")).to_contain_text("Renews on")


@pytest.mark.parametrize("is_given", [True, False])
def test_a_gateway_with_a_page_of_its_own_sends_the_user_back(
    paid: PlatformServer, stripe: StripeSite, new_page: NewPage, *, is_given: bool
) -> None:
    """R-PAY-11: YooKassa sends no webhook about methods, so the page asks."""
    page = changing(paid, stripe, new_page)
    address = page.url
    setup = {"gateway": "yookassa", "reference": "pm-7", "kind": "redirect"}
    way = {**setup, "url": "https://gateway.example/bind"}
    page.route("**/method-setup", lambda route: route.fulfill(json=way))
    questions: list[str | None] = []

    def answer(route: Route) -> None:
        questions.append(route.request.post_data)
        if is_given and len(questions) > 1:
            written = {"subscriptionId": "1", "position": 1, "repeated": False}
            return route.fulfill(json=written)
        problem = {"status": 409, "code": "payment.method_pending", "title": "Not yet."}
        return route.fulfill(status=409, json=problem)

    page.route("**/v1/subscriptions/*/method", answer)
    page.route("https://gateway.example/**", lambda route: route.fulfill(body="bound"))
    page.reload()
    page.get_by_role("button", name="Continue at YooKassa").click()
    page.wait_for_url("https://gateway.example/bind")
    page.clock.install()
    page.goto(address)
    until_in_time(page, "document.querySelector('#outcome-title') !== null")
    words = "Your payment method is changed" if is_given else "The payment method was not changed"
    expect(page.locator("#outcome-title")).to_have_text(words)
    assert questions[0] == '{"reference":"pm-7"}'
    if not is_given:
        page.get_by_role("link", name="Try again").click()
        expect(page.get_by_role("button", name="Continue at YooKassa")).to_be_visible()


REDIRECTING = """globalThis.Stripe = () => ({
  elements: ({ clientSecret }) => ({ clientSecret, create: () => ({ mount() {} }) }),
  confirmSetup: ({ elements, confirmParams }) => {
    const back = new URL(confirmParams.return_url);
    back.searchParams.set("setup_intent", elements.clientSecret.split("_secret")[0]);
    location.assign(`https://gateway.example/bank?${new URLSearchParams({ back })}`);
    return new Promise(() => {});
  },
})"""
"""Stripe's script for a method that is confirmed on the page of a bank."""


def test_a_method_that_is_given_on_the_page_of_a_bank_is_stored(
    paid: PlatformServer, stripe: StripeSite, new_page: NewPage
) -> None:
    """R-PAY-11: with Stripe too, and without a webhook."""
    stripe.is_delivering.set()
    page = changing(paid, stripe, new_page)
    page.route(stripe.script_url, lambda route: route.fulfill(body=REDIRECTING))
    page.route("https://gateway.example/**", lambda route: route.fulfill(body="bank"))
    page.reload()
    page.get_by_role("button", name="Save payment method").click()
    page.wait_for_url("https://gateway.example/bank?*")
    back = parse_qs(urlsplit(page.url).query)["back"][0]
    stripe.is_delivering.clear()
    stripe.simulator.set_up_by_ideal(parse_qs(urlsplit(back).query)["setup_intent"][0])
    page.goto(back)
    expect(page.locator("#outcome-title")).to_have_text("Your payment method is changed")
    stripe.is_delivering.set()


@pytest.mark.slow
@pytest.mark.parametrize(("status", "is_temporary"), [(404, False), (503, True)])
def test_a_setup_that_is_refused_for_good_is_forgotten(
    paid: PlatformServer, stripe: StripeSite, new_page: NewPage, *, status: int, is_temporary: bool
) -> None:
    """R-PAY-11: the next attempt begins with a new setup."""
    page = changing(paid, stripe, new_page)
    expect(page.get_by_role("button", name="Save payment method")).to_be_visible()
    page.evaluate("""sessionStorage.setItem(
      `kinelog.method.${new URLSearchParams(location.search).get("subscription")}`, "seti_old")""")
    problem = {"status": status, "code": "payment.setup_unknown", "title": "Begin again."}
    page.route(
        "**/v1/subscriptions/*/method", lambda route: route.fulfill(status=status, json=problem)
    )
    page.reload()
    page.locator("#banner").get_by_role("button", name="Try again").click()
    if is_temporary:
        expect(page.locator("#banner .banner")).to_be_visible()
        expect(page.get_by_role("button", name="Save payment method")).to_be_hidden()
    else:
        expect(page.get_by_role("button", name="Save payment method")).to_be_visible()


def test_a_method_is_stored_in_a_browser_without_room_for_its_setup(
    paid: PlatformServer, stripe: StripeSite, new_page: NewPage
) -> None:
    """R-PAY-11, R-UIX-08: the button did nothing."""
    stripe.is_delivering.set()
    page = changing(paid, stripe, new_page)
    page.add_init_script(FULL)
    page.reload()
    page.get_by_role("button", name="Save payment method").click()
    expect(page.locator("#outcome-title")).to_have_text("Your payment method is changed")
