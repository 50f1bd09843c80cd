"""Cookies authenticate pages of this site where they cannot set headers.

Cross-site requests are rejected, even with cookies.
"""

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from api.middleware.authentication import TOKEN
from api.websocket import connection
from application.kernel.command_handler import Request
from application.live import feed
from application.live.chunk_codec import encode
from application.users import sign_in
from domain.ids import DEFAULT_TENANT, RecordingId, SessionId, UserId
from domain.kernel import Origin
from domain.recordings import commands as recording
from domain.recordings.recording import RECORDING
from tests.api.browsing import ADDRESS, BASE, HERE, other_browser, problem, settings_of, site
from tests.api.closed_sockets import closed_with
from tests.api.listening import Events, Listening
from tests.api.live_messages import begun
from tests.api.people import PASSWORD, Person, Town
from tests.api.sockets import CUES, PROTOCOL
from tests.live.chunks import command

ELSEWHERE = ("https://eve.example", "https://sub.kinelog.example", "http://kinelog.example", "null")
Opens = Callable[..., Any]
VIDEO = bytes(range(256)) * 8


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    monkeypatch.setattr(feed, "WAIT_S", 0.05)
    with site(settings_of(tmp_path / "home", {})) as opened:
        yield opened


@pytest.fixture
def ada(town: Town) -> Person:
    return town.citizen(ADDRESS)


@pytest.fixture
def page(town: Town, ada: Person) -> TestClient:
    """A browser in which Ada has signed in, with a page that sends no token."""
    browser = other_browser(town)
    body = {"email": ada.tokens["user"]["email"], "password": PASSWORD}
    answer = browser.post("/v1/auth/login?mode=cookie", json=body, headers=HERE)
    assert answer.status_code == 200, answer.text
    browser.headers["Authorization"] = ""
    return browser


def cookies(page: TestClient) -> str:
    return "; ".join(f"{name}={value}" for name, value in page.cookies.items())


@pytest.fixture
def opens(town: Town, page: TestClient) -> Opens:
    """Return a function that opens WebSockets as a browser does, on the platform's event loop."""

    def connect(path: str, origin: str | None = BASE, **how: Any) -> Any:
        headers = {"Cookie": how.pop("cookie", cookies(page)), "Host": "kinelog.example"}
        headers |= {} if origin is None else {"Origin": origin}
        return town.client.websocket_connect(path, headers=headers, **how)

    return connect


def counted(line: WebSocketTestSession, session: str, sequence: int) -> Any:
    line.send_bytes(encode(command(session, sequence)))
    return line.receive_json()["seqAck"]


def test_a_socket_of_our_page_needs_no_token(opens: Opens, town: Town, ada: Person) -> None:
    """C-22, R-API-01."""
    session = begun(town.client, ada)
    with opens("/ws/live", subprotocols=[connection.PROTOCOL]) as line:
        assert counted(line, session, 1) == 1
    with opens("/graphql", subprotocols=[PROTOCOL]) as line:
        line.send_json({"type": "connection_init"})
        assert line.receive_json() == {"type": "connection_ack"}
        params = {"query": CUES, "variables": {"session": session}}
        line.send_json({"id": "1", "type": "subscribe", "payload": params})
        line.send_json({"type": "ping"})
        assert line.receive_json()["type"] == "pong", "nothing is refused"
    start = {"type": "start", "name": "Mine", "aspectRatio": 1.5, "sessionId": session}
    with opens("/ws/pose") as line:
        line.send_json(start)
        assert line.receive_json().get("code") != "auth.sign_in_required"


def test_pages_of_other_sites_open_no_socket(opens: Opens) -> None:
    """C-22: cross-site WebSocket hijacking."""
    for origin, path in product(ELSEWHERE, ("/ws/live", "/ws/pose", "/ws/replay/s", "/graphql")):
        assert hears_nothing(opens, path, origin), (origin, path)


def hears_nothing(opens: Opens, path: str, origin: str) -> bool:
    try:
        with opens(path, origin) as line:
            line.send_json({"type": "connection_init"})
            line.receive_json()
    except WebSocketDisconnect:
        return True
    return False


def test_a_cookie_without_a_page_header_is_ignored(opens: Opens) -> None:
    """Browsers send the Origin header with every handshake; other clients do not."""
    with opens("/graphql", None, subprotocols=[PROTOCOL]) as line:
        line.send_json({"type": "connection_init"})
        assert closed_with(line) == 4403


def test_a_token_takes_precedence_over_a_cookie(opens: Opens, town: Town, ada: Person) -> None:
    bob, session = town.citizen("bob@example.org"), begun(town.client, ada)
    as_bob = [connection.PROTOCOL, TOKEN + bob.tokens["accessToken"]]
    with opens("/ws/live", subprotocols=as_bob) as line:
        line.send_bytes(encode(command(session, 1)))
        assert line.receive_json()["code"] == "session.unknown"
    with opens("/graphql", subprotocols=[PROTOCOL]) as line:
        payload = {"Authorization": bob.headers["Authorization"]}
        line.send_json({"type": "connection_init", "payload": payload})
        assert line.receive_json() == {"type": "connection_ack"}
        params = {"query": CUES, "variables": {"session": session}}
        line.send_json({"id": "1", "type": "subscribe", "payload": params})
        assert line.receive_json()["type"] in {"error", "next"}


def test_signing_out_closes_the_socket(opens: Opens, town: Town, ada: Person) -> None:
    """R-API-01: the same as with a token."""
    session = begun(town.client, ada)
    with opens("/ws/live") as line:
        assert counted(line, session, 1) == 1
        assert ada.post("/v1/auth/logout-everywhere").status_code == 204
        line.send_bytes(encode(command(session, 2)))
        assert closed_with(line) == connection.UNAUTHENTICATED
    with opens("/ws/live") as line:
        line.send_json({})
        assert closed_with(line) == connection.UNAUTHENTICATED


def test_a_page_stays_signed_in_while_it_refreshes(
    opens: Opens, page: TestClient, town: Town, ada: Person
) -> None:
    """Requests already sent with the old cookie succeed; later reuse of it fails."""
    session, before = begun(town.client, ada), cookies(page)
    assert page.post("/v1/auth/refresh?mode=cookie", headers=HERE).status_code == 200
    with opens("/ws/live", cookie=before) as line:
        assert counted(line, session, 1) == 1
    services = town.platform.accounts().sign_in_service
    token = before.partition("kinelog_refresh=")[2].partition(";")[0]
    later = services.clock() + sign_in.TABS
    object.__setattr__(services, "clock", lambda: later)
    assert services.issue_token(token) is None
    assert services.issue_token("nonsense") is None


def follow(page: TestClient, session: str, **headers: str) -> Listening:
    sent = {"Cookie": cookies(page), "Host": "kinelog.example", **headers}
    return Listening(page.app, f"/v1/sessions/{session}/events", {}, sent)


def test_event_source_follows_a_session(page: TestClient, town: Town, ada: Person) -> None:
    """R-LIV-14, C-22: as long as they are signed in."""
    session = begun(town.client, ada)

    answers: list[int] = []

    def heard(view: Events) -> None:
        if view and not answers:
            answers.append(ada.post("/v1/auth/logout-everywhere").status_code)

    listening = follow(page, session, **{"Sec-Fetch-Site": "same-origin"})
    assert listening.listen(heard)[0]["event"] == "session_started"
    assert (listening.ended, answers) == (True, [204])
    assert follow_refused(follow(page, session)) == (401, "auth.sign_in_required")


def test_other_sites_follow_nobody(page: TestClient, town: Town, ada: Person) -> None:
    """C-22: a sibling host is another site, although its requests carry our cookies."""
    session = begun(town.client, ada)
    for origin in ELSEWHERE:
        refused = follow_refused(follow(page, session, Origin=origin))
        assert refused == (401, "auth.sign_in_required")
    for far in ("cross-site", "same-site"):
        refused = follow_refused(follow(page, session, **{"Sec-Fetch-Site": far}))
        assert refused == (401, "auth.sign_in_required")


def follow_refused(listening: Listening) -> tuple[int, str]:
    listening.listen()
    return listening.status, listening.json["code"]


def test_a_video_is_played_in_parts_by_the_cookie_alone(
    page: TestClient, town: Town, ada: Person
) -> None:
    """C-22: the cookie alone reads nothing else and changes nothing."""
    session = begun(town.client, ada)
    path = f"/v1/recordings/{filmed(town, ada, session)}"
    part = page.get(f"{path}/video", headers={"Range": "bytes=256-511"})
    assert (part.status_code, part.content) == (206, bytes(range(256)))
    away = page.get(f"{path}/video", headers={"Sec-Fetch-Site": "cross-site"})
    assert problem(away) == (401, "auth.sign_in_required")
    for params in (
        page.get(path),
        page.get(f"/v1/sessions/{session}"),
        page.delete(path, headers=HERE),
    ):
        assert problem(params) == (401, "auth.sign_in_required")
    town.citizen("bob@example.org")
    bob = other_browser(town)
    body = {"email": "bob@example.org", "password": PASSWORD}
    bob.post("/v1/auth/login?mode=cookie", json=body, headers=HERE)
    assert bob.get(f"{path}/video").status_code == 404


def filmed(town: Town, ada: Person, session: str) -> str:
    """Record the session with a video of fake content."""
    platform, user = town.platform, UserId(ada.id)
    digest = platform.media.put(DEFAULT_TENANT, VIDEO, prefix=session)
    origin = Origin(tenant_id=DEFAULT_TENANT, actor=user, correlation_id=platform.new_id())
    start = recording.StartRecording(
        user_id=user, session_id=SessionId(session), name="", aspect_ratio=1.5, at=platform.clock()
    )
    video = recording.AttachVideo(digest=digest, media_type="video/mp4")
    params = Request(RECORDING, RecordingId(session), [start, video])
    platform.commands.execute(params, origin=origin, command_id=platform.new_id())
    return session
