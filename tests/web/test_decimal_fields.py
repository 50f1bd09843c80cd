"""Fields for decimal numbers take a decimal comma or point, whatever the browser's language."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import NewPage
from tests.web.people import sign_up
from tests.web.server import PlatformServer, opened

MASS = """async () => {
  const { request } = await import("/static/src/api/client.js");
  return (await request("/v1/me/training-settings")).bodyMassKg;
}"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PlatformServer]:
    with opened(tmp_path, tmp_path / "no-film") as found:
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
    with opened(tmp_path, tmp_path / "no-film", sign_in="required") as server:
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
