"""Live sessions whose WebSocket another user of the browser has opened."""

from pathlib import Path
from typing import Final

from playwright.sync_api import Page

from adapters.sample_athlete.athlete import landmarks
from domain.ids import DEFAULT_TENANT
from tests.web.account import AGREE
from tests.web.conftest import NewPage
from tests.web.people import sign_in_in_another_tab, sign_up
from tests.web.server import opened
from tests.web.training import PUSH, SET, TAKE, completed, video_of
from tests.web.waiting import until

BEGIN: Final = """async (athleteId) => {
  const { ChannelTransport } = await import("/static/src/live/channel-transport.js");
  const { SocketChannel } = await import("/static/src/live/socket-channel.js");
  const { renew } = await import("/static/src/api/credentials.js");
  window.channels = [];
  window.openings = 0;
  class CountedChannel extends SocketChannel {
    async open() {
      await super.open();
      openings += 1;
    }
  }
  const newChannel = () => {
    channels.push(new CountedChannel({ openingMs: 60_000, answerMs: 60_000 }));
    return channels.at(-1);
  };
  const now = () => 1000 * performance.now(); // closed channels are opened again at once
  const transport = new ChannelTransport(newChannel, { now });
  const startedAt = Date.now() - 60_000;
  const training = { athleteId, exercise: "squat", startedAt, timeOrigin: startedAt };
  watched(await live.begin({ ...training, refresh: renew, transport }));
  session.startSet("squat", { target: 4 });
}"""

IS_OPEN: Final = "channels.at(-1)?.takes(1) === true"
ALL_SENT: Final = "session.buffer.entries === 0"
COMPLETE: Final = "void session.complete().then((it) => { window.summary = it; })"


def test_a_set_goes_on_after_another_user_has_opened_its_socket(
    tmp_path: Path, new_page: NewPage
) -> None:
    """R-LIV-10, R-TEN-01: the sign-in of the browser, which was another one then, opens it."""
    with opened(tmp_path, tmp_path / "none.mp4", sign_in="required") as server:
        sign_up(new_page(server.url), tmp_path / "mail", "bob@example.org")
        page = new_page(server.url)
        sign_up(page, tmp_path / "mail", "ada@example.org")
        identities = server.platform.accounts().identities
        ada = identities.find(DEFAULT_TENANT, "email", "ada@example.org")
        page.evaluate(AGREE, "camera_processing")
        page.evaluate(TAKE, video_of(landmarks(SET)))
        page.evaluate(BEGIN, ada)
        perform(page, 0.0, 0.2)
        until(page, f"{IS_OPEN} && {ALL_SENT}")

        sign_in_in_another_tab(page, server.url, "bob@example.org")
        page.evaluate("channels.at(-1).close()")  # as the network does
        perform(page, 0.2, 0.4)
        until(page, "openings > 1")  # a chunk that is refused closes it, perhaps at once
        perform(page, 0.4, 0.6)
        until(page, ALL_SENT)
        sign_in_in_another_tab(page, server.url, "ada@example.org")
        perform(page, 0.6, 1.0)
        page.evaluate(COMPLETE)
        until(page, "window.summary !== undefined || problems.length > 0")
        assert page.evaluate("problems") == []
        assert [each.repetitions for each in completed(server)] == [SET.repetitions]


def perform(page: Page, start: float, end: float) -> None:
    """Perform a part of the set, from and to a share of it."""
    frames = page.evaluate("video.length")
    page.evaluate(PUSH, [round(start * frames), round(end * frames)])
