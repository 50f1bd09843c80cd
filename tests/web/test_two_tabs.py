"""A session open in two tabs is counted and sent by one of them (R-LIV-10)."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from domain.sessions import events
from tests.web.training import SET, RestartableServer, Trainee, in_order

pytestmark = pytest.mark.slow

REFUSED = """
async () => {
  const [{ sessionId, startedAt }] = await live.unfinished();
  return live.resume(sessionId, { timeOrigin: startedAt }).then(() => "", ({ code }) => code);
}
"""
TAKE_OVER = """
async () => {
  const [{ sessionId, startedAt }] = await live.unfinished();
  watched(await live.resume(sessionId, { timeOrigin: startedAt, takeOver: true }));
}
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RestartableServer]:
    found = RestartableServer(tmp_path_factory.mktemp("server"))
    yield found
    found.end()


@pytest.fixture
def tabs(browser: Browser, server: RestartableServer) -> Iterator[tuple[Trainee, Trainee]]:
    first = Trainee(browser, server)
    yield first, Trainee(browser, server, beside=first)
    first.context.close()


def undisturbed(browser: Browser, server: RestartableServer) -> list[Any]:
    trainee = Trainee(browser, server)
    session = trainee.begin()
    trainee.start_set()
    trainee.push()
    trainee.complete()
    trainee.context.close()
    return server.counted(session)


def test_a_second_tab_is_warned_and_can_take_over_within_a_set(
    browser: Browser, server: RestartableServer, tabs: tuple[Trainee, Trainee]
) -> None:
    """R-LIV-10, C-01: no frame of the first tab is lost, and none is sent by both."""
    first, second = tabs
    session = first.begin()
    first.start_set()
    first.push(0.0, 0.5)
    assert second.seen(f"({REFUSED})()") == "live.elsewhere"
    second.page.evaluate(TAKE_OVER)
    assert first.seen("problems") == ["live.elsewhere"]
    seen = second.seen("session.keptToMs")
    assert seen == pytest.approx(first.seen("session.keptToMs"))
    first.push(0.5, 1.0)
    second.push(0.0, 1.0)
    assert second.complete()["repetitions"] == SET.repetitions
    assert server.counted(session) == undisturbed(browser, server)
    assert in_order([*first.sequences, *second.sequences])
    refused = "session.complete().catch(({ code }) => code)"
    assert first.seen(refused) == "live.elsewhere"


def test_another_tab_sends_the_chunks_kept_offline(
    server: RestartableServer, tabs: tuple[Trainee, Trainee]
) -> None:
    """R-LIV-10: the first tab stops waiting for responses, and the second sends its chunks."""
    first, second = tabs
    session = first.begin()
    first.start_set()
    first.context.set_offline(True)
    first.push(0.0, 0.5)
    first.until("session.mode === 'offline' && session.buffer.chunks > 5")
    second.page.evaluate(TAKE_OVER)
    second.push(0.5, 1.0)
    first.context.set_offline(False)
    assert second.complete()["repetitions"] == SET.repetitions
    facts = server.counted(session)
    numbers = [fact.number for fact in facts if isinstance(fact, events.RepetitionCounted)]
    assert numbers == list(range(1, SET.repetitions + 1))


def test_a_queued_end_of_a_session_is_sent_by_another_tab(
    server: RestartableServer, tabs: tuple[Trainee, Trainee]
) -> None:
    """R-LIV-10: the first tab says where the summary will be."""
    first, second = tabs
    session = first.begin()
    first.push(0.0, 0.5)
    first.context.set_offline(True)
    first.page.evaluate("void session.complete().catch(({ code }) => { window.ended = code; })")
    first.until("session.mode === 'offline'")
    second.page.evaluate(TAKE_OVER)
    first.until("window.ended === 'live.elsewhere'")
    first.context.set_offline(False)
    second.complete()
    assert isinstance(server.facts(session)[-1], events.SessionCompleted)


def test_a_closed_tab_releases_its_session(tabs: tuple[Trainee, Trainee]) -> None:
    first, second = tabs
    session = first.begin()
    first.page.close()
    assert second.resume() == session
    second.complete()
