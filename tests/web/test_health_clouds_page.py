"""Health clouds and files on the health page: linked and unlinked, and imported."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from application.health.writes import HealthWrite, Left, WriteState
from application.platform import Platform
from domain.ids import DEFAULT_TENANT, SessionId
from tests.api.clouds import sync
from tests.web.conftest import NewPage
from tests.web.inspection import PHONE, problems
from tests.web.lost_answers import answer_lost
from tests.web.people import sign_up
from tests.web.server import PlatformServer, opened
from tests.web.unreadable_files import UNREADABLE
from tools.health.clouds import Clouds, simulated_clouds

PATH = "/health.html"


@dataclass(frozen=True)
class Club:
    """A server with clouds that requires sign-in, its folder of messages, and the clouds."""

    server: PlatformServer
    mail: Path
    clouds: Clouds


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory, video: Path) -> Iterator[Club]:
    home = tmp_path_factory.mktemp("clouds")
    with simulated_clouds() as clouds:
        more = clouds.settings(tmp_path_factory.mktemp("keys"))
        with opened(home, video, sign_in="required", more=more) as server:
            yield Club(server, home / "mail", clouds)


def agree(page: Page, name: str, choice: str) -> None:
    """Begin on the health page, and choose on the page of the cloud."""
    page.get_by_role("button", name=name).click()
    page.get_by_role("button", name=choice).click()


def add_workout(platform: Platform, address: str, state: WriteState, reason: str | None) -> None:
    """Note a completed workout at Strava."""
    user = platform.accounts().identities.find(DEFAULT_TENANT, "email", address)
    assert user is not None
    session = SessionId(str(platform.new_id()))
    left: tuple[Left, ...] = ("form", "set_times")
    platform.health_writes.put(
        HealthWrite(
            DEFAULT_TENANT,
            user,
            "strava",
            session,
            state,
            platform.clock(),
            reason=reason,
            left=left if state == "written" else (),
        )
    )


@pytest.mark.slow
def test_a_cloud_is_linked_with_consent_and_unlinked(club: Club, new_page: NewPage) -> None:
    """R-HLT-01, R-HLT-13, R-UIX-06, R-UIX-08: from the consent to the end, on a phone."""
    strava = club.clouds.strava
    strava.move(1, datetime.now(UTC) - timedelta(days=1), 1800, 5000)
    page = new_page(club.server.url, also=(strava.url,), **PHONE)
    sign_up(page, club.mail, "ada@example.org")
    page.goto(PATH)
    cloud = page.locator("#cloud-strava")
    expect(page.locator("#clouds li[id]")).to_have_count(6)
    expect(cloud).to_contain_text("Not linked.")
    page.get_by_role("button", name="Link Strava").click()
    consent = page.get_by_role("dialog")
    expect(consent).to_contain_text("My health data is fetched, stored")
    consent.get_by_role("button", name="I agree").click()
    page.get_by_role("button", name="Decline").click()
    expect(page.locator("#banner")).to_contain_text("You canceled at the service")
    expect(page).to_have_url(f"{club.server.url}{PATH}")
    agree(page, "Link Strava", "Agree")
    expect(page.locator("#notice")).to_contain_text("The service is linked.")
    expect(page).to_have_url(f"{club.server.url}{PATH}")
    expect(cloud).to_contain_text("The first records are being fetched.")
    assert sync(club.server.platform) == 1
    page.reload()
    expect(cloud).to_contain_text("Linked since")
    expect(cloud).to_contain_text("Last sync:")
    states: tuple[tuple[WriteState, str | None], ...] = (
        ("written", None),
        ("refused", "unreadable_there"),
    )
    for state, reason in states:
        add_workout(club.server.platform, "ada@example.org", state, reason)
    page.reload()
    cloud.get_by_text("Your workouts there (2)").click()
    expect(cloud).to_contain_text("It is there.")
    expect(cloud).to_contain_text("The service refused it. It is not sent again.")
    expect(cloud).to_contain_text("The service could not read it.")
    expect(cloud).to_contain_text("The service cannot hold: your form, the times of sets.")
    assert problems(page) == {}
    with answer_lost(page, "**/v1/health/integrations/strava"):
        page.get_by_role("button", name="Unlink Strava").click()
    page.get_by_role("button", name="Unlink Strava").click()
    expect(cloud).to_contain_text("Not linked.")
    expect(page.locator("#clouds-title")).to_be_focused()
    assert strava.consents == []


def test_a_file_is_imported_once_with_reasons_for_refusals(club: Club, new_page: NewPage) -> None:
    """R-HLT-03, R-UIX-06, R-UIX-08: with the missing consent, and an unknown format."""
    page = new_page(club.server.url, **PHONE)
    sign_up(page, club.mail, "bob@example.org")
    page.goto(PATH)
    form, now = page.locator("#import"), datetime.now(UTC)
    first, second = (f"{now - timedelta(hours=hours):%FT%TZ}" for hours in (2, 1))
    rows = f"metric,value,unit,start\nweight,70,kg,{first}\nweight,7000,kg,{second}\n"

    def choose(name: str, content: str) -> None:
        file = {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
        form.get_by_label("File", exact=True).set_input_files(file)  # type: ignore[arg-type]

    choose("notes.txt", rows)
    form.get_by_role("button", name="Connect with all metrics and import").click()
    expect(page.locator("#banner")).to_contain_text("Choose a CSV, GPX, TCX or FIT file")
    choose("scale.csv", rows)
    form.get_by_role("button", name="Connect with all metrics and import").click()
    page.get_by_role("dialog").get_by_role("button", name="I agree").click()
    expect(form).to_contain_text("New records: 1. Already known: 0. Not taken: 1.")
    expect(form).to_contain_text("Impossible value: 1")
    form.get_by_role("button", name="Import", exact=True).click()
    expect(form).to_contain_text("New records: 0. Already known: 1. Not taken: 1.")
    choose("run.gpx", "no file of an activity")
    form.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator("#banner")).to_contain_text("has another format than its name says")
    expect(page.locator("#sources-body")).to_contain_text("Apple Health")
    assert problems(page) == {}


def test_a_long_import_is_followed_after_a_reload(club: Club, new_page: NewPage) -> None:
    """R-HLT-03, R-UIX-06: with its progress; then its result."""
    now: dict[str, object] = {"total": None, "handled": 0, "state": "queued"}
    facts = {
        "id": "01a20b73-9f94-778e-862e-0cd99e7ed230", "source": "apple_health", "format": "csv",
        "createdAt": datetime.now(UTC).isoformat(), "accepted": 1999, "unchanged": 0,
        "rejected": 1, "rejections": [], "position": 0, "problemCode": None, "problem": None,
    }  # fmt: skip

    def state() -> dict[str, object]:
        return {**facts, **now}

    page = new_page(club.server.url, **PHONE)
    sign_up(page, club.mail, "eve@example.org")
    page.clock.install()
    page.route(
        "**/v1/me/health/imports?first=1",
        lambda route: route.fulfill(json={"items": [state()], "pageInfo": {}}),
    )
    page.route("**/v1/me/health/imports/*", lambda route: route.fulfill(json=state()))
    page.goto(PATH)
    form = page.locator("#import")
    expect(form).to_contain_text("The file is being read.")
    now.update(total=2000, handled=500, state="running")
    page.clock.run_for(1000)
    expect(form).to_contain_text("Stored: 500 of 2,000 records. You can leave this page.")
    expect(form.get_by_role("progressbar")).to_have_attribute("value", "0.25")
    assert problems(page) == {}
    now.update(handled=2000, state="done")
    page.clock.run_for(1000)
    expect(form).to_contain_text("New records: 1,999. Already known: 0. Not taken: 1.")
    expect(form.get_by_role("progressbar")).to_be_hidden()


def test_no_cloud_is_offered_where_none_is_set_up(
    bare_server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-07"""
    page = new_page(bare_server.url)
    page.goto(f"{PATH}?healthLink=health.link_refused&range=90")
    expect(page.locator("#clouds-body")).to_have_attribute("aria-busy", "false")
    expect(page.locator("#clouds")).to_be_hidden()
    expect(page.locator("#banner")).to_contain_text("The service was not linked.")
    expect(page).to_have_url(f"{bare_server.url}{PATH}?range=90")


def test_a_health_file_that_can_no_longer_be_read_has_to_be_chosen_again(
    club: Club, new_page: NewPage, tmp_path: Path
) -> None:
    """R-HLT-03, R-UIX-08: it changed while the user read the consent."""
    page = new_page(club.server.url)
    sign_up(page, club.mail, "cleo@example.org")
    page.goto(PATH)
    form, file = page.locator("#import"), tmp_path / "scale.csv"
    file.write_text("metric,value,unit,start\n")
    form.get_by_label("File", exact=True).set_input_files(file)
    form.get_by_role("button", name="Connect with all metrics and import").click()
    agree = page.get_by_role("dialog").get_by_role("button", name="I agree")
    expect(agree).to_be_visible()
    UNREADABLE["changed"](file)
    agree.click()
    expect(page.locator("#banner")).to_contain_text("The file can no longer be read.")
    assert page.locator("#import-file").evaluate("input => input.value") == ""
