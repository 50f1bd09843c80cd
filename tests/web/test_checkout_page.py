"""Checkout: from the price to the confirmed payment, with every outcome, in test mode."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import pytest
from playwright.sync_api import FrameLocator, Page, Route, expect

from application.payments.policy import first_payment_of
from domain.ids import DEFAULT_TENANT, PaymentId, SubscriptionId
from domain.payments.commands import CancelPayment
from tests.waiting import wait_until
from tests.web.axe import violations
from tests.web.conftest import NewPage
from tests.web.inspection import PHONE, problems
from tests.web.plans import PRICES, call, offer, stock
from tests.web.server import PlatformServer, opened
from tests.web.waiting import note
from tools.payments.stripe_simulator import StripeSimulator
from tools.payments.stripe_site import DEBITED, StripeSite

DECLINED: Final = "Is declined"
THREE_D_SECURE: Final = "Asks for 3-D Secure"


@dataclass(frozen=True)
class Till:
    """A server that takes payments in test mode, and a workout for its plans."""

    server: PlatformServer
    stripe: StripeSite
    workout: str

    def plan(self, title: str = "Strong") -> str:
        """Offer a new paid plan."""
        return offer(self.server, title, [self.workout], prices=PRICES)


@pytest.fixture(scope="module")
def till(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Till]:
    home = tmp_path_factory.mktemp("till")
    with (
        StripeSimulator("sk_test_simulator") as simulator,
        StripeSite(simulator) as stripe,
        opened(home, home / "none.mp4", stripe=stripe) as server,
    ):
        free, _ = stock(server)
        plan = call(server, "GET", f"/v1/plans/{free}")
        yield Till(server, stripe, plan["offered"]["workouts"][0])


@pytest.fixture(autouse=True)
def _payments_left_open(till: Till) -> Iterator[None]:
    """Cancel what a test leaves unpaid: a user may have five such payments."""
    yield
    payments = till.server.platform.payments
    for each in call(till.server, "GET", "/v1/payments?first=100")["items"]:
        if each["status"] == "pending":
            cancel = CancelPayment(at=payments.clock())
            payments.execute(DEFAULT_TENANT, PaymentId(each["paymentId"]), cancel)


def checkout(till: Till, new_page: NewPage, plan: str, **options: object) -> Page:
    """Open the checkout of a plan from its page, and create the payment."""
    page = new_page(till.server.url, also=(till.stripe.url,), **options)
    page.goto(f"/plan.html?plan={plan}")
    page.get_by_role("button", name="Subscribe for €19.99 a month").click()
    expect(page.locator("#order")).to_contain_text(
        "You pay €19.99 today. Includes 19 % tax (€3.19)."
    )
    page.get_by_role("button", name="Continue to payment").click()
    expect(page.locator("#paying-title")).to_have_text("Pay €19.99")
    return page


def card(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[title=Card]")


def pay(page: Page, test_card: str | None = None) -> None:
    if test_card is not None:
        card(page).get_by_label("Test card").select_option(test_card)
    card(page).get_by_label("Card number").wait_for()
    page.get_by_role("button", name="Pay €19.99").click()


def bank(page: Page, answer: str) -> None:
    page.frame_locator("dialog iframe").get_by_role("button", name=answer).click()


@contextmanager
def undelivered(stripe: StripeSite) -> Generator[None]:
    """Hold webhooks back, and deliver them afterwards."""
    stripe.is_delivering.clear()
    try:
        yield
    finally:
        stripe.is_delivering.set()


def test_a_plan_is_bought_with_a_test_card(till: Till, new_page: NewPage) -> None:
    """R-PAY-05, R-UIX-08: the page waits for the webhook; the price shown is charged."""
    page = checkout(till, new_page, till.plan("Bought"), **PHONE)
    expect(page.locator("#route")).to_have_text("You pay with Stripe, which serves your region.")
    expect(page.locator("#paying-title")).to_be_focused()
    card(page).get_by_label("Card number").wait_for()
    assert problems(page) == {}
    before = len(till.stripe.simulator.charges)
    with undelivered(till.stripe):
        pay(page)
        expect(page.locator("#waiting")).to_have_text("Your bank is checking the payment …")
        wait_until(lambda: len(till.stripe.simulator.charges) > before)
    (charge,) = till.stripe.simulator.charges[before:]
    assert charge["amount_captured"] == PRICES[0]["amountMinor"]
    expect(page.locator("#outcome-title")).to_have_text("You are in")
    expect(page.locator("#outcome-title")).to_be_focused()
    assert problems(page) == {}
    page.get_by_role("link", name="See today's workout").click()
    expect(page.locator(".own-plan", has_text="Bought")).to_contain_text("Due today")


@pytest.mark.slow
def test_3d_secure_is_a_step_and_not_an_error(till: Till, new_page: NewPage) -> None:
    """R-PAY-05"""
    page = checkout(till, new_page, till.plan())
    pay(page, THREE_D_SECURE)
    bank(page, "No, refuse it")
    expect(page.locator("#declined")).to_contain_text("could not confirm that it was you")
    assert violations(page) == []
    pay(page, THREE_D_SECURE)
    bank(page, "Yes, confirm")
    expect(page.locator("#outcome-title")).to_have_text("You are in")


def test_a_declined_card_can_be_replaced_by_another_one(till: Till, new_page: NewPage) -> None:
    """R-PAY-05"""
    page = checkout(till, new_page, till.plan())
    pay(page, DECLINED)
    expect(page.locator("#declined")).to_contain_text("Your bank declined the payment. Try another")
    pay(page, "Has not enough money")
    expect(page.locator("#declined")).to_contain_text("not enough money")
    pay(page, "Succeeds")
    expect(page.locator("#outcome-title")).to_have_text("You are in")


def test_a_reload_and_a_double_click_keep_one_payment(till: Till, new_page: NewPage) -> None:
    """R-PAY-13, R-PAY-05"""
    plan = till.plan()
    page = new_page(till.server.url, also=(till.stripe.url,))
    page.goto(f"/checkout.html?plan={plan}")
    before = len(till.stripe.simulator.intents)
    charged = len(till.stripe.simulator.charges)
    page.get_by_role("button", name="Continue to payment").dblclick()
    expect(page.locator("#paying-title")).to_have_text("Pay €19.99")
    page.reload()
    expect(page.locator("#paying-title")).to_have_text("Pay €19.99")
    assert len(till.stripe.simulator.intents) == before + 1
    card(page).get_by_label("Card number").wait_for()
    page.get_by_role("button", name="Pay €19.99").dblclick()
    expect(page.locator("#outcome-title")).to_have_text("You are in")
    assert len(till.stripe.simulator.charges) == charged + 1
    page.reload()
    expect(page.locator("#outcome-title")).to_have_text("You are in")


def test_a_payment_that_began_in_another_tab_goes_on(till: Till, new_page: NewPage) -> None:
    """R-PAY-13: both tabs show the one payment, and its outcome."""
    plan, before = till.plan(), len(till.stripe.simulator.intents)
    tabs = [new_page(till.server.url, also=(till.stripe.url,)) for _ in range(2)]
    for page in tabs:
        page.goto(f"/checkout.html?plan={plan}")
    for page in tabs:
        page.get_by_role("button", name="Continue to payment").click()
        expect(page.locator("#paying-title")).to_have_text("Pay €19.99")
    assert len(till.stripe.simulator.intents) == before + 1
    pay(tabs[0])
    for page in tabs:
        expect(page.locator("#outcome-title")).to_have_text("You are in")


def test_a_debit_is_not_offered_again_while_the_bank_processes_it(
    till: Till, new_page: NewPage
) -> None:
    """R-PAY-05: neither on the page where it was submitted, nor after a reload."""
    page = checkout(till, new_page, till.plan())
    card(page).get_by_label("Card number").fill(DEBITED)
    page.get_by_role("button", name="Pay €19.99").click()
    for reload in (lambda: None, page.reload):
        reload()
        expect(page.locator("#waiting")).to_contain_text("which can take up to 14 days")
        expect(page.get_by_role("button", name="Pay €19.99")).to_be_hidden()
        assert problems(page) == {}
    reference = list(till.stripe.simulator.intents)[-1]
    till.stripe.simulator.settle(reference, paid=False)
    expect(page.locator("#declined")).to_contain_text("not enough money")
    pay(page, "Succeeds")
    expect(page.locator("#outcome-title")).to_have_text("You are in")


def test_cancelling_a_debit_that_the_bank_processes_promises_its_return(
    till: Till, new_page: NewPage
) -> None:
    """R-PAY-05: the bank may still take the money; then it is returned."""
    page = checkout(till, new_page, till.plan())
    card(page).get_by_label("Card number").fill(DEBITED)
    page.get_by_role("button", name="Pay €19.99").click()
    expect(page.locator("#waiting")).to_contain_text("which can take up to 14 days")
    page.get_by_role("button", name="Cancel payment").click()
    expect(page.locator("#outcome-title")).to_have_text("You canceled the payment")
    expect(page.locator("#outcome")).to_contain_text("If your bank still takes the money")
    expect(page.locator("#outcome")).not_to_contain_text("Nothing was charged.")


@pytest.mark.slow
def test_a_cancelled_payment_can_be_started_again(till: Till, new_page: NewPage) -> None:
    """R-PAY-05"""
    page = checkout(till, new_page, till.plan())
    card(page).get_by_label("Card number").wait_for()  # buttons move when the form appears
    page.get_by_role("button", name="Cancel payment").click()
    expect(page.locator("#outcome-title")).to_have_text("You canceled the payment")
    expect(page.locator("#outcome")).to_contain_text("Nothing was charged.")
    assert violations(page) == []
    page.get_by_role("button", name="Start again").click()
    page.get_by_role("button", name="Continue to payment").click()
    pay(page)
    expect(page.locator("#outcome-title")).to_have_text("You are in")


def test_a_payment_of_a_plan_that_is_gone_is_not_called_cancelled_by_the_user(
    till: Till, new_page: NewPage
) -> None:
    """R-PAY-05: such as of a trainer who was erased meanwhile; it cannot be started again."""
    plan = till.plan("Gone")
    page = checkout(till, new_page, plan)
    card(page).get_by_label("Card number").wait_for()
    call(till.server, "POST", f"/v1/plans/{plan}/withdraw")
    subscriptions = call(till.server, "GET", "/v1/subscriptions")["items"]
    key = next(each["subscriptionId"] for each in subscriptions if each["planId"] == plan)
    process = till.server.platform.payments
    process.execute(
        DEFAULT_TENANT,
        first_payment_of(SubscriptionId(key)),
        CancelPayment(at=till.server.platform.clock()),
    )
    outcome = page.locator("#outcome")
    expect(outcome).to_contain_text("This payment was withdrawn")
    expect(outcome).to_contain_text("Nothing was charged. This plan is no longer offered.")
    expect(outcome.get_by_role("button", name="Start again")).to_be_hidden()
    expect(outcome.get_by_role("link", name="Browse plans")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("region", ["European Union", "United States"])
def test_a_payment_that_was_cancelled_on_the_billing_page_can_be_started_again(
    till: Till, new_page: NewPage, region: str
) -> None:
    """R-PAY-05, R-PAY-13: in the same tab, as it was or with another choice."""
    plan = till.plan(f"Twice, {region}")
    page = checkout(till, new_page, plan)
    page.goto("/billing.html")
    subscription = page.locator(".billing-card", has_text=f"Twice, {region}")
    subscription.get_by_role("button", name="Cancel subscription").click()
    subscription.get_by_role("button", name="Yes, cancel").click()
    expect(subscription).to_contain_text("because you canceled")
    page.goto(f"/checkout.html?plan={plan}")
    page.get_by_label("Prices for").select_option(region)
    expect(page.locator("#terms")).to_contain_text("You pay")
    page.get_by_role("button", name="Continue to payment").click()
    expect(page.locator("#paying-title")).to_have_text(
        "Pay $21.00" if region == "United States" else "Pay €19.99"
    )
    card(page).get_by_label("Card number").wait_for()  # buttons move when the form appears
    page.get_by_role("button", name="Cancel payment").click()
    expect(page.locator("#outcome-title")).to_have_text("You canceled the payment")


def test_a_payment_that_takes_long_is_announced_once(till: Till, new_page: NewPage) -> None:
    """R-PAY-05, R-UIX-06: and not with each question for its outcome."""
    page = new_page(till.server.url, also=(till.stripe.url,))
    page.clock.install()
    plan = till.plan("Slow")
    page.goto(f"/checkout.html?plan={plan}")
    page.get_by_role("button", name="Continue to payment").click()
    expect(page.locator("#paying-title")).to_have_text("Pay €19.99")
    page.goto(f"/checkout.html?plan={plan}&payment_intent=pi_1")  # back from the gateway
    waiting = page.locator("#waiting")
    expect(waiting).to_have_text("Your bank is checking the payment …")
    note(page, "#waiting")
    page.clock.fast_forward(20_000)
    expect(waiting).to_contain_text("longer than usual")
    for _ in range(3):
        with page.expect_response("**/v1/payments/*"):
            page.clock.run_for(1500)
    assert len(page.evaluate("noted['#waiting']")) == 1


@pytest.mark.slow
def test_an_expired_payment_is_explained(till: Till, new_page: NewPage) -> None:
    """R-PAY-05"""
    page = checkout(till, new_page, till.plan())

    def expire(route: Route) -> None:
        answer = route.fetch()
        expired = {**answer.json(), "status": "failed", "failReason": "expired"}
        route.fulfill(response=answer, json=expired)

    page.route("**/v1/payments/*.1", expire)
    expect(page.locator("#outcome-title")).to_have_text("The payment expired")


def test_a_price_that_changed_is_shown_before_anything_is_charged(
    till: Till, new_page: NewPage
) -> None:
    """R-PAY-01: the price shown is what is charged."""
    plan = till.plan()
    page = new_page(till.server.url, also=(till.stripe.url,))
    page.goto(f"/checkout.html?plan={plan}")
    expect(page.locator("#order")).to_contain_text("You pay €19.99 today.")
    draft = call(till.server, "GET", f"/v1/plans/{plan}")["draft"]
    price = {"region": "EU", "amountMinor": 2499, "currency": "EUR"}
    call(till.server, "PUT", f"/v1/plans/{plan}", **draft | {"prices": [price]})
    call(till.server, "POST", f"/v1/plans/{plan}/publish")
    page.get_by_role("button", name="Continue to payment").click()
    expect(page.locator("#changed")).to_contain_text("The price has just changed.")
    expect(page.locator("#order")).to_contain_text("You pay €24.99 today.")
    page.get_by_role("button", name="Continue to payment").click()
    expect(page.locator("#paying-title")).to_have_text("Pay €24.99")


def test_the_price_on_the_page_follows_the_region(till: Till, new_page: NewPage) -> None:
    """R-PAY-02"""
    page = new_page(till.server.url, also=(till.stripe.url,))
    page.goto(f"/checkout.html?plan={till.plan()}")
    page.get_by_label("Prices for").select_option("United States")
    expect(page.locator("#terms")).to_contain_text("You pay $21.00 today.")
    page.get_by_label("Prices for").select_option("Russia")
    expect(page.locator("#terms")).to_contain_text("not sold in your region")
    expect(page.locator("#begin")).to_have_attribute("aria-disabled", "true")


@pytest.mark.parametrize("kind", ["redirect", "form"])
def test_other_gateways_get_the_user_by_a_redirect_or_a_form(
    till: Till, new_page: NewPage, kind: str
) -> None:
    """R-PAY-04"""
    page = new_page(till.server.url, also=(till.stripe.url, "https://gateway.example"))
    way = {"url": "https://gateway.example/pay", "kind": kind}
    fields = [{"name": "order", "value": "7"}] if kind == "form" else None
    intent = {"gateway": "yookassa", "reference": "1", "fields": fields, **way}
    page.route("**/v1/payments/*/intent", lambda route: route.fulfill(json=intent))
    sent: list[tuple[str, str | None]] = []

    def arrive(route: Route) -> None:
        sent.append((route.request.method, route.request.post_data))
        route.fulfill(body="paid", content_type="text/plain")

    page.route("https://gateway.example/**", arrive)
    page.goto(f"/checkout.html?plan={till.plan()}")
    page.get_by_role("button", name="Continue to payment").click()
    page.get_by_role("button", name="Continue at YooKassa").click()
    page.wait_for_url("https://gateway.example/pay")
    assert sent == [("GET", None) if kind == "redirect" else ("POST", "order=7")]


def test_only_the_checkout_page_may_load_scripts_of_stripe(till: Till, new_page: NewPage) -> None:
    """R-PAY-15"""
    page = new_page(till.server.url)
    policies = {
        path: page.request.get(path).headers["content-security-policy"]
        for path in ("/checkout.html", "/plan.html", "/")
    }
    allowed = [path for path, policy in policies.items() if till.stripe.url in policy]
    assert allowed == ["/checkout.html"]


@pytest.mark.slow
def test_a_plan_that_is_still_paid_for_begins_again_without_a_payment(
    till: Till, new_page: NewPage
) -> None:
    """R-PAY-05, C-27: the subscription of an enrollment that the user left still runs."""
    plan = till.plan()
    earlier = new_page(till.server.url, also=(till.stripe.url,))
    earlier.goto(f"/checkout.html?plan={plan}")
    expect(earlier.locator("#order")).to_contain_text("You pay €19.99 today.")
    page = checkout(till, new_page, plan)
    pay(page)
    expect(page.locator("#outcome-title")).to_have_text("You are in")
    (enrollment,) = [
        each
        for each in call(till.server, "GET", "/v1/enrollments?first=100")["items"]
        if each["planId"] == plan
    ]
    call(till.server, "DELETE", f"/v1/enrollments/{enrollment['enrollmentId']}")
    page.goto(f"/checkout.html?plan={plan}")
    expect(page.get_by_role("button", name="Start again")).to_be_visible()
    earlier.get_by_role("button", name="Continue to payment").click()
    expect(earlier.locator("#outcome-title")).to_have_text("You are in")
