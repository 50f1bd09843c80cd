"""Billing: a change of plan says what it costs before it is made, and can be taken back."""

from datetime import datetime, timedelta

from playwright.sync_api import expect

from domain.money import Money
from tests.web.conftest import NewPage
from tests.web.inspection import problems
from tests.web.plans import PRICES, call, date_of, offer
from tests.web.till import Till, till

__all__ = ["till"]


def test_a_change_of_plan_shows_its_terms_first(till: Till, new_page: NewPage) -> None:
    """R-PAY-14: a cheaper plan later, and a dearer one now for the difference.

    Prices name their period: the plans are paid by the month, by the year and by three months.
    """
    key = till.buy()
    end = datetime.fromisoformat(till.subscription(key)["renewsAt"])
    present = till.subscription(key)["planId"]
    workout = call(till.server, "GET", f"/v1/plans/{present}")["offered"]["workouts"][0]
    euros, dollars = PRICES
    cheap = offer(
        till.server,
        "Calm",
        [workout],
        prices=[{**euros, "amountMinor": 500}, dollars],
        billingMonths=12,
    )
    dear = offer(
        till.server,
        "Daily",
        [workout],
        prices=[{**euros, "amountMinor": 9900}],
        billingMonths=3,
    )
    page = till.billing(new_page)
    card = page.locator(".billing-card")
    page.get_by_role("button", name="Change plan").click()
    plans = page.get_by_label("New plan")
    expect(plans).to_be_focused()
    expect(plans).to_contain_text("Calm · €5.00 a year")
    expect(plans).to_contain_text("Daily · €99.00 every 3 months")
    plans.select_option(cheap)
    expect(card).to_contain_text(f"You keep your plan until {date_of(end.isoformat())}")
    expect(card).to_contain_text("Then the new plan follows, for €5.00 a year.")
    assert problems(page) == {}
    page.get_by_role("button", name="Confirm the change").click()
    expect(page.locator("#status")).to_have_text("The change of plan is accepted.")
    expect(card).to_contain_text(f"Changes to Calm on {date_of(end.isoformat())}")
    expect(card).to_contain_text("for €5.00 a year.")
    expect(page.get_by_role("button", name="Pause subscription")).to_have_count(0)
    page.get_by_role("button", name="Take back the change").click()
    expect(page.locator("#status")).to_have_text("The change of plan is taken back.")
    page.get_by_role("button", name="Change plan").click()
    plans.select_option(dear)
    left = (end - datetime.now(end.tzinfo)) // timedelta(days=1)  # the first day has begun
    credit = Money(1999, "EUR").share(left, left + 1)
    amount = Money(9900, "EUR").minus(credit).decimal()
    expect(card).to_contain_text("€99.00 every 3 months")
    expect(card).to_contain_text(f"-€{credit.decimal()}")
    expect(card).to_contain_text(f"The new plan starts as soon as €{amount} is paid")
    assert problems(page) == {}
    page.get_by_role("button", name="Confirm the change").click()
    expect(card.get_by_role("heading", name="Daily")).to_be_visible()
    assert till.subscription(key)["planId"] == dear
