"""The home page as a dashboard: what the training says, form by week, recovery, and questions."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.api.rivals import squat
from tests.web.conftest import NewPage
from tests.web.health_records import measured
from tests.web.inspection import PHONE, problems
from tests.web.logged_training import train
from tests.web.plans import SQUATS, call, introduce, offer, prescribe
from tests.web.server import PlatformServer, opened

PLANS: Final = 21
"""Plans under way: one more than a page of a list has by default."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, video: Path) -> Iterator[PlatformServer]:
    """A server with training, a filmed set, and six weeks of resting heart rates."""
    with opened(tmp_path_factory.mktemp("dashboard"), video) as found:
        for ago in (1, 3, 5, 9, 12):
            train(found, ago, ("squat", 8, 60.0), ("push_up", 12, None))
        now = datetime.now(UTC).replace(microsecond=0)
        records = [
            measured("resting_heart_rate", 60 if ago < 5 else 50, "bpm", now - timedelta(days=ago))
            for ago in range(40)
        ]
        source = f"{found.url}/v1/me/health/sources/apple_health"
        key = {"Idempotency-Key": uuid4().hex}
        body = {"metrics": ["resting_heart_rate"]}
        httpx2.put(source, json=body, headers=key, timeout=60).raise_for_status()
        headers = {"Idempotency-Key": uuid4().hex, "Content-Type": "application/json"}
        content = json.dumps({"timeZone": "UTC", "records": records})
        sent = httpx2.post(f"{source}/records", content=content, headers=headers, timeout=60)
        sent.raise_for_status()
        yield found


@pytest.mark.parametrize("size", [PHONE, {"width": 1280, "height": 900}], ids=["phone", "desktop"])
def test_the_home_page_says_what_the_training_says(
    server: PlatformServer, new_page: NewPage, size: dict[str, object]
) -> None:
    """R-REC-09, R-REC-11, R-HLT-06, R-UIX-08: each sentence leads to its sessions."""
    page = new_page(server.url, **size)
    page.goto("/")
    insights = page.locator("#insight-list li")
    expect(insights).to_have_count(3)
    expect(page.locator("#condition")).to_contain_text("Resting heart rate")
    expect(page.locator("#condition .signal.worse")).to_contain_text("more than usual")
    assert problems(page) == {}
    _question_is_answered(page)


def _question_is_answered(page: Page) -> None:
    page.get_by_label("Ask about your training").fill("How heavy do I squat?")
    page.get_by_role("button", name="Ask").click()
    answer = page.locator("#answer li").first
    expect(answer).to_contain_text("Squat: the heaviest load you moved is 60 kg.")
    answer.get_by_role("link", name="From one session").click()
    expect(page.locator("#session-view")).to_be_visible()


def test_the_home_page_has_all_plans_that_are_under_way(
    empty_server: PlatformServer, new_page: NewPage
) -> None:
    """R-REC-09, R-UIX-08: also one that was started before many others."""
    introduce(empty_server)
    workout = prescribe(empty_server, "Legs", SQUATS)
    started = {"userId": "athlete", "startOn": f"{datetime.now(UTC):%F}"}
    for number in range(PLANS):
        plan = offer(empty_server, f"Plan {number}", [workout])
        call(empty_server, "POST", "/v1/enrollments", planId=plan, **started)
    page = new_page(empty_server.url, **PHONE)
    page.goto("/")
    expect(page.locator(".own-plan")).to_have_count(PLANS)


def test_the_form_by_week_is_that_of_whole_weeks(
    empty_server: PlatformServer, new_page: NewPage
) -> None:
    """C-16, C-52, R-UIX-03: also if the user's weeks begin on Sunday, unlike those of the form."""
    for day, form in (
        (datetime(2026, 9, 1, tzinfo=UTC), 0.5),
        (datetime(2026, 9, 6, 9, tzinfo=UTC), 0.9),
    ):
        squat(empty_server.platform, "athlete", 4, at=day, form=form)
    page = new_page(empty_server.url)
    page.clock.set_fixed_time(datetime(2026, 10, 14, 12, tzinfo=UTC))
    page.goto("/")
    page.evaluate("localStorage.setItem('kinelog.display', '{\"firstDay\": \"sunday\"}')")
    page.reload()
    expect(page.locator("#form-trend svg")).to_contain_text("70 %")
