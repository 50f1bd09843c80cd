"""A trainer's video from its upload to Chromium, on processes that are killed meanwhile."""

from collections.abc import Iterator
from typing import cast

import pytest
from playwright.sync_api import expect

from application.content.upload_store import UploadKey
from bootstrap.platform import open_platform
from domain.content.events import ContentEncoded, ContentReady, ContentRejected, FileQuarantined
from domain.ids import DEFAULT_TENANT, ContentId
from tests.adapters.content.archives import in_zip
from tests.adapters.content.videos import lesson
from tests.journeys.content_site import Composition, ContentSite, running
from tests.web.conftest import NewPage
from tests.web.waiting import until
from tools.local_services.clamd import EICAR

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

FREE = {"isFree": True, "plans": []}


@pytest.fixture(scope="module", params=["embedded", "distributed"])
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ContentSite]:
    composition = cast("Composition", request.param)
    with running(tmp_path_factory.mktemp(composition), composition) as site:
        yield site


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A video with two qualities and three segments."""
    path = tmp_path_factory.mktemp("video") / "video.mp4"
    return lesson(path, size=(720, 720), seconds=9.0, rate=5).read_bytes()


@pytest.fixture(scope="module")
def video(site: ContentSite, content: bytes) -> str:
    """The id of a video that is live."""
    key = site.upload(content)
    assert site.settled(key)["status"] == "ready"
    changed = site.ask("PUT", f"/v1/content/{key}/audience", json=FREE)
    assert changed.status_code == 200, changed.text
    return key


def test_an_uploaded_video_is_watched(site: ContentSite, video: str, new_page: NewPage) -> None:
    """R-CON-02, R-CON-04, R-CON-05, R-CON-06: H.264 plays, and the quality is switched."""
    page = new_page(site.url)
    loaded: list[str] = []
    page.on("request", lambda sent: loaded.append(sent.url))
    page.goto(f"/watch.html?content={video}")
    expect(page.locator("#title")).to_have_text("Squats")
    until(page, "document.querySelector('#video').readyState >= 3")
    page.get_by_role("button", name="Mute").click()
    page.get_by_role("button", name="Play").click()
    decoded = "document.querySelector('#video').getVideoPlaybackQuality().totalVideoFrames"
    until(page, f"{decoded} > 2")
    for height, seek in ((480, "4"), (720, "8")):
        page.get_by_label("Quality").select_option(f"{height}p")
        page.locator("#seek").fill(seek)
        until(page, f"document.querySelector('#video').videoHeight === {height}")
    for rendition in ("h264-480.mp4", "h264-720.mp4"):
        assert any(rendition in url for url in loaded), loaded


@pytest.mark.parametrize("content", [EICAR, in_zip(EICAR)], ids=["plain", "in a zip"])
def test_malware_is_quarantined(site: ContentSite, content: bytes) -> None:
    """R-CON-01, R-TEN-15, C-25: found by the real scanner; nobody can watch it."""
    key = site.upload(content)
    item = site.settled(key)
    assert (item["status"], item["rejection"]) == ("rejected", "malware_found")
    assert site.ask("GET", f"/v1/content/{key}/playback").status_code == 404
    with open_platform(site.settings()) as platform:
        history = platform.log.load(DEFAULT_TENANT, f"content-{key}")
        assert isinstance(history[-1].event, FileQuarantined)
        place = UploadKey(DEFAULT_TENANT, ContentId(key), 1)
        assert platform.content_uploads.store.size(place) == len(content)


def test_kills_in_the_middle_have_the_same_end(
    site: ContentSite, video: str, content: bytes
) -> None:
    """R-CON-04, R-CON-06, C-25, R-EVT-18: of the store, of the scanner and of the worker."""
    gateway, scanner = site.targets["radosgw"], site.targets["clamd"]

    def strike() -> None:
        site.restart("radosgw")
        scanner.kill()

    key = site.upload(content, before_complete=strike)
    assert site.item(key)["status"] == "scanning"
    site.worker.kill()
    scanner.start()
    site.worker.start()
    site.wait(key, lambda item: item["status"] == "processing" and item["progress"] > 0)
    gateway.kill()
    site.worker.kill()
    gateway.start()
    site.worker.start()
    assert site.settled(key)["status"] == "ready"
    with open_platform(site.settings()) as platform:
        undisturbed, disturbed = (
            [each.event for each in platform.log.load(DEFAULT_TENANT, f"content-{each_key}")]
            for each_key in (video, key)
        )
    (expected,) = (each.encoding for each in undisturbed if isinstance(each, ContentEncoded))
    (encoding,) = (each.encoding for each in disturbed if isinstance(each, ContentEncoded))
    assert encoding == expected
    ends = [each for each in disturbed if isinstance(each, ContentReady | ContentRejected)]
    assert len(ends) == 1
