"""What tests press and read on the coach page."""

from playwright.sync_api import Page, expect

from domain.ids import DEFAULT_TENANT, SessionId
from tests.api.exercise_examples import PATH, example
from tests.web.server import PlatformServer

FIVE = ("permission", "light", "body", "view", "people")


def button(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def all_green(page: Page) -> None:
    expect(page.locator("[data-light][data-state=green]")).to_have_count(len(FIVE))


def counted(server: PlatformServer, page: Page) -> list[object]:
    """Return the events of the session whose summary is open."""
    session = page.locator("session-summary").get_attribute("data-session")
    assert session is not None
    return list(server.platform.history.events(DEFAULT_TENANT, SessionId(session)))


def recorded(page: Page, name: str) -> str:
    """Record a custom exercise, and return its ID."""
    written = page.request.post(
        PATH, data=example(name=name), headers={"Idempotency-Key": f"key-of-{name}"}
    )
    return str(written.json()["exerciseId"])
