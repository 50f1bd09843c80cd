"""Frames over a WebRTC data channel: nothing is lost or doubled."""

from collections.abc import Iterator
from typing import Any, Final

import aioice.ice
import pytest
from playwright.sync_api import Browser, Page

from api.websocket import webrtc
from tests.web.training import SET, RestartableServer, Trainee, in_order
from tests.web.waiting import PATIENCE_MS

pytestmark = pytest.mark.slow

WATCHED: Final = """
window.lines = []; window.sent = [];
const create = RTCPeerConnection.prototype.createDataChannel;
RTCPeerConnection.prototype.createDataChannel = function (...wish) {
  const line = create.apply(this, wish);
  window.lines.push({ connection: this, channel: line });
  return line;
};
const send = RTCDataChannel.prototype.send;
RTCDataChannel.prototype.send = function (bytes) {
  window.sent.push(new DataView(bytes.buffer, bytes.byteOffset).getUint32(10, true));
  if (!window.swallowed) send.call(this, bytes);
};
null;
"""
"""Exposes the page's channels and the numbers of its messages, and can drop messages."""

BY_CHANNEL: Final = """async () => {
  const { ChannelTransport } = await import("/static/src/live/channel-transport.js");
  const { DataChannel } = await import("/static/src/live/data-channel.js");
  const { authorized } = await import("/static/src/api/credentials.js");
  window.timeouts = { openingMs: 60_000, answerMs: 60_000 };
  session.transport = new ChannelTransport(() => new DataChannel(authorized, window.timeouts));
}"""
"""Lets chunks go by a channel, which a slow server does not lose."""

STEP_MS: Final = 25

IS_OPEN: Final = "lines.at(-1)?.channel.readyState === 'open'"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RestartableServer]:
    found = RestartableServer(tmp_path_factory.mktemp("server"))
    yield found
    found.end()


@pytest.fixture
def trainee(browser: Browser, server: RestartableServer) -> Iterator[Trainee]:
    found = Trainee(browser, server)
    found.page.evaluate(WATCHED)
    yield found
    found.context.close()
    assert [url for url in found.called if not url.startswith(server.url)] == []


@pytest.fixture(scope="module")
def undisturbed(browser: Browser, server: RestartableServer) -> list[Any]:
    """Return the events of the set when all chunks go by POST."""
    trainee = Trainee(browser, server)
    session = trainee.begin()
    trainee.start_set()
    trainee.push()
    trainee.complete()
    trainee.context.close()
    return server.counted(session)


def at_the_line(trainee: Trainee) -> str:
    """Start a set and send its first third, by POST at first, then over a data channel."""
    session = trainee.begin()
    trainee.page.evaluate(BY_CHANNEL)
    trainee.start_set()
    trainee.push(0.0, 0.1)
    trainee.until(IS_OPEN)
    trainee.push(0.1, 0.3)
    trainee.until("sent.length > 2 && session.buffer.chunks === 0")
    return session


def here(server: RestartableServer) -> int:
    """Return the number of peers of the server."""
    found: webrtc.Peers = server.app.state.peers
    return found._streams._open.total() + len(found._closings)


def nobody_is_left(page: Page, server: RestartableServer) -> None:
    """Wait until the server has released all peers, also those that no page connects to."""
    for _ in range(round((1000 * webrtc.CONNECT_S + PATIENCE_MS) / STEP_MS)):
        if here(server) == 0:
            return
        page.wait_for_timeout(STEP_MS)
    raise AssertionError(here(server))


def posts_again(trainee: Trainee, before: int) -> None:
    """Wait until a chunk goes by POST: right after a push, none may be in the buffer yet."""
    for _ in range(round(PATIENCE_MS / STEP_MS)):
        if len(trainee.sequences) > before:
            return
        trainee.page.wait_for_timeout(STEP_MS)
    raise AssertionError(before)


def drop(server: RestartableServer) -> None:
    """Close all peers on the server, as it does after a long silence."""
    for conversation in list(server.app.state.peers._conversations):
        conversation.get_loop().call_soon_threadsafe(conversation.cancel)


def test_a_set_goes_by_a_data_channel_and_the_page_leaves_no_peer(
    trainee: Trainee, server: RestartableServer, undisturbed: list[Any]
) -> None:
    """C-01, R-LIV-14, R-LIV-15: chunks sent by POST before it opens are not repeated."""
    session = at_the_line(trainee)
    posted = len(trainee.sequences)
    trainee.push(0.3, 1.0)
    assert trainee.complete()["repetitions"] == SET.repetitions
    assert len(trainee.sequences) == posted
    assert in_order(trainee.sequences + trainee.seen("sent"))
    assert server.counted(session) == undisturbed
    assert trainee.seen("problems") == []
    nobody_is_left(trainee.page, server)


@pytest.mark.parametrize("cut", ["let go", "swallowed"])
def test_cutting_the_data_channel_within_a_set_loses_and_repeats_nothing(
    trainee: Trainee, server: RestartableServer, undisturbed: list[Any], cut: str
) -> None:
    """C-01, R-LIV-10: closed by either end, or silently by the network; the set continues."""
    session = at_the_line(trainee)
    if cut == "let go":
        drop(server)
    else:
        trainee.page.evaluate("window.swallowed = true; timeouts.answerMs = 500; null")
    said = len(trainee.sequences)
    trainee.push(0.3, 0.6)
    posts_again(trainee, said)
    trainee.push(0.6, 1.0)
    assert trainee.complete()["repetitions"] == SET.repetitions
    assert server.counted(session) == undisturbed
    assert set(trainee.seen("modes")) <= {"live"}  # no lost connection was shown
    nobody_is_left(trainee.page, server)


def test_a_page_closed_within_a_set_releases_its_session(
    trainee: Trainee, server: RestartableServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C-01: the page sends no goodbye; consent checks reveal that it is gone (RFC 7675)."""
    monkeypatch.setattr(aioice.ice, "CONSENT_INTERVAL", 0.1)
    at_the_line(trainee)
    assert here(server) == 1
    elsewhere = trainee.context.new_page()
    trainee.page.close()
    nobody_is_left(elsewhere, server)
