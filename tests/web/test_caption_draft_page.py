"""Drafts of captions in the studio: requested, followed, edited and saved."""

import re
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from application.kernel.cloud_events import encoded
from bootstrap.wiring.content_workers import build_transcriptions
from domain.content.events import CaptionDraftRequested
from domain.content.item import CONTENT
from domain.ids import DEFAULT_TENANT, ContentId
from domain.kernel import Origin
from tests.golden.examples import CODEC
from tests.web.club import signed_out
from tests.web.conftest import NewPage
from tests.web.inspection import PHONE, problems
from tests.web.leaving import reload_asks
from tests.web.lessons import TRAINER, publish_lesson
from tests.web.lost_answers import answer_lost
from tests.web.server import PlatformServer, opened
from tests.web.waiting import hold_requests, until
from tools.speech.recognizer_simulator import RecognizerSimulator

COVERED = """() => [...document.querySelectorAll("#draft-cues textarea")].filter((each) => {
  each.scrollIntoView({ block: "center" });
  const { left, top, width, height } = each.getBoundingClientRect();
  return document.elementFromPoint(left + width / 2, top + height / 2) !== each;
}).map((each) => each.getAttribute("aria-label"))"""
"""Texts that something else covers, such as the video, which stays in view."""


@pytest.fixture(scope="module")
def service() -> Iterator[RecognizerSimulator]:
    with RecognizerSimulator() as simulator:
        yield simulator


@pytest.fixture(scope="module")
def studio(
    service: RecognizerSimulator, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PlatformServer]:
    folder = tmp_path_factory.mktemp("drafts")
    more = {
        "speech_recognition_url": service.url,
        "speech_recognition_key": service.key,
        "caption_drafts_per_hour": 100,
    }
    with opened(folder / "home", folder / "none.mp4", more=more) as server:
        yield server


@pytest.fixture
def key(studio: PlatformServer) -> str:
    """The id of a published video that plays."""
    return publish_lesson(studio.platform, "Squats", key=f"squats-{uuid4()}")


@pytest.fixture
def drafted(studio: PlatformServer, key: str) -> str:
    """The id of a published video with a draft in Spanish."""
    origin = Origin(tenant_id=DEFAULT_TENANT, actor=TRAINER, correlation_id=uuid4())
    studio.platform.caption_drafts.request(ContentId(key), "es", origin, uuid4())
    work(studio, key)
    return key


def work(server: PlatformServer, key: str) -> None:
    """Run the jobs of the drafts that were requested."""
    platform = server.platform
    for recorded in platform.log.load(DEFAULT_TENANT, f"{CONTENT.category}-{key}"):
        if isinstance(recorded.event, CaptionDraftRequested):
            platform.content_queue.submit(encoded(recorded, CODEC.encode))
    worker = build_transcriptions(platform)
    while worker.run_next(Event()):
        pass


def request_draft(page: Page, language: str) -> None:
    page.get_by_label("Language spoken in the video").select_option(language)
    page.get_by_role("button", name="Draft captions").click()
    expect(page.locator("#draft-state")).to_contain_text("the speech is being recognized")


def test_a_trainer_edits_a_draft_and_saves_it_as_captions(
    studio: PlatformServer, new_page: NewPage, key: str
) -> None:
    """R-UIX-07, R-UIX-08: the draft appears without a reload; what is empty is left out."""
    page = new_page(studio.url)
    page.goto(f"/studio.html?content={key}")
    request_draft(page, "Spanish")
    expect(page.locator("#draft-state progress")).to_be_visible()
    expect(page.get_by_role("button", name="Draft captions")).to_be_hidden()
    work(studio, key)
    texts = page.locator("#draft-cues textarea")
    expect(texts).to_have_count(3)
    expect(page.locator("#status")).to_have_text("The draft is ready.")
    expect(texts.nth(1)).to_have_value("Baja despacio, como si te sentaras.")
    expect(texts.nth(1)).to_have_attribute("lang", "es")
    page.get_by_role("button", name=re.compile("^Show 0:04.0 ")).click()
    until(page, "document.querySelector('#preview').currentTime === 4")
    page.get_by_label("Text from 0:04.0 to 0:07.5").fill("Baja <despacio> & sube\n\nsin prisa")
    texts.nth(2).fill("")
    page.get_by_role("button", name="Save as captions").click()
    expect(page.locator("#captions")).to_contain_text("Spanish")
    expect(page.locator("#captions-title")).to_be_focused()
    expect(page.locator("#draft-editor")).to_be_hidden()
    (link,) = [
        each["url"]
        for each in page.request.get(f"{studio.url}/v1/content/{key}/playback").json()["captions"]
        if each["language"] == "es"
    ]
    assert page.request.get(f"{studio.url}{link}").text().split("\n\n")[1:] == [
        "00:00:00.000 --> 00:00:03.500\nPonte de pie con los pies a\nla anchura de los hombros.",
        "00:00:04.000 --> 00:00:07.500\nBaja &lt;despacio&gt; &amp; sube\nsin prisa\n",
    ]


@pytest.mark.slow
def test_a_draft_is_edited_later(studio: PlatformServer, new_page: NewPage, drafted: str) -> None:
    """R-UIX-08: after a reload it waits behind a button; discarded changes do not come back."""
    page = new_page(studio.url)
    page.goto(f"/studio.html?content={drafted}")
    expect(page.locator("#draft-state")).to_contain_text("Spanish: the draft is ready")
    expect(page.locator("#draft-editor")).to_be_hidden()
    page.get_by_role("button", name="Edit the draft").click()
    first = page.locator("#draft-cues textarea").first
    expect(first).to_be_focused()
    first.fill("Otra cosa.")
    page.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Discard changes").click()
    expect(page.locator("#draft-title")).to_be_focused()
    page.get_by_role("button", name="Edit the draft").click()
    expect(first).to_have_value("Ponte de pie con los pies a\nla anchura de los hombros.")


def test_corrections_that_are_typed_while_a_draft_is_saved_stay(
    studio: PlatformServer, new_page: NewPage, drafted: str
) -> None:
    """R-UIX-08: the editor stays open with them, and the next save sends them, too."""
    page = new_page(studio.url)
    page.goto(f"/studio.html?content={drafted}")
    page.get_by_role("button", name="Edit the draft").click()
    texts = page.locator("#draft-cues textarea")
    held = hold_requests(page, "**/captions")
    with page.expect_request("**/captions"):
        page.get_by_role("button", name="Save as captions").click()
    texts.first.fill("Otra cosa.")
    held.pop().continue_()
    page.unroute("**/captions")
    expect(page.locator("#captions")).to_contain_text("Spanish")
    expect(texts.first).to_have_value("Otra cosa.")
    page.get_by_role("button", name="Save as captions").click()
    expect(page.locator("#draft-editor")).to_be_hidden()
    captions = page.request.get(f"{studio.url}/v1/content/{drafted}/playback").json()["captions"]
    (link,) = [each["url"] for each in captions if each["language"] == "es"]
    assert "Otra cosa." in page.request.get(f"{studio.url}{link}").text()


def test_another_draft_does_not_replace_corrections_without_a_question(
    studio: PlatformServer, new_page: NewPage, drafted: str
) -> None:
    """R-UIX-08: nor does closing the editor."""
    page = new_page(studio.url)
    page.goto(f"/studio.html?content={drafted}")
    request = page.get_by_role("button", name="Draft captions")
    expect(request).to_be_visible()
    page.get_by_role("button", name="Edit the draft").click()
    first = page.locator("#draft-cues textarea").first
    first.fill("Otra cosa.")
    expect(request).to_be_hidden()
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#banner")).to_contain_text("The form has changes that are not saved.")
    expect(first).to_have_value("Otra cosa.")
    page.get_by_role("button", name="Discard changes").click()
    expect(page.locator("#draft-editor")).to_be_hidden()
    expect(page.locator("#draft-title")).to_be_focused()
    expect(request).to_be_visible()


def test_escape_keeps_a_draft_that_was_to_be_discarded(
    studio: PlatformServer, new_page: NewPage, drafted: str
) -> None:
    """R-UIX-07: the focus returns to the button that asked. A double click discards it once."""
    page = new_page(studio.url)
    page.goto(f"/studio.html?content={drafted}")
    discard = page.get_by_role("button", name="Discard the draft")
    discard.press("Enter")
    keep = page.get_by_role("button", name="Keep the draft")
    expect(keep).to_be_focused()
    keep.press("Escape")
    expect(discard).to_be_focused()
    expect(keep).to_be_hidden()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    discard.press("Enter")
    page.get_by_role("button", name="Discard it").dblclick()
    expect(page.locator("#draft-title")).to_be_focused()
    assert sent.count("DELETE") == 1


def test_corrections_are_saved_after_the_trainer_has_signed_in_again(
    studio: PlatformServer, new_page: NewPage, drafted: str
) -> None:
    """R-UIX-08: the page stays, and says where to sign in."""
    page = new_page(studio.url)
    page.goto(f"/studio.html?content={drafted}")
    page.get_by_role("button", name="Edit the draft").click()
    first = page.locator("#draft-cues textarea").first
    first.fill("Otra cosa.")
    page.route("**/captions", signed_out, times=1)
    page.get_by_role("button", name="Save as captions").click()
    expect(page.locator("#banner")).to_contain_text("Sign in again in another tab")
    expect(first).to_have_value("Otra cosa.")
    page.get_by_role("button", name="Save as captions").click()
    expect(page.locator("#captions")).to_contain_text("Spanish")
    assert not reload_asks(page)


@pytest.mark.slow
def test_a_draft_that_fails_says_why(
    studio: PlatformServer, new_page: NewPage, service: RecognizerSimulator, key: str
) -> None:
    """R-UIX-08"""
    page = new_page(studio.url)
    page.goto(f"/studio.html?content={key}")
    request_draft(page, "English")
    service.broken = 1
    work(studio, key)
    expect(page.locator("#draft-state")).to_have_text(
        "The speech could not be recognized. Try again."
    )
    request_draft(page, "Russian")
    work(studio, key)
    expect(page.locator("#draft-cues textarea").first).to_have_value(
        "Поставьте ноги на ширине плеч."
    )


def test_an_outage_while_a_draft_is_followed_is_shown_once(
    studio: PlatformServer, new_page: NewPage, key: str
) -> None:
    """R-UIX-08: a new banner every two seconds took the focus, and was read aloud again."""
    page = new_page(studio.url)
    page.goto(f"/studio.html?content={key}")
    request_draft(page, "English")
    failed: list[str] = []
    page.on("requestfailed", lambda each: failed.append(each.url))
    page.route("**/captions/draft", lambda route: route.abort("internetdisconnected"))
    dismiss = page.locator("#banner").get_by_role("button", name="Dismiss")
    dismiss.focus()
    before = len(failed)
    while len(failed) < before + 2:
        page.wait_for_timeout(100)
    expect(dismiss).to_be_focused()
    page.unroute("**/captions/draft")
    expect(page.locator("#banner")).to_be_empty()


def test_a_draft_is_discarded_after_a_question(
    studio: PlatformServer, new_page: NewPage, key: str
) -> None:
    """R-UIX-07, R-UIX-08: one that is underway, and one being edited, also after a lost answer."""
    page = new_page(studio.url)
    page.goto(f"/studio.html?content={key}")
    discard = page.get_by_role("button", name="Discard the draft")
    expect(page.get_by_role("button", name="Draft captions")).to_be_visible()
    expect(discard).to_be_hidden()
    request_draft(page, "Spanish")
    discard.click()
    expect(page.get_by_role("button", name="Keep the draft")).to_be_focused()
    page.keyboard.press("Enter")
    expect(discard).to_be_focused()
    discard.click()
    page.get_by_role("button", name="Discard it").click()
    expect(page.locator("#status")).to_have_text("The draft was discarded.")
    expect(page.locator("#draft-title")).to_be_focused()
    expect(page.locator("#draft-state")).to_be_empty()
    request_draft(page, "Spanish")
    work(studio, key)
    page.get_by_label("Text from 0:04.0 to 0:07.5").fill("Otra cosa.")
    discard.click()
    assert problems(page) == {}
    with answer_lost(page, "**/captions/draft"):
        page.get_by_role("button", name="Discard it").click()
    page.get_by_role("button", name="Discard it").click()
    expect(page.locator("#draft-editor")).to_be_hidden()
    expect(page.locator("#banner")).to_be_empty()
    page.reload()
    expect(page.get_by_role("button", name="Draft captions")).to_be_visible()
    expect(discard).to_be_hidden()


@pytest.mark.slow
@pytest.mark.parametrize("window", [PHONE, {"width": 1280, "height": 900}], ids=["390", "1280"])
def test_the_editor_is_accessible(
    studio: PlatformServer, new_page: NewPage, window: dict[str, int], drafted: str
) -> None:
    """R-UIX-07"""
    page = new_page(studio.url, **window)
    page.goto(f"/studio.html?content={drafted}")
    page.get_by_role("button", name="Edit the draft").click()
    expect(page.locator("#draft-cues textarea")).to_have_count(3)
    assert problems(page) == {}
    assert page.evaluate(COVERED) == []


def test_without_a_service_the_page_says_so(new_page: NewPage, tmp_path: Path) -> None:
    """R-UIX-08"""
    with opened(tmp_path / "home", tmp_path / "none.mp4") as server:
        key = publish_lesson(server.platform, "Squats")
        page = new_page(server.url)
        page.goto(f"/studio.html?content={key}")
        page.get_by_role("button", name="Draft captions").click()
        expect(page.locator("#banner")).to_contain_text(
            "No speech recognition service is set up here."
        )
