"""The page of somebody with a program."""

from typing import Any, Final
from urllib.parse import urlsplit

import httpx2
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import NewPage
from tests.web.server import PlatformServer

PATH: Final = "/programs.html"


def line(exercise: str) -> dict[str, Any]:
    return {"exerciseId": exercise, "sets": 2, "repetitions": 8, "loadKg": 20, "restS": 60}


WEEKS: Final = [
    {"days": [{"exercises": [line("squat"), line("lunge")]}, {"exercises": [line("push_up")]}]}
]


@pytest.fixture
def page(empty_server: PlatformServer, new_page: NewPage) -> Page:
    """The page of somebody with a program of two days."""
    rule = {"kind": "none", "stepKg": 5, "minForm": 0.8}
    program = {"name": "Legs first", "goal": "strength", "weeks": WEEKS, "rule": rule}
    sent = httpx2.post(f"{empty_server.url}/v1/programs", json=program, timeout=60)
    assert sent.status_code == 201, sent.text
    opened = new_page(empty_server.url)
    opened.goto(PATH)
    opened.get_by_role("link", name="Legs first").click()
    expect(opened.locator("#program-title")).to_have_text("Legs first")
    return opened


def lines(page: Page, day: int) -> Locator:
    return page.locator(f"[data-day='{day}'] .program-line b")


def stored(page: Page) -> Any:
    address = urlsplit(page.url)
    (program,) = httpx2.get(f"http://{address.netloc}/v1/programs", timeout=60).json()["items"]
    return program


def performed(server: PlatformServer, program: dict[str, Any]) -> str:
    """Create a program, and perform its first day with one set; return its id."""
    with httpx2.Client(base_url=server.url, timeout=60) as client:
        key = client.post("/v1/programs", json=program).json()["programId"]
        session = client.post(f"/v1/programs/{key}/start", json={}).json()["id"]
        for step, body in (
            ("next", {"set": 1, "loadKg": 20, "atMs": 1000}),
            ("repetitions", {"set": 1, "repetitions": 8, "atMs": 9000}),
            ("finish", {"set": 1, "endMs": 9500}),
            ("complete", {}),
        ):
            answer = client.post(f"/v1/workouts/{session}/{step}", json=body)
            assert answer.is_success, (step, answer.text)
    return str(key)
