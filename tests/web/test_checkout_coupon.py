"""Coupons on the checkout page, and the page in other languages."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import NewPage
from tests.web.full_storage import FULL
from tests.web.inspection import PHONE, problems
from tests.web.plans import PRICES, call, offer, stock
from tests.web.server import PlatformServer, opened
from tools.payments.stripe_simulator import StripeSimulator
from tools.payments.stripe_site import StripeSite


@pytest.fixture(scope="module")
def stripe() -> Iterator[StripeSite]:
    with StripeSimulator("sk_test_simulator") as simulator, StripeSite(simulator) as site:
        yield site


@pytest.fixture(scope="module")
def till(stripe: StripeSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlatformServer]:
    """A server that takes payments in test mode."""
    home = tmp_path_factory.mktemp("coupons")
    with opened(home, home / "none.mp4", stripe=stripe) as server:
        yield server


@pytest.fixture
def plan(till: PlatformServer) -> str:
    """A new paid plan."""
    free, _ = stock(till)
    workout = call(till, "GET", f"/v1/plans/{free}")["offered"]["workouts"][0]
    return offer(till, "Strong", [workout], prices=PRICES)


def coupon(till: PlatformServer, **terms: object) -> str:
    """Create a coupon of 25 %, or with other terms; return its code."""
    code = f"SUMMER-{uuid4().hex[:8].upper()}"
    call(till, "POST", "/v1/coupons", **({"code": code, "basisPoints": 2500} | terms))
    return code


def order(till: PlatformServer, stripe: StripeSite, new_page: NewPage, plan: str) -> Page:
    """Open the checkout of a plan."""
    page = new_page(till.url, also=(stripe.url,), **PHONE)
    page.goto(f"/checkout.html?plan={plan}")
    expect(page.locator("#terms")).to_contain_text("You pay €19.99 today.")
    return page


def apply(page: Page, code: str) -> None:
    page.get_by_label("Coupon code").fill(code)
    page.get_by_role("button", name="Apply").click()


def test_a_coupon_is_applied_kept_over_a_reload_and_paid_with(
    till: PlatformServer, stripe: StripeSite, new_page: NewPage, plan: str
) -> None:
    """R-PAY-05: the new price is shown before, charged, and the code may be in small letters."""
    code = coupon(till)
    page = order(till, stripe, new_page, plan)
    apply(page, code.lower())
    words = f"With {code}, you pay €14.99 today instead of €19.99. After that, €19.99 a month."
    expect(page.locator("#coupon-words")).to_have_text(words)
    expect(page.locator("#terms")).to_contain_text("You pay €14.99 today.")
    expect(page.get_by_role("button", name="Remove coupon")).to_be_focused()
    assert problems(page) == {}
    page.reload()
    expect(page.locator("#coupon-words")).to_have_text(words)
    page.get_by_role("button", name="Continue to payment").click()
    expect(page.locator("#paying-title")).to_have_text("Pay €14.99")
    page.frame_locator("iframe[title=Card]").get_by_label("Card number").wait_for()
    page.get_by_role("button", name="Pay €14.99").click()
    expect(page.locator("#outcome-title")).to_have_text("You are in")
    assert stripe.simulator.charges[-1]["amount_captured"] == 1499
    assert call(till, "GET", f"/v1/coupons/{code}")["uses"] == 1


def test_the_price_after_a_repeating_coupon_is_shown_before_and_after_buying(
    till: PlatformServer, stripe: StripeSite, new_page: NewPage, plan: str
) -> None:
    """R-PAY-14: at checkout and on the billing page."""
    code = coupon(till, duration="repeating", durationInPeriods=3)
    page = order(till, stripe, new_page, plan)
    apply(page, code)
    expect(page.locator("#coupon-words")).to_have_text(
        f"With {code}, your first 3 payments are €14.99 each instead of €19.99. "
        "After that, €19.99 a month."
    )
    page.get_by_role("button", name="Continue to payment").click()
    page.frame_locator("iframe[title=Card]").get_by_label("Card number").wait_for()
    page.get_by_role("button", name="Pay €14.99").click()
    expect(page.locator("#outcome-title")).to_have_text("You are in")
    page.goto("/billing.html")
    expect(page.locator(".billing-card", has_text=code)).to_contain_text(
        f"With {code}, your next 2 payments are €14.99 each instead of €19.99. "
        "After that, €19.99 a month."
    )
    assert problems(page) == {}


def test_a_coupon_can_be_removed(
    till: PlatformServer, stripe: StripeSite, new_page: NewPage, plan: str
) -> None:
    """R-PAY-05"""
    page = order(till, stripe, new_page, plan)
    apply(page, coupon(till))
    page.get_by_role("button", name="Remove coupon").click()
    expect(page.locator("#terms")).to_contain_text("You pay €19.99 today.")
    expect(page.get_by_label("Coupon code")).to_be_focused()
    page.reload()
    expect(page.locator("#terms")).to_contain_text("You pay €19.99 today.")
    expect(page.get_by_label("Coupon code")).to_have_value("")


def test_the_field_says_why_a_coupon_is_refused(
    till: PlatformServer, stripe: StripeSite, new_page: NewPage, plan: str
) -> None:
    """R-PAY-05: errors are those of the API, at the field, which keeps the code."""
    ended, dollars = coupon(till), {"basisPoints": None, "amountMinor": 500, "currency": "USD"}
    call(till, "POST", f"/v1/coupons/{ended}/end")
    refusals = {
        "NO-SUCH-ONE": "There is no coupon with this code.",
        ended: "This coupon has expired, or was ended.",
        coupon(till, **dollars): "This coupon is not valid for this plan",
        "a b": "A code has 3 to 40 letters, digits and hyphens.",
    }
    page = order(till, stripe, new_page, plan)
    for code, words in refusals.items():
        apply(page, code)
        expect(page.locator("#coupon-code-wrong")).to_contain_text(words)
        expect(page.get_by_label("Coupon code")).to_have_value(code)
        expect(page.get_by_label("Coupon code")).to_be_focused()
        expect(page.locator("#terms")).to_contain_text("You pay €19.99 today.")
    assert problems(page) == {}
    page.reload()
    expect(page.locator("#terms")).to_contain_text("You pay €19.99 today.")
    expect(page.locator("#coupon-code-wrong")).to_have_count(0)


def test_a_coupon_that_ends_before_the_payment_is_explained(
    till: PlatformServer, stripe: StripeSite, new_page: NewPage, plan: str
) -> None:
    """R-PAY-05: the full price is shown before anything is charged."""
    code = coupon(till)
    page = order(till, stripe, new_page, plan)
    apply(page, code)
    expect(page.locator("#terms")).to_contain_text("You pay €14.99 today.")
    call(till, "POST", f"/v1/coupons/{code}/end")
    page.get_by_role("button", name="Continue to payment").click()
    expect(page.locator("#coupon-code-wrong")).to_contain_text("has expired, or was ended")
    expect(page.locator("#terms")).to_contain_text("You pay €19.99 today.")
    page.get_by_role("button", name="Continue to payment").click()
    expect(page.locator("#paying-title")).to_have_text("Pay €19.99")


@pytest.mark.parametrize(
    ("locale", "words", "refusal"),
    [
        ("ru-RU", "Сегодня к оплате 19,99 €.", "Такого промокода нет."),
        ("es-ES", "Hoy pagas 19,99 €.", "No hay ningún descuento con este código."),
    ],
)
def test_the_checkout_is_in_the_language_of_the_user(
    till: PlatformServer,
    stripe: StripeSite,
    new_page: NewPage,
    plan: str,
    locale: str,
    words: str,
    refusal: str,
) -> None:
    """R-UIX-07: also amounts, and refusals of the API."""
    page = new_page(till.url, also=(stripe.url,), locale=locale, **PHONE)
    page.goto(f"/checkout.html?plan={plan}")
    expect(page.locator("#terms")).to_contain_text(words)
    page.locator("#coupon-code").fill("NO-SUCH-ONE")
    page.locator("#coupon-form button").click()
    expect(page.locator("#coupon-code-wrong")).to_have_text(refusal)
    page.locator("#begin").click()
    expect(page.locator("#paying-title")).to_contain_text("19,99 €")
    assert problems(page) == {}


def test_a_coupon_is_applied_in_a_browser_without_room_to_store_it(
    till: PlatformServer, stripe: StripeSite, new_page: NewPage, plan: str
) -> None:
    """R-PAY-05, R-UIX-08: the code disappeared, and nothing was said."""
    code = coupon(till)
    page = order(till, stripe, new_page, plan)
    page.add_init_script(FULL)
    page.reload()
    apply(page, code)
    expect(page.locator("#terms")).to_contain_text("You pay €14.99 today.")
    page.get_by_role("button", name="Remove coupon").click()
    expect(page.locator("#terms")).to_contain_text("You pay €19.99 today.")
