"""The checkout in a tab that two users sign in in, one after the other."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.web.conftest import NewPage
from tests.web.people import sign_up
from tests.web.plans import call, stock
from tests.web.server import opened
from tools.payments.stripe_simulator import StripeSimulator
from tools.payments.stripe_site import StripeSite

CODE = "GIFT-FOR-ADA"


def open_checkout(page: Page, plan: str) -> None:
    page.goto(f"/checkout.html?plan={plan}")
    expect(page.locator("#terms")).to_contain_text("today.")


def test_the_coupon_of_a_user_is_not_applied_for_the_next_one(
    tmp_path: Path, new_page: NewPage
) -> None:
    """R-PAY-05, R-TEN-01: it may be personal, and nobody else would know whose it is."""
    home, film = tmp_path / "home", tmp_path / "none.mp4"
    with StripeSimulator("sk_test_simulator") as simulator, StripeSite(simulator) as stripe:
        with opened(home, film, stripe=stripe) as server:
            _, plan = stock(server)
            call(server, "POST", "/v1/coupons", code=CODE, basisPoints=2500)
        with opened(home, film, stripe=stripe, sign_in="required") as server:
            page = new_page(server.url, also=(stripe.url,))
            sign_up(page, home / "mail", "ada@example.org")
            open_checkout(page, plan)
            page.get_by_label("Coupon code").fill(CODE)
            page.get_by_role("button", name="Apply").click()
            expect(page.locator("#coupon-words")).to_contain_text(f"With {CODE}")
            page.goto("/account.html")
            page.get_by_role("button", name="Sign out on this device").click()
            expect(page.locator("h1")).to_have_text("Sign in")

            sign_up(page, home / "mail", "bob@example.org")
            open_checkout(page, plan)
            expect(page.locator("#terms")).to_contain_text("You pay €19.99 today.")
            expect(page.get_by_label("Coupon code")).to_be_visible()
