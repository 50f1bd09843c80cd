"""Coupons of a trainer: listed, created and ended."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from domain.tenants.join_policy import OPEN
from tests.web.conftest import NewPage
from tests.web.inspection import PHONE, problems
from tests.web.leaving import reload_asks
from tests.web.people import sign_up
from tests.web.plans import PRICES, SQUATS, call, introduce, offer, prescribe
from tests.web.server import PlatformServer, opened

PATH: Final = "/coupons.html"
TRAINER: Final = "athlete"
"""The user of a server without accounts."""


@pytest.fixture
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlatformServer]:
    """A server on which the user offers two paid plans and a free one."""
    home = tmp_path_factory.mktemp("coupons")
    with opened(home, home / "none.mp4") as server:
        introduce(server, trainer=TRAINER)
        legs = prescribe(server, "Legs", SQUATS, author=TRAINER)
        for title in ("Legs first", "Strong legs"):
            offer(server, title, [legs], trainerId=TRAINER, prices=PRICES)
        offer(server, "Free", [legs], trainerId=TRAINER)
        yield server


@pytest.fixture
def page(shop: PlatformServer, new_page: NewPage) -> Page:
    opened = new_page(shop.url)
    opened.goto(PATH)
    expect(opened.locator("#content")).to_be_visible()
    return opened


def coupon(page: Page, code: str) -> Locator:
    return page.locator(".coupon", has_text=code)


def stored(shop: PlatformServer) -> list[Any]:
    return list(call(shop, "GET", "/v1/coupons")["items"])


def test_a_coupon_with_a_percentage_is_created_and_ended(page: Page, shop: PlatformServer) -> None:
    """R-PAY-14, R-UIX-08"""
    expect(page.locator("#coupons")).to_contain_text("You have no coupons yet")
    page.get_by_label("Code").fill("summer-25")
    page.get_by_label("Percent", exact=True).fill("12,5")
    page.get_by_label("Total uses").fill("100")
    page.get_by_label("Legs first").check()
    expect(page.get_by_label("Free")).to_have_count(0)
    page.get_by_role("button", name="Create the coupon").click()
    expect(page.locator("#status")).to_have_text("SUMMER-25 can be used now.")
    shown = coupon(page, "SUMMER-25")
    expect(shown).to_contain_text("12.5 % off · the first payment")
    expect(shown).to_contain_text("Legs first")
    expect(shown).to_contain_text("Active · Used 0 of 100 times")
    (found,) = stored(shop)
    assert (found["basisPoints"], found["maxUses"], found["duration"]) == (1250, 100, "once")
    page.get_by_role("button", name="End SUMMER-25").click()
    expect(page.get_by_role("button", name="Keep it")).to_be_focused()
    page.get_by_role("button", name="End it").click()
    expect(page.locator("#status")).to_have_text("SUMMER-25 has ended.")
    expect(coupon(page, "SUMMER-25")).to_contain_text("Ended")
    expect(page.get_by_role("button", name="End SUMMER-25")).to_have_count(0)
    assert stored(shop)[0]["ended"]


def test_a_new_coupon_asks_before_its_page_is_left(page: Page, shop: PlatformServer) -> None:
    """R-UIX-08: not once it is created; what is refused stays unsaved."""
    page.get_by_label("Code").fill("leave")
    page.get_by_role("button", name="Create the coupon").click()
    expect(page.locator("#value")).to_have_attribute("aria-invalid", "true")
    assert reload_asks(page)
    page.get_by_label("Code").fill("leave")
    page.get_by_label("Percent", exact=True).fill("10")
    page.get_by_label("Legs first").check()
    page.get_by_role("button", name="Create the coupon").click()
    expect(coupon(page, "LEAVE")).to_be_visible()
    assert not reload_asks(page)


def test_a_coupon_with_an_amount_reduces_the_first_payments_until_a_day(
    page: Page, shop: PlatformServer
) -> None:
    """R-PAY-14: the last day counts as a whole, where the trainer is."""
    page.get_by_label("Code").fill("FIVE-OFF")
    page.get_by_label("Discount").select_option("Fixed amount")
    page.get_by_label("Amount", exact=True).fill("5.00")
    page.get_by_label("Applies to").select_option("The first payments")
    page.get_by_label("Number of payments").fill("3")
    page.get_by_label("Last day").fill("2040-01-31")
    page.get_by_role("button", name="Create the coupon").click()
    shown = coupon(page, "FIVE-OFF")
    expect(shown).to_contain_text("€5.00 off · the first 3 payments")
    expect(shown).to_contain_text("All plans")
    expect(shown).to_contain_text("Active · Used 0 times · until 31 Jan 2040")
    (found,) = stored(shop)
    assert (found["amountMinor"], found["currency"]) == (500, "EUR")
    assert (found["durationInPeriods"], found["expiresAt"]) == (3, "2040-01-31T22:59:59Z")


@pytest.mark.parametrize(
    ("zone", "end"),
    [("Asia/Tokyo", "2040-01-31T14:59:59Z"), ("America/Los_Angeles", "2040-02-01T07:59:59Z")],
)
def test_the_last_day_ends_in_the_zone_in_which_it_is_shown(
    page: Page, shop: PlatformServer, zone: str, end: str
) -> None:
    """R-PAY-14: that of the profile, and not that of the device."""
    page.evaluate(
        "(zone) => localStorage.setItem('kinelog.display', zone)", f'{{"timeZone":"{zone}"}}'
    )
    page.get_by_label("Code").fill("ZONE")
    page.get_by_label("Percent", exact=True).fill("10")
    page.get_by_label("Last day").fill("2040-01-31")
    page.get_by_role("button", name="Create the coupon").click()
    expect(coupon(page, "ZONE")).to_contain_text("until 31 Jan 2040")
    assert stored(shop)[0]["expiresAt"] == end


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"Code": "no spaces"}, "Use 3 to 40 letters"),
        ({"Percent": "100"}, "above 0 and below 100"),
        ({"Percent": "ten"}, "above 0 and below 100"),
        ({"Percent": "0.001"}, "at most two decimals"),
        ({"Last day": "2026-01-31"}, "Enter a day from"),
        ({"Last day": "202040-01-31"}, "Enter a day from"),
    ],
)
def test_fields_that_are_wrong_are_marked(
    page: Page, shop: PlatformServer, fields: dict[str, str], words: str
) -> None:
    """R-UIX-08"""
    for label, text in ({"Code": "SPRING", "Percent": "10"} | fields).items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Create the coupon").click()
    expect(page.locator(".wrong").filter(has_text=words)).to_be_visible()
    assert stored(shop) == []


def test_a_field_that_is_hidden_again_keeps_no_coupon_from_being_created(
    page: Page, shop: PlatformServer
) -> None:
    """R-UIX-08"""
    page.get_by_label("Code", exact=True).fill("SPRING")
    page.get_by_label("Percent", exact=True).fill("10")
    page.locator("#duration").select_option("repeating")
    page.get_by_label("Number of payments").fill("0")
    page.locator("#duration").select_option("once")
    page.get_by_role("button", name="Create the coupon").click()
    expect(page.locator("#status")).to_have_text("SPRING can be used now.")
    assert len(stored(shop)) == 1


def test_a_code_that_exists_is_refused_at_its_field(page: Page, shop: PlatformServer) -> None:
    """R-PAY-13"""
    call(shop, "POST", "/v1/coupons", code="SPRING", basisPoints=1000)
    page.get_by_label("Code").fill("SPRING")
    page.get_by_label("Percent", exact=True).fill("10")
    page.get_by_role("button", name="Create the coupon").click()
    expect(page.get_by_label("Code")).to_be_focused()
    expect(page.locator("#code-wrong")).to_be_visible()
    assert len(stored(shop)) == 1


def test_a_coupon_for_a_plan_of_another_trainer_names_it(page: Page, shop: PlatformServer) -> None:
    """R-PAY-14: administrators see the coupons of all trainers; a withdrawn plan has no name."""
    introduce(shop, "Bo Rask", "bo")
    arms = prescribe(shop, "Arms", SQUATS, author="bo")
    of_bo = offer(shop, "Strong arms", [arms], trainerId="bo", prices=PRICES)
    gone = offer(shop, "Gone", [arms], trainerId="bo", prices=PRICES)
    call(shop, "POST", "/v1/coupons", code="FOR-BO", basisPoints=1000, plans=[of_bo, gone])
    call(shop, "POST", f"/v1/plans/{gone}/withdraw")
    page.reload()
    expect(coupon(page, "FOR-BO")).to_contain_text("Strong arms, another plan")


def test_a_long_list_is_shown_in_pages(page: Page, shop: PlatformServer) -> None:
    """R-UIX-08: with the states of the coupons."""
    for number in range(21):
        call(shop, "POST", "/v1/coupons", code=f"CODE-{number:02}", basisPoints=1000, maxUses=1)
    page.reload()
    expect(page.locator(".coupon")).to_have_count(20)
    page.get_by_role("button", name="Show more").click()
    expect(page.locator(".coupon")).to_have_count(21)
    expect(page.locator("#coupons > li").last).to_be_focused()


def test_ending_a_coupon_leaves_the_others_as_they_are(page: Page, shop: PlatformServer) -> None:
    """R-UIX-08: also those that were shown by "Show more", and a question about another one."""
    for number in range(21):
        call(shop, "POST", "/v1/coupons", code=f"CODE-{number:02}", basisPoints=1000)
    page.reload()
    page.get_by_role("button", name="Show more").click()
    expect(page.locator(".coupon")).to_have_count(21)
    page.get_by_role("button", name="End CODE-03").click()
    page.get_by_role("button", name="End CODE-05").click()
    coupon(page, "CODE-05").get_by_role("button", name="End it").click()
    expect(page.locator("#status")).to_have_text("CODE-05 has ended.")
    expect(coupon(page, "CODE-05")).to_contain_text("Ended")
    expect(coupon(page, "CODE-05").get_by_role("heading")).to_be_focused()
    expect(coupon(page, "CODE-03").get_by_role("button", name="Keep it")).to_be_visible()
    expect(page.locator(".coupon")).to_have_count(21)


def test_the_note_about_plans_describes_their_group(page: Page) -> None:
    """R-UIX-08: and so does the message that none was chosen, in the next paragraph."""
    plans = page.get_by_role("group", name="Plans")
    note = "Choose none to reduce the price of every plan of the organization."
    expect(plans).to_have_accessible_description(note)
    page.locator("#plans-wrong").evaluate("(place) => { place.textContent = 'Choose a plan.'; }")
    expect(plans).to_have_accessible_description(f"{note} ⚠ Choose a plan.")


def test_the_page_fits_a_phone(shop: PlatformServer, new_page: NewPage) -> None:
    """R-UIX-07"""
    call(shop, "POST", "/v1/coupons", code="A-CODE-OF-FORTY-LETTERS-AND-DIGITS-1234", basisPoints=5)
    page = new_page(shop.url, **PHONE)
    page.goto(PATH)
    expect(page.locator(".coupon")).to_have_count(1)
    assert problems(page) == {}


def test_only_trainers_and_administrators_have_coupons(tmp_path: Path, new_page: NewPage) -> None:
    """R-CAT-06"""
    with opened(tmp_path, tmp_path / "none.mp4", sign_in="required") as server:
        accounts = server.platform.accounts()
        origin = Origin(tenant_id=DEFAULT_TENANT, actor="test", correlation_id=uuid4())
        accounts.administration.create_tenant(
            "Club", UserId("owner"), join=OPEN, origin=origin, command_id=uuid4()
        )
        page = new_page(server.url)
        sign_up(page, tmp_path / "mail", "ada@example.org")
        page.goto(PATH)
        expect(page.locator("#banner")).to_contain_text("Only trainers and administrators")
        expect(page.locator("#content")).to_be_hidden()
