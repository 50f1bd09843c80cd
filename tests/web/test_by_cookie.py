"""A browser's sockets, event streams and video ranges authenticate by cookie."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import NewPage
from tests.web.people import join, sign_up
from tests.web.server import PlatformServer, opened

BEGIN = """async () => {
  const { athlete, send } = await import("/static/src/api/client.js");
  const body = { athleteId: await athlete(), timeZone: "Europe/Berlin" };
  const headers = { "Idempotency-Key": "one" };
  return (await send("POST", "/v1/sessions", body, headers)).sessionId;
}"""

FOLLOW = """(session) => new Promise((resolve) => {
  const source = new EventSource(`/v1/sessions/${session}/events`);
  source.addEventListener("session_started", () => { source.close(); resolve("followed"); });
  source.onerror = () => { source.close(); resolve("refused"); };
})"""

TALK = """(path) => new Promise((resolve) => {
  const socket = new WebSocket(new URL(path, location.href.replace("http", "ws")), ["kinelog"]);
  socket.onopen = () => socket.send("{}");
  socket.onmessage = ({ data }) => { socket.onclose = null; socket.close(); resolve(data); };
  socket.onclose = ({ code }) => resolve(String(code));
})"""

CHANNEL = """async (isSaid) => {
  const { DataChannel } = await import("/static/src/live/data-channel.js");
  const { authorized } = await import("/static/src/api/credentials.js");
  const line = new DataChannel(isSaid ? authorized : (path, wish) => fetch(path, wish));
  const told = await line.open().then(() => line.takes(1000), ({ status }) => status);
  line.close();
  return told;
}"""


@pytest.fixture(scope="module")
def club(
    tmp_path_factory: pytest.TempPathFactory, video: Path
) -> Iterator[tuple[PlatformServer, Path]]:
    home = tmp_path_factory.mktemp("by-cookie")
    with opened(home, video, sign_in="required") as server:
        yield server, home / "mail"


@pytest.fixture
def page(club: tuple[PlatformServer, Path], new_page: NewPage) -> Page:
    server, mail = club
    page = new_page(server.url)
    join(page, mail, "ada@example.org")
    return page


def test_a_page_that_signed_in_opens_sockets_and_follows_events(page: Page) -> None:
    """C-22, C-01: no URL contains a token, and only the offer of a data channel sends one."""
    session = page.evaluate(BEGIN)
    addresses: list[str] = []
    page.on("websocket", lambda socket: addresses.append(socket.url))
    assert page.evaluate(FOLLOW, session) == "followed"
    assert "request.invalid" in page.evaluate(TALK, "/ws/live")
    assert page.evaluate(TALK, "/ws/pose") != "4401"
    assert page.evaluate(CHANNEL, arg=True) is True
    assert page.evaluate(CHANNEL, arg=False) == 0  # an offer needs more than the cookie
    assert all("token" not in address and "?" not in address for address in addresses)

    page.goto("/session_list.html")
    expect(page.locator(".session-item")).to_have_count(1)
    page.context.clear_cookies()
    assert page.evaluate(FOLLOW, session) == "refused"
    assert page.evaluate(TALK, "/ws/live") == "4401"


def test_a_browser_that_cleared_the_storage_of_scripts_still_knows_its_user(
    club: tuple[PlatformServer, Path], new_page: NewPage
) -> None:
    """R-IDN-09, R-UIX-07: Home has the figures of the user at once, and not those of nobody."""
    server, mail = club
    page = new_page(server.url)
    sign_up(page, mail, "bo@example.org")
    user = page.evaluate("localStorage.getItem('kinelog.user')")
    server.log_by_hand(0, repetitions=5, athlete_id=user)
    page.goto("/healthz")
    page.evaluate("localStorage.clear()")
    page.goto("/")
    expect(page.locator("#week .week-facts dd").first).to_have_text("5")
    assert page.evaluate("localStorage.getItem('kinelog.user')") == user
