"""Only the data that the athlete chose leaves the device."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, WebSocket, expect

from application.live.chunk_codec import decode
from domain.ids import DEFAULT_TENANT
from tests.web.axe import violations
from tests.web.coaching import coached, counts
from tests.web.conftest import NewPage
from tests.web.server import PlatformServer, opened
from tests.web.training import MODEL

pytestmark = pytest.mark.slow

NOT_FOUND = 404


@pytest.fixture
def coach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PlatformServer]:
    """A server with the pose model, which analyzes pictures."""
    monkeypatch.setenv("KINELOG_POSE_MODEL", str(MODEL.resolve().path))
    with opened(tmp_path, tmp_path / "no-video") as found:
        yield found


def button(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def sent(page: Page) -> list[list[bytes]]:
    """Record the pictures of each chunk that the page sends from now on."""
    chunks: list[list[bytes]] = []

    def note(body: str | bytes) -> None:
        assert isinstance(body, bytes)
        message = decode(body, DEFAULT_TENANT).message
        chunks.append([picture.jpeg for picture in message.pictures])

    def note_request(request: Request) -> None:
        if request.url.endswith("/workouts/streaming") and request.post_data_buffer:
            note(request.post_data_buffer)

    def note_socket(socket: WebSocket) -> None:
        if socket.url.endswith("/ws/live"):
            socket.on("framesent", note)

    page.on("request", note_request)
    page.on("websocket", note_socket)
    return chunks


@pytest.mark.parametrize("mode", ["Landmarks only", "Landmarks and images"])
def test_pictures_leave_the_device_only_by_choice(
    coach: PlatformServer, new_page: NewPage, mode: str
) -> None:
    """C-02, R-LIV-03, R-LIV-09, R-RPL-02: landmarks only, unless the user chooses otherwise."""
    page = coached(new_page, coach, permissions=["camera"])
    expect(page.get_by_role("radio", name="Landmarks only")).to_be_checked()
    page.get_by_role("radio", name=mode).check()
    expect(page.get_by_label("Keep my movement")).to_be_checked()
    if mode == "Landmarks only":
        page.get_by_label("Keep a video, too").check()
    else:
        page.get_by_label("Keep my movement").uncheck()
    assert violations(page) == []
    chunks = sent(page)
    button(page, "Turn on the camera")
    button(page, "Start set")
    counts(page, 2)
    wanted = mode != "Landmarks only"
    said = page.locator("#mode")
    if wanted:
        expect(said).to_contain_text("pictures are sent")
    else:
        expect(said).not_to_contain_text("pictures")
    button(page, "Stop set")
    button(page, "Finish session")
    expect(page.locator("session-summary")).to_contain_text("1 set")
    session = page.locator("session-summary").get_attribute("data-session")
    recorded = page.request.get(f"/v1/recordings/{session}")
    if mode == "Landmarks only":
        assert recorded.json()["video_status"] in {"pending", "ready"}
    else:
        assert recorded.status == NOT_FOUND
    assert chunks
    assert all(len(pictures) <= 1 for pictures in chunks)
    assert any(chunks) == wanted
    assert all(jpeg.startswith(b"\xff\xd8\xff") for pictures in chunks for jpeg in pictures)


def test_by_hand_the_camera_stays_off(coach: PlatformServer, new_page: NewPage) -> None:
    """C-02"""
    page = coached(new_page, coach)
    page.get_by_role("radio", name="Manual").check()
    button(page, "Start manually")
    expect(page.locator("#mode")).to_have_text("Counted manually")
    assert page.evaluate("document.querySelector('camera-stage video').srcObject") is None
