"""A guided workout without a connection: begun, done and finished, and sent later (R-LIV-10)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from domain.ids import DEFAULT_TENANT, SessionId
from tests.web.axe import violations
from tests.web.conftest import NewPage
from tests.web.inspection import problems
from tests.web.people import sign_up
from tests.web.player import PHONE, begun, fits, planned, press, started
from tests.web.server import PlatformServer, SignIn, opened
from tests.web.service_worker import installed
from tests.web.waiting import until

SQUAT: Final = {"exerciseId": "squat", "sets": 2, "targetRepetitions": 8, "restS": 600}
CURL: Final = {"exerciseId": "biceps_curl", "sets": 1, "targetRepetitions": 5, "restS": 60}

SESSION: Final = "new URLSearchParams(location.search).get('session')"

WAITING: Final = """async () => {
  const { LiveSession } = await import("/static/src/live/live-session.js");
  return (await LiveSession.unfinished()).length;
}"""
"""Number of sessions that the browser has not forgotten."""

REGISTER: Final = """async () => {
  globalThis.sendWaiting = (await import("/static/src/offline/register.js")).sendWaiting;
}"""

SEND: Final = "sendWaiting()"
"""What pages do when they are opened."""


@pytest.fixture(params=["open", "required"])
def sign_in(request: pytest.FixtureRequest) -> SignIn:
    sign_in: SignIn = request.param
    return sign_in


@pytest.fixture
def server(tmp_path: Path, sign_in: SignIn) -> Iterator[PlatformServer]:
    with opened(tmp_path, tmp_path / "no-video", sign_in=sign_in) as found:
        yield found


def facts(server: PlatformServer, session: str) -> list[str]:
    """Return the stored names of the facts of a session, in order."""
    events = server.platform.history.events(DEFAULT_TENANT, SessionId(session))
    return [type(each).__name__ for each in events]


def sets_of(server: PlatformServer, session: str) -> list[tuple[str, int, str]]:
    """Return exercise, repetitions and status of each set, as the server has them."""
    sets = server.platform.sessions.get(DEFAULT_TENANT, SessionId(session)).sets
    return [(each.exercise_id, each.repetitions, each.status) for each in sets]


@pytest.fixture
def phone(server: PlatformServer, new_page: NewPage, tmp_path: Path, sign_in: SignIn) -> Page:
    """A phone that has seen a plan, and has no connection any more."""
    page = new_page(server.url, **PHONE)
    page.clock.install()
    if sign_in == "required":
        sign_up(page, tmp_path / "mail", "ada@example.org")
    page.goto("/")
    plan = planned(page, SQUAT, CURL)
    page.goto("/workout_player.html")
    installed(page)
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.goto("/workout_player.html")
    page.locator(f"#workouts a[href='{plan}']").click()
    return page


def done_by_hand(page: Page, repetitions: int) -> None:
    """Count the repetitions of the set under way."""
    for _ in range(repetitions):
        page.get_by_role("button", name="+1 repetition").click()
    expect(page.locator(".count-number")).to_have_text(str(repetitions))


def train(page: Page, *, reload: bool) -> str:
    """Do the workout of three sets by hand; return the ID of its session."""
    started(page, "Manually")
    press(page, "Start set")
    begun(page)
    done_by_hand(page, 3)
    if reload:
        page.reload()
        press(page, "Resume set")
        begun(page)
        expect(page.locator(".count-number")).to_have_text("3")
    press(page, "Finished")
    felt = page.get_by_label("How hard was the set")
    felt.select_option("8.5")
    if reload:
        page.reload()
        expect(page.locator(".rest-time")).to_contain_text(":")
        expect(felt).to_have_value("8.5")
    press(page, "Start next set")
    begun(page)
    done_by_hand(page, 2)
    press(page, "Finished")
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Skip exercise").click()
    page.get_by_role("button", name="Press again").click()
    press(page, "Finish workout")
    return str(page.evaluate(SESSION))


@pytest.mark.slow
def test_a_workout_is_done_without_a_connection_and_sent_later(
    server: PlatformServer, phone: Page
) -> None:
    """R-LIV-10, R-WKT-02, R-WKT-03, R-UIX-05: with reloads, and each fact once."""
    page = phone
    session = train(page, reload=True)
    saved = page.locator("#unsent")
    expect(saved).to_contain_text("saved on this device")
    expect(saved).to_contain_text("changes wait to be sent")
    expect(saved).to_contain_text("Squat: 3 repetitions")
    fits(page)
    page.reload()
    expect(saved).to_contain_text("Squat: 2 repetitions")
    page.context.set_offline(False)
    expect(page.locator("workout-results")).to_contain_text("1. Squat")
    assert sets_of(server, session) == [("squat", 3, "completed"), ("squat", 2, "completed")]
    names = facts(server, session)
    assert names.count("SessionStarted") == names.count("SessionCompleted") == 1
    assert names.count("RepetitionCounted") == 5
    assert names.count("SetRated") == 1
    expect(page.locator("workout-results tbody tr").first).to_contain_text("RPE 8.5")
    expect(page.locator("workout-results tbody tr").nth(1)).not_to_contain_text("RPE")
    assert page.evaluate(WAITING) == 0
    page.goto(f"/#session={session}")
    rate_the_second_set(page)
    names = facts(server, session)
    assert names.count("SetRated") == 2


def rate_the_second_set(page: Page) -> None:
    """Rate a set on the page of its session, where the rating of the first is shown."""
    page.get_by_text("How hard was it? (RPE)").click()
    first, second = (page.get_by_role("group", name=f"Set {number}, Squat") for number in (1, 2))
    expect(first.get_by_role("combobox")).to_have_value("8.5")
    second.get_by_role("combobox").select_option("9")
    expect(page.locator("#status")).to_have_text("Your rating is saved.")
    assert problems(page) == {}
    page.reload()
    page.get_by_text("How hard was it? (RPE)").click()
    expect(second.get_by_role("combobox")).to_have_value("9")


@pytest.mark.slow
def test_the_next_page_sends_what_a_closed_one_left(server: PlatformServer, phone: Page) -> None:
    """R-LIV-10: the page says what waits, and sends it once there is a connection."""
    page = phone
    page.context.set_offline(False)
    other = page.context.new_page()
    other.goto("/")
    other.evaluate(REGISTER)
    page.context.set_offline(True)
    session = train(page, reload=False)
    expect(page.locator("#unsent")).to_be_visible()
    page.close()
    notice = other.locator("#unsent-notice")
    other.evaluate(SEND)
    expect(notice).to_contain_text("One session on this device waits to be sent.")
    assert violations(other) == []
    other.context.set_offline(False)
    other.evaluate(SEND)
    expect(notice).to_contain_text("has been sent")
    assert [done for *_, done in sets_of(server, session)] == ["completed", "completed"]
    assert other.evaluate(WAITING) == 0


@pytest.mark.slow
def test_the_service_worker_sends_what_a_closed_page_left(
    server: PlatformServer, phone: Page
) -> None:
    """R-LIV-10: Background Sync, where the browser has it; no page is needed."""
    page = phone
    developer = page.context.new_cdp_session(page)
    registrations: list[Any] = []
    developer.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: registrations.extend(event["registrations"]),
    )
    developer.send("ServiceWorker.enable")
    session = train(page, reload=False)
    expect(page.locator("#unsent")).to_be_visible()
    page.goto("/plans.html")
    page.context.set_offline(False)
    developer.send(
        "ServiceWorker.dispatchSyncEvent",
        {
            "origin": server.url,
            "registrationId": registrations[-1]["registrationId"],
            "tag": "kinelog-queue",
            "lastChance": False,
        },
    )
    until(page, f"async () => await ({WAITING})() === 0")
    assert sets_of(server, session)[0] == ("squat", 3, "completed")
    assert facts(server, session).count("SessionCompleted") == 1
