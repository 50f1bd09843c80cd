"""The checkout of users whose sign-in ends, and of others who sign in in the same tab."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from domain.ids import DEFAULT_TENANT, UserId
from tests.web.conftest import NewPage
from tests.web.people import sign_in_by_the_banner, sign_up
from tests.web.plans import call, stock
from tests.web.server import PlatformServer, opened
from tools.payments.stripe_simulator import StripeSimulator
from tools.payments.stripe_site import StripeSite

CODE = "GIFT-FOR-ADA"


@dataclass(frozen=True)
class Shop:
    """A server that requires sign-in, takes payments in test mode, and offers a plan."""

    server: PlatformServer
    stripe: StripeSite
    mail: Path
    plan: str

    def checkout(self, page: Page, address: str) -> None:
        """Sign up, and open the checkout of the plan."""
        sign_up(page, self.mail, address)
        page.goto(f"/checkout.html?plan={self.plan}")
        expect(page.locator("#terms")).to_contain_text("today.")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    home = tmp_path_factory.mktemp("shop")
    video = home / "none.mp4"
    with StripeSimulator("sk_test_simulator") as simulator, StripeSite(simulator) as stripe:
        with opened(home, video, stripe=stripe) as server:
            _, plan = stock(server)
            call(server, "POST", "/v1/coupons", code=CODE, basisPoints=2500)
        with opened(home, video, stripe=stripe, sign_in="required") as server:
            yield Shop(server, stripe, home / "mail", plan)


def test_the_coupon_of_a_user_is_not_applied_for_the_next_one(
    shop: Shop, new_page: NewPage
) -> None:
    """R-PAY-05, R-TEN-01: it may be personal, and nobody else would know whose it is."""
    page = new_page(shop.server.url, also=(shop.stripe.url,))
    shop.checkout(page, "ada@example.org")
    page.get_by_label("Coupon code").fill(CODE)
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("#coupon-words")).to_contain_text(f"With {CODE}")
    page.goto("/account.html")
    page.get_by_role("button", name="Sign out on this device").click()
    expect(page.locator("h1")).to_have_text("Sign in")

    shop.checkout(page, "bob@example.org")
    expect(page.locator("#terms")).to_contain_text("You pay €19.99 today.")
    expect(page.get_by_label("Coupon code")).to_be_visible()


def test_a_payment_goes_on_after_its_user_was_signed_out_on_another_device(
    shop: Shop, new_page: NewPage
) -> None:
    """R-PAY-05, R-UIX-08: the page stays with the card, and shows the outcome after signing in."""
    page = new_page(shop.server.url, also=(shop.stripe.url,))
    shop.checkout(page, "eve@example.org")
    page.get_by_role("button", name="Continue to payment").click()
    card = page.frame_locator("iframe[title=Card]")
    card.get_by_label("Card number").wait_for()
    user = UserId(page.evaluate("localStorage.getItem('kinelog.user')"))
    shop.server.platform.accounts().sign_in_service.sign_out_everywhere(DEFAULT_TENANT, user)
    expect(page.locator("#banner")).to_contain_text("Sign in again in another tab")
    page.get_by_role("button", name="Pay €19.99").click()
    sign_in_by_the_banner(page, "eve@example.org")
    expect(page.locator("#outcome-title")).to_have_text("You are in")
    expect(page.locator("#banner")).to_be_empty()
