"""The camera needs the consent of signed-in users, who can withdraw it during a session."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.axe import violations
from tests.web.coaching import SQUATS, coached, counts, does
from tests.web.conftest import NewPage
from tests.web.people import sign_up
from tests.web.server import PlatformServer, opened
from tests.web.waiting import until

TAKE_BACK = """async (purpose) => {
  const { send } = await import("/static/src/api/client.js");
  await send("PUT", "/v1/me/consents", { purpose, given: false });
}"""


COUNTED = """async () => {
  const { request } = await import("/static/src/api/client.js");
  const { items } = await request("/v1/sessions?first=1");
  return items.some((session) => session.repetitionCount > 0);
}"""
"""Is there a session with repetitions that the server has counted?"""


@pytest.fixture(scope="module")
def club_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("club")


@pytest.fixture(scope="module")
def club(club_home: Path) -> Iterator[PlatformServer]:
    with opened(club_home, club_home / "no-video", sign_in="required") as found:
        yield found


def button(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.slow
def test_the_camera_needs_consent_and_stops_when_it_is_withdrawn(
    club: PlatformServer, club_home: Path, new_page: NewPage
) -> None:
    """R-TEN-12, R-UIX-08"""

    def joined(url: str, **options: object) -> Page:
        page = new_page(url, **options)
        sign_up(page, club_home / "mail", "ada@example.org")
        return page

    page = coached(joined, club, permissions=["camera"])
    question = page.get_by_role("dialog", name="Before the camera is used")
    button(page, "Turn on the camera")
    expect(question).to_contain_text("My camera images are analyzed to detect body landmarks")
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(question).to_have_count(0)
    button(page, "Turn on the camera")
    button(page, "I agree")
    does(page, 1)
    button(page, "Start set")
    expect(page.locator(".count-number")).to_have_text("1")
    page.evaluate(TAKE_BACK, "camera_processing")
    expect(page.locator("#banner")).to_contain_text("consent camera_processing")
    expect(page.locator("#pause")).to_have_attribute("aria-pressed", "true")
    assert violations(page) == []
    button(page, "Review consent")
    button(page, "I agree")
    expect(page.locator("#banner")).to_be_empty()
    expect(page.locator("#pause")).to_have_attribute("aria-pressed", "false")


@pytest.mark.slow
def test_a_session_is_completed_after_consent_was_withdrawn(
    club: PlatformServer, club_home: Path, new_page: NewPage
) -> None:
    """R-TEN-12, R-LIV-10, R-UIX-09: it includes what was counted before."""

    def joined(url: str, **options: object) -> Page:
        page = new_page(url, **options)
        sign_up(page, club_home / "mail", "eve@example.org")
        return page

    page = coached(joined, club, permissions=["camera"])
    button(page, "Turn on the camera")
    button(page, "I agree")
    does(page, 1)
    button(page, "Start set")
    until(page, COUNTED)  # what arrives later is refused
    page.evaluate(TAKE_BACK, "camera_processing")
    expect(page.locator("#banner")).to_contain_text("consent camera_processing")
    button(page, "Stop set")
    button(page, "Finish session")
    expect(page.locator("session-summary")).to_contain_text("1 set")


@pytest.mark.slow
def test_withdrawing_consent_stops_pictures_and_the_set_continues(
    club: PlatformServer, club_home: Path, new_page: NewPage
) -> None:
    """R-TEN-12, R-LIV-10, C-02"""

    def joined(url: str, **options: object) -> Page:
        page = new_page(url, **options)
        sign_up(page, club_home / "mail", "bob@example.org")
        return page

    page = coached(joined, club, permissions=["camera"])
    page.get_by_role("radio", name="Landmarks and images").check()
    page.get_by_label("Keep my movement").uncheck()
    button(page, "Turn on the camera")
    expect(page.get_by_role("dialog").get_by_role("listitem")).to_have_count(2)
    button(page, "I agree")
    button(page, "Start set")
    expect(page.locator("#mode")).to_contain_text("pictures are sent")
    counts(page, 1)
    page.evaluate(TAKE_BACK, "images_leave_device")
    expect(page.locator("#mode")).not_to_contain_text("pictures")
    expect(page.locator(".count-number")).to_have_text(str(SQUATS.repetitions))
    expect(page.locator("#banner")).to_be_empty()
    button(page, "Stop set")
    button(page, "Finish session")
    expect(page.locator("session-summary")).to_contain_text(f"{SQUATS.repetitions} repetitions")


ORDER = """
globalThis.order = [];
const note = (object, name, what) => {
  const real = object[name];
  object[name] = async function (...given) {
    const result = await real.apply(this, given);
    if (!(this instanceof HTMLAudioElement)) globalThis.order.push(what);
    return result;
  };
};
globalThis.DeviceMotionEvent = { requestPermission: async () => "granted" };
note(DeviceMotionEvent, "requestPermission", "sensors");
note(navigator.mediaDevices, "getUserMedia", "camera");
note(HTMLMediaElement.prototype, "play", "preview");
const real = globalThis.fetch;
globalThis.fetch = async (path, options) => {
  const response = await real(path, options);
  if (String(path).includes("/v1/auth/refresh") && response.ok) {
    const { accessToken } = await response.clone().json();
    globalThis.order.push(`token of ${JSON.parse(atob(accessToken.split(".")[1])).tenant}`);
  }
  return response;
};
"""
"""Notes what the page has initialized, and the tenant of the access tokens that it gets."""


def test_a_recording_gets_its_token_after_the_sensors_and_before_the_preview(
    club: PlatformServer, club_home: Path, new_page: NewPage
) -> None:
    """R-IDN-11: the token is a new one, and contains its tenant."""

    def joined(url: str, **options: object) -> Page:
        page = new_page(url, **options)
        sign_up(page, club_home / "mail", "mae@example.org")
        return page

    page = coached(joined, club, script=ORDER, permissions=["camera"])
    button(page, "Turn on the camera")
    page.evaluate("() => { globalThis.order.length = 0; }")
    button(page, "I agree")
    until(page, "() => globalThis.order.includes('preview')")
    assert page.evaluate("globalThis.order") == ["camera", "sensors", "token of default", "preview"]
