"""Exercise library: exercises are found by words, muscles and equipment, and trained from there."""

from typing import Final
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from domain.motion.exercises.library import all_exercises
from tests.web.conftest import NewPage
from tests.web.player import PHONE
from tests.web.server import PlatformServer
from tests.web.waiting import until

PICTURE: Final = """() =>
  document.querySelector(".exercise-card:has(#exercise-squat) canvas").toDataURL()"""


def shown(page: Page) -> list[str]:
    return page.locator(".exercise-card:visible h2").all_text_contents()


def test_exercises_are_found_seen_and_trained(
    bare_server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-08: filters are in the address; figures move when asked, also with reduced motion."""
    page = new_page(bare_server.url, **PHONE, reduced_motion="reduce")
    page.goto("/workout_player.html")
    page.get_by_role("link", name="Browse all exercises").click()
    cards = page.locator(".exercise-card")
    expect(cards).to_have_count(len(all_exercises()))
    page.get_by_role("searchbox").fill("Push up")
    assert shown(page) == ["Push-up"]
    page.get_by_role("searchbox").fill("yoga")
    expect(page.locator("#status")).to_have_text("No exercise matches")
    page.get_by_role("button", name="Clear filters").click()
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page.locator("#count")).to_have_text(f"{len(all_exercises())} exercises")

    page.get_by_label("Muscles").select_option(label="Glutes")
    page.get_by_label("Equipment").select_option(label="No equipment")
    assert parse_qs(urlsplit(page.url).query) == {"muscle": ["glutes"], "equipment": ["none"]}
    page.reload()
    expect(page.locator("#count")).to_have_text("2 exercises")
    assert shown(page) == ["Lunge", "Squat"]

    still = page.evaluate(PICTURE)
    page.get_by_role("button", name="Squat demonstration: play").click()
    until(page, f"(still) => ({PICTURE})() !== still", still)
    squat = cards.filter(has=page.locator("#exercise-squat"))
    squat.locator("summary").click()
    expect(squat).to_contain_text("Go deeper, thighs parallel to the floor")
    train = squat.get_by_role("link", name="Train")
    expect(train).to_have_attribute("href", "/pose_realtime.html?exercise=squat")
    cards.filter(has_text="Lunge").get_by_role("link", name="Add to a workout").click()
    expect(page.locator("#program-name")).to_be_focused()
    expect(page.locator(".program-line [name=exercise]")).to_have_value("lunge")
