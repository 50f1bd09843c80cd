"""The plan page: a free trial is offered, begins, and is given once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx2
import pytest
from playwright.sync_api import Page, expect

from application.kernel.command_handler import Request
from application.payments.policy import first_payment_of
from domain.ids import DEFAULT_TENANT, PaymentId, PlanId, SubscriptionId, UserId
from domain.kernel import Origin
from domain.money import Money, Price
from domain.subscriptions import commands
from domain.subscriptions.subscription import SUBSCRIPTION
from tests.web.conftest import NewPage
from tests.web.inspection import PHONE, problems
from tests.web.plans import call, date_of, stock
from tests.web.server import PlatformServer, opened
from tools.payments.stripe_simulator import StripeSimulator
from tools.payments.stripe_site import StripeSite


@dataclass(frozen=True)
class Shop:
    """A server with a plan that offers a trial, and one that does not."""

    server: PlatformServer
    trial: str
    free: str

    def owe(self, key: str, *, ended: bool) -> None:
        """Let the user have another subscription whose renewal is not paid, or that ended so."""
        subscription, platform = SubscriptionId(key), self.server.platform
        bought = platform.clock() - timedelta(days=40)
        create = commands.CreateSubscription(
            user_id=UserId("athlete"),
            plan_id=PlanId("other"),
            plan_number=1,
            price=Price("EU", Money(1999, "EUR")),
            billing_months=1,
            at=bought,
        )
        renew = commands.Renew(
            subscription_id=subscription, gateways=("stripe",), at=bought + timedelta(days=35)
        )
        end = commands.CancelSubscription(at_once=True, at=platform.clock())
        history = (
            create,
            commands.NotePaid(payment_id=first_payment_of(subscription), at=bought),
            renew,
            commands.NoteUnpaid(payment_id=PaymentId(f"{key}.2"), at=platform.clock()),
            *((end,) if ended else ()),
        )
        origin = Origin(tenant_id=DEFAULT_TENANT, actor="test", correlation_id=platform.new_id())
        platform.commands.execute(
            Request(SUBSCRIPTION, subscription, history),
            origin=origin,
            command_id=platform.new_id(),
        )

    def open(self, new_page: NewPage) -> Page:
        page = new_page(self.server.url, **PHONE)
        page.goto(f"/plan.html?plan={self.trial}")
        return page


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with (
        StripeSimulator("sk_test_simulator") as simulator,
        StripeSite(simulator) as stripe,
        opened(tmp_path, tmp_path / "none.mp4", stripe=stripe) as server,
    ):
        free, paid = stock(server)
        call(server, "POST", f"/v1/plans/{paid}/trial", days=14)
        yield Shop(server, paid, free)


def test_a_trial_begins_from_the_plan_page_without_a_payment(shop: Shop, new_page: NewPage) -> None:
    """R-CAT-03: and leads to the page where a payment method can be added."""
    page = shop.open(new_page)
    trial = page.get_by_role("button", name="Try it free for 14 days")
    expect(page.locator("#trial-terms")).to_contain_text("it costs €19.99 a month after the trial")
    assert problems(page) == {}
    trial.dblclick()
    expect(page.locator("#status")).to_contain_text("Your free trial began.")
    expect(page.locator("#standing")).to_contain_text("Workout 1 of 24")
    expect(page.get_by_role("link", name="Start workout")).to_be_focused()
    expect(trial).to_be_hidden()
    (found,) = httpx2.get(f"{shop.server.url}/v1/subscriptions", timeout=60).json()["items"]
    assert (found["status"], found["isTrial"]) == ("active", True)
    assert httpx2.get(f"{shop.server.url}/v1/payments", timeout=60).json()["items"] == []
    assert problems(page) == {}
    page.get_by_role("link", name="Your subscriptions and payments").click()
    expect(page.locator(".billing-card")).to_contain_text("Free trial")


def test_a_coupon_reduces_the_first_payment_after_a_trial(shop: Shop, new_page: NewPage) -> None:
    """R-PAY-14: the page says so before the trial, and why a coupon is refused."""
    coupon = {"code": "SUMMER-25", "basisPoints": 2500, "maxUses": 1}
    call(shop.server, "POST", "/v1/coupons", **coupon)
    page = shop.open(new_page)
    page.get_by_text("I have a coupon").click()
    code, apply = page.get_by_label("Coupon code"), page.get_by_role("button", name="Apply")
    code.fill("WINTER")
    apply.click()
    expect(page.locator("#coupon")).to_contain_text("There is no coupon with this code.")
    code.fill("summer-25")
    apply.click()
    expect(page.locator("#coupon-words")).to_have_text(
        "With SUMMER-25, the first payment after the trial is €14.99 instead of €19.99. "
        "After that, €19.99 a month."
    )
    assert problems(page) == {}
    page.reload()
    expect(page.get_by_role("button", name="Remove coupon")).to_be_visible()
    page.get_by_role("button", name="Try it free").click()
    expect(page.locator("#standing")).to_contain_text("Workout 1 of 24")
    (found,) = httpx2.get(f"{shop.server.url}/v1/subscriptions", timeout=60).json()["items"]
    assert (found["isTrial"], found["nextAmount"]) == (True, "14.99")


def test_a_trial_that_was_used_is_offered_no_more(shop: Shop, new_page: NewPage) -> None:
    """R-UIX-06: a page that was opened before says so."""
    page, other = shop.open(new_page), shop.open(new_page)
    page.get_by_role("button", name="Try it free").click()
    expect(page.locator("#standing")).to_contain_text("Workout 1 of 24")
    (found,) = httpx2.get(f"{shop.server.url}/v1/subscriptions", timeout=60).json()["items"]
    path = f"/v1/subscriptions/{found['subscriptionId']}/cancel"
    call(shop.server, "POST", path, atOnce=True)
    other.get_by_role("button", name="Try it free").click()
    expect(other.locator("#banner")).to_contain_text("You have tried this plan before.")
    expect(other.get_by_role("button", name="Subscribe for €19.99 a month")).to_be_enabled()
    page.reload()
    expect(page.get_by_role("button", name="Subscribe for €19.99 a month")).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(page.locator("#trial")).to_be_hidden()


@pytest.mark.parametrize(
    ("language", "name", "unpaid"),
    [
        ("en", "Try it free", "a subscription of yours is not paid"),
        ("es", "Pruébalo gratis", "una de tus suscripciones está sin pagar"),
        ("ru", "Попробовать", "одна из твоих подписок не оплачена"),
    ],
)
def test_a_trial_is_not_offered_while_a_subscription_is_unpaid(
    shop: Shop, new_page: NewPage, language: str, name: str, unpaid: str
) -> None:
    """R-PAY-11, R-UIX-06: the page says why, also one that was opened before."""
    page = new_page(shop.server.url, **PHONE, locale=language)
    page.goto(f"/plan.html?plan={shop.trial}")
    trial, withheld = page.get_by_role("button", name=name), page.locator("#trial-withheld")
    expect(trial).to_be_visible()
    expect(withheld).to_be_hidden()
    shop.owe("owing", ended=False)
    trial.click()
    expect(page.locator("#banner")).to_contain_text(
        {
            "en": "A subscription of yours is unpaid",
            "es": "Ahora no puedes usar la prueba gratuita.",
            "ru": "Пробный период сейчас недоступен.",
        }[language]
    )
    expect(withheld).to_contain_text(unpaid)
    expect(trial).to_be_hidden()
    expect(page.locator("#start")).to_be_focused()
    page.reload()
    expect(withheld).to_contain_text(unpaid)
    expect(trial).to_be_hidden()
    assert problems(page) == {}
    page.goto(f"/plan.html?plan={shop.free}")
    expect(page.locator("#start")).to_be_visible()
    expect(withheld).to_be_hidden()


def test_a_trial_is_offered_again_a_year_after_an_unpaid_end(shop: Shop, new_page: NewPage) -> None:
    """R-PAY-11: the page names the day."""
    shop.owe("owing", ended=True)
    page = shop.open(new_page)
    day = (datetime.now(UTC) + timedelta(days=365)).astimezone(ZoneInfo("Europe/Berlin"))
    expect(page.locator("#trial-withheld")).to_contain_text(
        f"you can have it only from {date_of(day.isoformat())} {day.year}, because"
    )
    expect(page.get_by_role("button", name="Try it free")).to_be_hidden()
    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=366))
    page.reload()
    expect(page.get_by_role("button", name="Try it free")).to_be_visible()
    expect(page.locator("#trial-withheld")).to_be_hidden()


def test_a_price_that_changed_is_shown_before_the_trial_begins(
    shop: Shop, new_page: NewPage
) -> None:
    """R-PAY-01: the price shown is what the trial costs afterwards."""
    page = shop.open(new_page)
    trial = page.get_by_role("button", name="Try it free")
    expect(trial).to_be_visible()
    draft = call(shop.server, "GET", f"/v1/plans/{shop.trial}")["draft"]
    price = {"region": "EU", "amountMinor": 2499, "currency": "EUR"}
    call(shop.server, "PUT", f"/v1/plans/{shop.trial}", **draft | {"prices": [price]})
    call(shop.server, "POST", f"/v1/plans/{shop.trial}/publish")
    trial.click()
    expect(page.locator("#changed")).to_contain_text("The price has just changed.")
    expect(page.locator("#trial-terms")).to_contain_text("it costs €24.99 a month after the trial")
    expect(page.get_by_role("button", name="Subscribe for €24.99 a month")).to_be_visible()
    assert problems(page) == {}
    page.get_by_label("Prices for").select_option("United States")
    expect(trial).to_be_hidden()
    page.get_by_label("Prices for").select_option("European Union")
    trial.click()
    expect(page.locator("#standing")).to_contain_text("Workout 1 of 24")


def test_a_trial_is_offered_only_where_the_plan_is_sold(shop: Shop, new_page: NewPage) -> None:
    page = shop.open(new_page)
    trial = page.get_by_role("button", name="Try it free")
    expect(trial).to_be_visible()
    page.get_by_label("Prices for").select_option("Russia")
    expect(trial).to_be_hidden()
    page.get_by_label("Prices for").select_option("United States")
    expect(page.locator("#trial-terms")).to_contain_text("$21.00 a month")
    page.goto(f"/plan.html?plan={shop.free}")
    expect(page.get_by_role("button", name="Start this plan")).to_be_visible()
    expect(trial).to_be_hidden()
