"""Fields for decimal numbers take a decimal comma or point, whatever the browser's language."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import NewPage
from tests.web.people import sign_up
from tests.web.player import PHONE, begun, executed, prescribed, press, started
from tests.web.server import PlatformServer, opened

LINE = {"exerciseId": "squat", "sets": 1, "targetRepetitions": 3, "restS": 60}

MASS = """async () => {
  const { request } = await import("/static/src/api/client.js");
  return (await request("/v1/me/training-settings")).bodyMassKg;
}"""

POUNDS_AND_WEIGHTS = """async () => {
  const { athlete, request, send } = await import("/static/src/api/client.js");
  const { prescribe } = await import("/static/src/workouts/workout-api.js");
  const { units, ...rest } = await request("/v1/me/profile");
  await send("PUT", "/v1/me/profile", { ...rest, units: "imperial" });
  await send("PUT", "/v1/me/training-settings", { bodyMassKg: 72.55, healthKit: false });
  const squat = { exerciseId: "squat", sets: 1, targetRepetitions: 3, targetHoldS: null };
  const plan = { name: "Legs", exercises: [{ ...squat, restS: 60, loadKg: 100 }] };
  await prescribe(plan, await athlete(), crypto.randomUUID());
}"""

LOADS = """async () => {
  const { request } = await import("/static/src/api/client.js");
  const { items } = await request("/v1/workout-plans");
  return items.flatMap(({ exercises }) => exercises.map(({ loadKg }) => loadKg));
}"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PlatformServer]:
    with opened(tmp_path, tmp_path / "no-video") as found:
        yield found


def typed_load(page: Page, text: str) -> None:
    page.goto("/workout_player.html")
    page.locator("#program-name").fill("Legs")
    page.locator("input[name=load]").first.click()
    page.keyboard.type(text)
    page.locator("program-builder button[type=submit]").click()


def loads(page: Page) -> list[float | None]:
    plans = page.request.get("/v1/workout-plans").json()["items"]
    return [line["loadKg"] for plan in plans for line in plan["exercises"]]


@pytest.mark.parametrize("locale", ["ru-RU", "es-ES"])
def test_a_load_can_be_typed_with_a_decimal_comma(
    server: PlatformServer, new_page: NewPage, locale: str
) -> None:
    """R-WKT-01: and is shown with one when the workout is changed."""
    page = new_page(server.url, locale=locale)
    typed_load(page, "12,5")
    expect(page.locator(".workout-card")).to_contain_text("12,5")
    assert loads(page) == [12.5]
    page.locator(".workout-actions button").first.click()
    expect(page.locator("input[name=load]").first).to_have_value("12,5")


@pytest.mark.parametrize("text", ["1,000", "12.5.1", "heavy", "1001"])
def test_a_load_that_is_no_clear_number_is_refused(
    server: PlatformServer, new_page: NewPage, text: str
) -> None:
    """R-WKT-01: the message names what is allowed."""
    page = new_page(server.url)
    typed_load(page, text)
    expect(page.locator("program-builder .wrong")).to_have_text(
        "Enter a weight from 0 to 1,000 kg, with at most 2 decimals, or leave it empty."
    )
    expect(page.locator("input[name=load]").first).to_be_focused()
    assert loads(page) == []


def test_a_body_weight_can_be_typed_with_a_decimal_comma(tmp_path: Path, new_page: NewPage) -> None:
    """R-IDN-17"""
    with opened(tmp_path, tmp_path / "no-video", sign_in="required") as server:
        page = new_page(server.url, locale="es-ES")
        sign_up(page, tmp_path / "mail", "ada@example.org")
        page.goto("/account.html")
        expect(page.locator("#training")).not_to_have_attribute("inert", "")
        page.locator("#mass").fill("7,25")
        page.locator("#training button[type=submit]").click()
        expect(page.locator("#mass-wrong")).to_have_text(
            "Escribe un número de 20 a 400, con 2 decimales como máximo."
        )
        page.locator("#mass").fill("72,5")
        expect(page.locator("#mass-wrong")).to_have_count(0)
        page.locator("#training button[type=submit]").click()
        expect(page.locator("#training-status")).not_to_be_empty()
        expect(page.locator("#mass")).to_have_value("72,5")
        assert page.evaluate(MASS) == 72.5


def test_a_quarter_of_a_kilogram_stays_when_only_the_name_of_a_workout_is_changed(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-WKT-01: and is shown."""
    page = new_page(server.url)
    typed_load(page, "41.25")
    card = page.locator(".workout-card")
    expect(card).to_contain_text("41.25 kg")
    card.get_by_role("button", name="Edit").click()
    expect(page.locator("input[name=load]").first).to_have_value("41.25")
    page.locator("#program-name").fill("Arms")
    page.locator("program-builder button[type=submit]").click()
    expect(card).to_contain_text("Arms")
    assert loads(page) == [41.25]


def test_a_prescribed_quarter_of_a_kilogram_is_lifted(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-WKT-03"""
    page = new_page(server.url, **PHONE)
    page.goto(prescribed(page, {**LINE, "loadKg": 41.25}))
    expect(page.locator("#lines")).to_contain_text("41.25 kg")
    started(page, "Manually")
    expect(page.get_by_label("Weight (kg)")).to_have_value("41.25")
    press(page, "Start set")
    begun(page)
    press(page, "Finished")
    press(page, "Save")
    press(page, "Finish workout")
    expect(page.locator("workout-results")).to_contain_text("41.25 kg")
    assert executed(server, page)["sets"][0]["loadKg"] == 41.25


def test_weights_in_pounds_stay_unless_they_are_changed(tmp_path: Path, new_page: NewPage) -> None:
    """R-WKT-01, R-IDN-17: although the fields show them rounded."""
    with opened(tmp_path, tmp_path / "no-video", sign_in="required") as server:
        page = new_page(server.url)
        sign_up(page, tmp_path / "mail", "ada@example.org")
        page.evaluate(POUNDS_AND_WEIGHTS)
        page.goto("/account.html")
        expect(page.locator("#mass")).to_have_value("159.9")
        page.get_by_label("Apple Health").check()
        page.locator("#training button[type=submit]").click()
        expect(page.locator("#training-status")).not_to_be_empty()
        assert page.evaluate(MASS) == 72.55
        page.goto("/workout_player.html")
        page.locator(".workout-card").get_by_role("button", name="Edit").click()
        expect(page.locator("input[name=load]").first).to_have_value("220.5")
        page.locator("#program-name").fill("Arms")
        page.locator("program-builder button[type=submit]").click()
        expect(page.locator(".workout-card")).to_contain_text("Arms")
        assert page.evaluate(LOADS) == [100]
        page.close()  # its requests would outlast the server
