"""A browser's live session reaches the log completely on any network (R-LIV-10)."""

from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Browser

from domain.sessions import events
from tests.web.training import SET, STREAMING, RestartableServer, Trainee, in_order

Enter = Callable[[], Trainee]

BY_SOCKET: Final = """async () => {
  const { ChannelTransport } = await import("/static/src/live/channel-transport.js");
  const { SocketChannel } = await import("/static/src/live/socket-channel.js");
  window.channel = { takes: () => false };
  const timeouts = { openingMs: 60_000, answerMs: 60_000 };
  session.transport = new ChannelTransport(() => (window.channel = new SocketChannel(timeouts)));
}"""
"""Lets chunks go by a WebSocket, `channel`, that opens with the next chunk, however slow it is."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RestartableServer]:
    found = RestartableServer(tmp_path_factory.mktemp("server"))
    yield found
    found.end()


@pytest.fixture
def enter(browser: Browser, server: RestartableServer) -> Iterator[Enter]:
    """Yield a function that creates trainees; they may send requests only to their server."""
    there: list[Trainee] = []

    def come() -> Trainee:
        there.append(Trainee(browser, server))
        return there[-1]

    yield come
    for trainee in there:
        trainee.context.close()
        assert [url for url in trainee.called if not url.startswith(server.url)] == []


@pytest.fixture(scope="module")
def undisturbed(browser: Browser, server: RestartableServer) -> list[Any]:
    """Return the events of an undisturbed set."""
    trainee = Trainee(browser, server)
    session = trainee.begin()
    trainee.start_set()
    trainee.push()
    trainee.complete()
    trainee.context.close()
    return server.counted(session)


def test_a_camera_set_matches_the_event_log(enter: Enter, server: RestartableServer) -> None:
    """R-LIV-01, R-LIV-03: frames are sent in chunks, and the response has the summary."""
    trainee = enter()
    session = trainee.begin()
    trainee.start_set()
    trainee.push()
    trainee.until("answers.length > 5")
    assert trainee.complete()["repetitions"] == SET.repetitions
    facts = server.counted(session)
    assert sum(isinstance(fact, events.RepetitionCounted) for fact in facts) == SET.repetitions
    (started,) = (fact for fact in facts if isinstance(fact, events.SetStarted))
    assert (started.set, started.exercise_id, started.target_repetitions) == (1, "squat", 4)
    assert trainee.seen("answers.at(-1).setOver")
    assert trainee.seen("problems") == []
    assert trainee.sequences == sorted(set(trainee.sequences))


def test_the_browser_ends_the_session_too(enter: Enter) -> None:
    trainee = enter()
    trainee.begin()
    trainee.push(0.0, 0.2)
    trainee.complete()
    assert trainee.seen("live.unfinished()") == []
    assert trainee.seen("session.buffer") == {"seconds": 0, "chunks": 0, "entries": 0}


@pytest.mark.slow
def test_a_lost_network_and_a_reload_change_nothing(
    enter: Enter, server: RestartableServer, undisturbed: list[Any]
) -> None:
    """R-LIV-10: the session equals an undisturbed one, and its chunks are sent in order."""
    trainee = enter()
    session = trainee.begin()
    trainee.start_set()
    trainee.push(0.0, 0.3)
    trainee.until("answers.length > 2")
    trainee.context.set_offline(True)
    trainee.push(0.3, 0.7)
    trainee.until("session.mode === 'offline' && session.buffer.chunks > 5")
    trainee.context.set_offline(False)
    trainee.open()
    assert trainee.resume() == session
    trainee.push(0.3, 1.0)
    assert trainee.complete()["repetitions"] == SET.repetitions
    assert server.counted(session) == undisturbed
    assert in_order(trainee.sequences)


@pytest.mark.slow
def test_lost_responses_count_nothing_twice(
    enter: Enter, server: RestartableServer, undisturbed: list[Any]
) -> None:
    """R-LIV-10: the server has the chunk, and the browser does not know it."""
    trainee = enter()
    lost: list[str] = []

    def lose(route: Any) -> None:
        if len(lost) == 4:
            route.continue_()
            return
        lost.append(route.request.url)
        route.fetch()
        route.abort()

    session = trainee.begin()
    trainee.start_set()
    trainee.page.route(f"**{STREAMING}", lose)
    trainee.push()
    trainee.complete()
    assert server.counted(session) == undisturbed
    assert len(trainee.sequences) == len(set(trainee.sequences)) + len(lost)


@pytest.mark.slow
def test_a_server_restart_within_a_set_changes_nothing(
    enter: Enter, server: RestartableServer, undisturbed: list[Any]
) -> None:
    """R-LIV-10, R-LIV-11: training continues in between."""
    trainee = enter()
    session = trainee.begin()
    trainee.start_set()
    trainee.push(0.0, 0.4)
    trainee.until("answers.length > 2")
    server.end()
    trainee.push(0.4, 0.7)
    trainee.until("session.mode === 'offline' && session.buffer.chunks > 2")
    server.start()
    trainee.push(0.7, 1.0)
    trainee.complete()
    assert server.counted(session) == undisturbed
    assert in_order(trainee.sequences)
    assert trainee.seen("modes")[-1] == "live"


def test_a_session_begun_offline_is_uploaded_later(enter: Enter, server: RestartableServer) -> None:
    """R-LIV-11: the workout never stops."""
    trainee = enter()
    trainee.context.set_offline(True)
    session = trainee.begin()
    assert trainee.seen("session.mode") == "offline"
    trainee.start_set()
    trainee.push()
    trainee.until("session.buffer.chunks > 10")
    trainee.context.set_offline(False)
    trainee.complete()
    facts = server.counted(session)
    assert sum(isinstance(fact, events.RepetitionCounted) for fact in facts) == SET.repetitions


@pytest.mark.slow
def test_changing_the_transport_within_a_set_loses_and_doubles_nothing(
    enter: Enter, server: RestartableServer, undisturbed: list[Any]
) -> None:
    """C-01: chunks continue over another transport, numbered within their session."""
    trainee = enter()
    session = trainee.begin()
    trainee.start_set()
    trainee.push(0.0, 0.5)
    trainee.page.evaluate("""
        window.byTheOtherTransport = 0;
        session.transport = {
          async send(body) {
            window.byTheOtherTransport += 1;
            const headers = { "Content-Type": "application/vnd.kinelog.frames" };
            return (await fetch("/workouts/streaming", { method: "POST", headers, body })).json();
          },
          close() {},
        };
    """)
    trainee.push(0.5, 1.0)
    trainee.complete()
    assert server.counted(session) == undisturbed
    assert trainee.seen("byTheOtherTransport") > 2
    assert in_order(trainee.sequences)


def test_a_websocket_can_replace_requests_within_a_set_and_back(
    enter: Enter, server: RestartableServer, undisturbed: list[Any]
) -> None:
    """C-01: the same chunks as binary messages."""
    trainee = enter()
    session = trainee.begin()
    trainee.start_set()
    trainee.push(0.0, 0.3)
    trainee.until("answers.length > 2")
    frames: list[str | bytes] = []

    def note(frame: str | bytes) -> None:
        frames.append(frame)

    trainee.page.on("websocket", lambda socket: socket.on("framesent", note))
    trainee.page.evaluate(BY_SOCKET)
    trainee.push(0.3, 0.4)
    trainee.until("channel.takes(1) && session.buffer.chunks === 0")
    posted = len(trainee.sequences)
    trainee.push(0.4, 0.7)
    trainee.until("session.buffer.chunks === 0")
    assert len(frames) > 2
    assert len(trainee.sequences) == posted
    trainee.page.evaluate("""
        async () => {
          const { HttpTransport } = await import("/static/src/live/http-transport.js");
          session.transport = new HttpTransport();
        }
    """)
    trainee.push(0.7, 1.0)
    trainee.complete()
    assert server.counted(session) == undisturbed
    assert trainee.seen("problems") == []


def test_a_socket_ends_with_the_network(
    enter: Enter, server: RestartableServer, undisturbed: list[Any]
) -> None:
    """R-LIV-10: the page does not wait for answers on it."""
    trainee = enter()
    session = trainee.begin()
    trainee.start_set()
    trainee.page.evaluate(BY_SOCKET)
    trainee.push(0.0, 0.1)
    trainee.until("channel.takes(1)")
    trainee.context.set_offline(True)
    trainee.until("channel.isOver")
    trainee.push(0.1, 0.5)
    trainee.until("session.mode === 'offline' && session.buffer.chunks > 2")
    trainee.context.set_offline(False)
    trainee.push(0.5, 1.0)
    trainee.complete()
    assert server.counted(session) == undisturbed


def test_requests_replace_a_socket_that_the_network_blocks(
    enter: Enter, server: RestartableServer, undisturbed: list[Any]
) -> None:
    """C-01, R-LIV-10"""
    trainee = enter()
    trainee.page.route_web_socket("**/ws/live", lambda socket: socket.close())
    trainee.open()
    session = trainee.begin()
    trainee.start_set()
    trainee.page.evaluate(BY_SOCKET)
    trainee.push()
    trainee.complete()
    assert server.counted(session) == undisturbed
    assert trainee.seen("channel.isOver")
    assert trainee.seen("problems") == []
    assert in_order(trainee.sequences)


def test_a_full_browser_storage_is_reported_to_the_athlete(
    enter: Enter, server: RestartableServer
) -> None:
    """R-LIV-10, R-LIV-11: stored chunks are sent; only the device counts the others."""
    trainee = enter()
    trainee.context.set_offline(True)
    session = trainee.begin(limitBytes=40_000)
    trainee.push()
    trainee.until("problems.includes('live.buffer_full') && session.mode === 'device'")
    trainee.until("session.buffer.chunks > 0")
    assert trainee.seen("session.buffer.chunks") < 10
    trainee.context.set_offline(False)
    trainee.complete()
    facts = server.counted(session)
    assert isinstance(facts[-1], events.SetCompleted)
    assert trainee.seen("problems") == ["live.buffer_full"]


def test_pauses_within_a_set_send_nothing(enter: Enter) -> None:
    trainee = enter()
    trainee.begin()
    trainee.push(0.0, 0.1)
    trainee.page.evaluate("session.pause()")
    kept = trainee.seen("session.keptToMs")
    trainee.push(0.1, 0.5)
    assert trainee.seen("session.keptToMs") == kept
    trainee.page.evaluate("session.resume()")
    trainee.push(0.5, 1.0)
    assert trainee.seen("session.keptToMs") > kept
    trainee.complete()


def test_a_session_that_the_server_refuses_does_not_begin(enter: Enter) -> None:
    """R-LIV-02: no frames are recorded before the server has accepted the session."""
    trainee = enter()
    refusal = trainee.seen(
        "live.begin({ athleteId: '', exercise: 'squat' }).then(() => 'begun', (p) => p.status)"
    )
    assert refusal == 422
    assert trainee.seen("live.unfinished()") == []


@pytest.mark.slow
def test_an_expired_sign_in_is_renewed_once_and_nothing_is_lost(
    enter: Enter, server: RestartableServer, undisturbed: list[Any]
) -> None:
    """R-LIV-10."""
    trainee = enter()
    refused: list[int] = []

    def refuse_once(route: Any) -> None:
        if refused:
            route.continue_()
            return
        refused.append(401)
        route.fulfill(status=401, json={"code": "auth.token_refused", "title": "Sign in."})

    trainee.page.evaluate("window.renewed = 0")
    session = trainee.page.evaluate("""
        async () => {
          const startedAt = Date.now() - 60_000;
          const refresh = async () => { window.renewed += 1; return true; };
          watched(await live.begin({
            athleteId: "ada", exercise: "squat", startedAt, timeOrigin: startedAt, refresh,
          }));
          return session.id;
        }
    """)
    trainee.start_set()
    trainee.page.route(f"**{STREAMING}", refuse_once)
    trainee.push()
    trainee.complete()
    assert trainee.seen("renewed") == 1
    assert server.counted(session) == undisturbed
