"""A guided workout with mistakes: two devices at once, and invalid numbers."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.web.account import POUNDS
from tests.web.axe import violations
from tests.web.conftest import NewPage
from tests.web.people import sign_up
from tests.web.player import AWAY, PHONE, SHORTEN, STANDS, begun, fits, prescribed, press, started
from tests.web.server import PlatformServer, opened
from tests.web.waiting import until

pytestmark = pytest.mark.slow

SQUAT: Final = {"exerciseId": "squat", "sets": 2, "targetRepetitions": 8, "restS": 600}

BACK: Final = """document.dispatchEvent(new Event("visibilitychange"))"""
"""The user returns to a hidden page."""

IS_OVER: Final = "document.querySelector('#main-action').textContent === 'Start set'"
"""The rest has ended, and the hidden page has not counted down to the set."""

ANDROID: Final = """Notification = class { static permission = "granted";
  static requestPermission() {}
  constructor() { throw new TypeError("Illegal constructor."); } };
ServiceWorkerContainer.prototype.getRegistration = async () => ({ active: {},
  showNotification: async (title, { data }) => void notes.push(title, data) });"""
"""A browser with a service worker, in which only that can make notifications."""

KILOGRAMS: Final = re.compile(r"\bkg\b|kilogram", re.IGNORECASE)

FORTY_FIVE_POUNDS: Final = {**SQUAT, "sets": 1, "loadKg": 20.412}


WRITE: Final = """async (line) => {
  const { athlete } = await import("/static/src/api/client.js");
  const { prescribe } = await import("/static/src/workouts/workout-api.js");
  const plan = { name: "Legs", exercises: [{ ...line, targetHoldS: null }] };
  return (await prescribe(plan, await athlete(), crypto.randomUUID())).workoutId;
}"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PlatformServer]:
    with opened(tmp_path, tmp_path / "no-video") as found:
        yield found


def guided(page: Page, *lines: dict[str, object]) -> None:
    page.goto(prescribed(page, *lines))
    started(page, "Manually")


def test_a_workout_on_two_devices_continues_on_both(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-WKT-03: a device with outdated progress starts no set, and changes none."""
    phone = new_page(server.url, **PHONE)
    guided(phone, SQUAT)
    laptop = new_page(server.url)
    laptop.clock.install()
    laptop.goto(phone.url)
    expect(laptop.locator("#place")).to_have_text("Squat · Set 1 of 2")

    press(phone, "Start set")
    begun(phone)
    phone.get_by_role("button", name="+1 repetition").click()
    press(phone, "Finished")
    expect(phone.locator("#latest input")).to_have_value("1")

    laptop.locator("#change-by").evaluate("(button) => button.click()")
    press(laptop, "Start set")
    expect(laptop.locator("#banner")).to_contain_text(
        "The workout was continued on another device."
    )
    assert violations(laptop) == []
    expect(laptop.locator("#place")).to_have_text("Next: Squat · Set 2 of 2")
    expect(laptop.locator("#latest input")).to_have_value("1")
    until(laptop, "/^[89]:/.test(document.querySelector('.rest-time').textContent)")
    press(laptop, "Start next set")
    begun(laptop)
    laptop.get_by_role("button", name="+1 repetition").click()
    expect(laptop.locator(".count-number")).to_have_text("1")
    until(laptop, STANDS, 1)

    phone.evaluate(BACK)
    expect(phone.locator("#banner")).to_contain_text("The workout was continued on another device.")
    expect(phone.locator("#main-action")).to_have_text("Resume set")
    fits(phone)
    press(laptop, "Finished")
    press(laptop, "Finish workout")
    expect(laptop.locator("workout-results")).to_contain_text("2. Squat")
    phone.evaluate(BACK)
    expect(phone.locator("workout-results")).to_contain_text("2. Squat")


@pytest.mark.parametrize("wrong", ["", "-1", "1.5", "10001"])
def test_an_invalid_amount_is_rejected_with_a_message(
    server: PlatformServer, new_page: NewPage, wrong: str
) -> None:
    """R-WKT-03: nothing is rounded or read as 0, and the typed text stays."""
    page = new_page(server.url, **PHONE)
    guided(page, SQUAT)
    press(page, "Start set")
    begun(page)
    press(page, "Finished")
    page.locator("#log input").fill(wrong)
    page.locator("#main-action").click()
    expect(page.locator("#log .wrong")).to_have_text("Enter a whole number from 0 to 10,000.")
    expect(page.locator("#log input")).to_be_focused()
    expect(page.locator("#log input")).to_have_value(wrong)
    fits(page)
    page.locator("#log input").fill("1500")
    press(page, "Save")
    until(page, STANDS, 1500)
    page.locator("#latest input").fill(wrong)
    page.locator("#latest input").blur()
    expect(page.locator("#latest .wrong")).to_be_visible()
    page.locator("#latest input").fill("1499")
    page.locator("#latest input").blur()
    until(page, STANDS, 1499)


def test_an_invalid_weight_is_reported_before_the_set(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-WKT-03"""
    page = new_page(server.url, **PHONE)
    guided(page, SQUAT)
    page.get_by_label("Weight (kg)").fill("1001")
    page.locator("#main-action").click()
    wrong = page.locator("exercise-brief .wrong")
    expect(wrong).to_have_text(
        "Enter a weight from 0 to 1,000 kg, with at most 2 decimals, or leave it empty."
    )
    expect(page.get_by_label("Weight (kg)")).to_be_focused()
    fits(page)
    page.get_by_label("Weight (kg)").fill("")
    press(page, "Start set")
    begun(page)


def test_notifications_need_consent(server: PlatformServer, new_page: NewPage) -> None:
    """R-WKT-12: even if the browser already allows them for an earlier workout."""
    page = new_page(server.url, **PHONE)
    page.add_init_script(AWAY)
    guided(page, SQUAT)
    press(page, "Start set")
    begun(page)
    page.get_by_role("button", name="+1 repetition").click()
    press(page, "Finished")
    page.evaluate("globalThis.away = true")
    until(page, f"{IS_OVER} || {SHORTEN}")
    assert page.evaluate("notes") == []


def test_the_end_of_a_rest_is_notified_by_the_service_worker(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-WKT-12: as on Android, where pages cannot make notifications themselves."""
    page = new_page(server.url, **PHONE)
    page.add_init_script(AWAY)
    page.add_init_script(ANDROID)
    page.goto(prescribed(page, SQUAT))
    page.get_by_text("Voice and notifications").click()
    page.get_by_label("Notify me").check()
    started(page, "Manually")
    press(page, "Start set")
    begun(page)
    page.get_by_role("button", name="+1 repetition").click()
    press(page, "Finished")
    page.evaluate("globalThis.away = true")
    until(page, f"notes.length > 0 || {SHORTEN}")
    assert page.evaluate("notes") == ["The rest is over.", "/workout_player.html"]


def lift(page: Page, pounds: str) -> None:
    """Do the only set of the workout with one repetition, and finish."""
    page.get_by_label("Weight (lb)").fill(pounds)
    press(page, "Start set")
    begun(page)
    page.get_by_role("button", name="+1 repetition").click()
    press(page, "Finished")
    press(page, "Finish workout")


def test_loads_are_shown_in_pounds(tmp_path: Path, new_page: NewPage) -> None:
    """R-WKT-03, R-WKT-05: including last time, record and summary."""
    with opened(tmp_path, tmp_path / "no-video", sign_in="required") as club:
        page = new_page(club.url, **PHONE)
        page.clock.install()
        sign_up(page, tmp_path / "mail", "ada@example.org")
        page.evaluate(POUNDS)
        address = f"/workout_player.html?workout={page.evaluate(WRITE, FORTY_FIVE_POUNDS)}"
        page.goto(address)
        expect(page.locator("#lines")).to_contain_text("· 45 lb")
        expect(page.locator("main")).not_to_contain_text(KILOGRAMS)
        started(page, "Manually")
        lift(page, "45")
        results = page.locator("workout-results")
        expect(results).to_contain_text("45 lb, counted manually")
        expect(results).to_contain_text("body mass (lb) ÷ 440.9", use_inner_text=False)
        expect(results).to_contain_text("based on 154.3 lb, because your account has no body mass")
        expect(page.locator("main")).not_to_contain_text(KILOGRAMS)
        expect(results.get_by_role("heading", name="New records")).to_have_count(0)
        page.goto(address)
        started(page, "Manually")
        expect(page.get_by_label("Weight (lb)")).to_have_value("45")
        expect(page.locator("exercise-brief")).to_contain_text("Your heaviest45 lb")
        lift(page, "50")
        expect(results).to_contain_text("New recordsSquat: 50 lb")
        page.close()  # it still asks for achievements when the server ends
