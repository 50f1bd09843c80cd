"""Share links: limited in time, to one recording, and revocable."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from api.app import build_app
from api.config import ApiConfig
from api.websocket import connection
from application.kernel.command_handler import Request
from application.live.feed_access import OpenStreams
from application.platform import Platform
from application.privacy.erasure import NotCertified
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.kernel import Origin
from domain.sessions.commands import StartSession
from domain.sessions.session import SESSION
from domain.users import commands as users
from domain.users.user import USER
from tests.api.closed_sockets import closed_with
from tests.api.conftest import WEB
from tests.api.described import committed_openapi
from tests.api.driver import ApiDriver
from tests.api.people import Person, Town
from tests.api.pose_messages import START, frames, say
from tests.api.replaying import begun, recorded
from tests.api.videos import make_videos
from tests.api.walking import steps


class Time:
    """Clock that the test advances, used by share links only."""

    def __init__(self, platform: Platform) -> None:
        self._clock = platform.clock
        self.later = timedelta(0)

    def __call__(self) -> datetime:
        return self._clock() + self.later


class Shared:
    """A platform on which Ada has made a recording."""

    def __init__(self, town: Town, time: Time) -> None:
        self.client = town.client
        self.town = town
        self.time = time
        self.ada = town.citizen()
        self.recording = recorded(town.client, headers=self.ada.headers, chunks=2)

    @property
    def links(self) -> str:
        return f"/v1/recordings/{self.recording}/share-links"

    def link(self, **request_body: Any) -> dict[str, Any]:
        answer = self.ada.post(self.links, json=request_body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def replay(self, token: str, recording: str | None = None) -> str:
        return f"/ws/replay/{recording or self.recording}?share={token}"


@pytest.fixture
def alone(tmp_path: Path) -> Settings:
    """Embedded settings: the storage of events does not affect access."""
    return Settings(
        home=tmp_path / "home", cache=tmp_path / "cache", postgres_url=None, erasure_wait_s=0
    )


@pytest.fixture
def shared(alone: Settings) -> Iterator[Shared]:
    with open_platform(alone) as platform:
        time = Time(platform)
        timed = replace(platform, sharing=replace(platform.sharing, clock=time))
        app = build_app(timed, web=WEB, config=ApiConfig(sign_in_required=True))
        with TestClient(app, raise_server_exceptions=False) as client:
            yield Shared(Town(client, timed, alone.home / "mail"), time)


def token_of(link: dict[str, Any]) -> str:
    return parse_qs(urlsplit(str(link["url"])).query)["share"][0]


def refused(shared: Shared, token: str, recording: str | None = None) -> tuple[int, str]:
    """Open a replay that is refused; return the close code and the reason."""
    with shared.client.websocket_connect(shared.replay(token, recording)) as raw:
        with pytest.raises(WebSocketDisconnect) as closed:
            raw.receive_json()
        return closed.value.code, closed.value.reason


@pytest.mark.both_compositions
def test_links_are_made_once_listed_and_revoked(client: TestClient, driver: ApiDriver) -> None:
    """R-RPL-06, R-RPL-13: the same in both compositions."""
    path = f"/v1/recordings/{driver.train(1)}/share-links"
    key = {"Idempotency-Key": "for my trainer"}
    made = client.post(path, json={"expiresInS": 3600}, headers=key)
    assert made.status_code == 201
    link = made.json()
    assert made.headers["Location"] == f"{path}/{link['id']}"
    assert client.post(path, json={"expiresInS": 3600}, headers=key).json() == link
    made_at, ends_at = (datetime.fromisoformat(link[each]) for each in ("createdAt", "expiresAt"))
    assert (ends_at - made_at, link["state"]) == (timedelta(hours=1), "active")
    other = client.post(path, json={}).json()
    assert [each["id"] for each in client.get(path).json()["items"]] == [other["id"], link["id"]]
    assert client.get(path).json()["items"][1] == link  # the URL stays the same
    session = path.split("/")[3]
    with client.websocket_connect(f"/ws/replay/{session}?share={token_of(link)}") as raw:
        assert begun(raw)[1]["sharedUntil"] == link["expiresAt"]
    for _ in range(2):
        assert client.delete(f"{path}/{link['id']}").status_code == 204
    revoked = client.get(path).json()["items"][1]
    assert (revoked["state"], revoked["url"]) == ("revoked", None)
    assert client.delete(f"{path}/unknown").json()["code"] == "share_link.unknown"
    for request_body in ({"expiresInS": 60}, {"expiresInS": 10**9}, {"for": "ever"}):
        assert client.post(path, json=request_body).status_code == 422


def test_links_are_the_business_of_the_person_in_the_recording(shared: Shared) -> None:
    """R-TEN-03."""
    link = shared.link()
    bob = shared.town.citizen("bob@example.org")
    stranger = shared.town.citizen("eve@example.org", tenant="gym")
    for other in (bob, stranger):
        assert other.get(shared.links).status_code == 404
        assert other.post(shared.links, json={}).status_code == 404
        assert other.ask("DELETE", f"{shared.links}/{link['id']}").status_code == 404
    assert shared.client.get(shared.links).status_code == 401
    assert shared.ada.get(shared.links).json()["items"][0]["state"] == "active"


def test_link_access_shows_the_recording_and_is_logged(shared: Shared) -> None:
    """R-RPL-06, R-TEN-13: without an account, each request once, also with the same id."""
    link = shared.link()
    headers = {"Request-ID": str(uuid4())}
    token = token_of(link)
    assert urlsplit(link["url"]).path == "/session_replay.html"
    with shared.client.websocket_connect(shared.replay(token)) as raw:
        viewer, hello = begun(raw)
        assert hello["recording"]["id"] == shared.recording
        assert hello["sharedUntil"] == link["expiresAt"]
        assert viewer.say("seek", step=1, credits=1)["frame"] == 1
    for _ in range(2):
        request_body = shared.client.get(
            f"/v1/recordings/{shared.recording}", params={"share": token}, headers=headers
        )
        assert (request_body.status_code, request_body.json()["name"]) == (200, START["name"])
    read = [
        (each["by"], each["kind"], each["which"])
        for each in shared.ada.get("/v1/me/access-log").json()["items"]
    ]
    by = f"share-link:{link['id']}"
    assert read == [
        *[(by, "recording", f"/v1/recordings/{shared.recording}")] * 2,
        (by, "recording", f"/ws/replay/{shared.recording}"),
    ]


def test_the_video_is_shown_too_and_named_with_the_link(shared: Shared, alone: Settings) -> None:
    """R-RPL-06."""
    shared.ada.agrees("images_leave_device")
    with shared.client.websocket_connect("/ws/pose", headers=shared.ada.headers) as line:
        shared.recording = say(line, START)["id"]
        say(line, frames(0, 8, picture_each=4))
        say(line, {"type": "stop"})
    make_videos(alone, shared.town.platform)
    token = token_of(shared.link())
    with shared.client.websocket_connect(shared.replay(token)) as raw:
        video = begun(raw)[1]["video"]
    part = shared.client.get(video["url"], headers={"Range": "bytes=0-99"})
    assert (part.status_code, len(part.content)) == (206, 100)
    assert part.headers["Cache-Control"] == "private, no-store"  # a link may end, and be revoked
    assert shared.client.get(video["url"].partition("?")[0]).status_code == 401


def test_a_link_opens_its_own_recording_and_nothing_else(shared: Shared) -> None:
    """R-RPL-06, R-TEN-03, R-API-01: no other endpoint, no other recording, and no write."""
    token = token_of(shared.link())
    other = recorded(shared.client, headers=shared.ada.headers, chunks=1)
    assert refused(shared, token, other) == (connection.FORBIDDEN, "share_link.invalid")
    answer = shared.client.get(f"/v1/recordings/{other}", params={"share": token})
    assert (answer.status_code, answer.json()["code"]) == (403, "share_link.invalid")
    with shared.client.websocket_connect(f"/ws/pose?watch={shared.recording}&share={token}") as raw:
        raw.send_json({"authorization": "Bearer nonsense"})
        assert closed_with(raw) == connection.UNAUTHENTICATED
    whose = {"recordingid": shared.recording, "sessionid": shared.recording, "id": shared.recording}
    let_in = set[str]()
    for step in steps(committed_openapi(), whose):
        params = {**step.sent.pop("params", {}), "share": token}
        answer = shared.client.request(step.method, step.path, params=params, **step.sent)
        if "/v1/auth/" not in step.path and answer.status_code not in {401, 403}:
            let_in.add(step.operation)
    assert let_in - for_everybody(committed_openapi()) == {"getRecording", "getRecordingVideo"}
    assert shared.ada.get(f"/v1/recordings/{shared.recording}").status_code == 200


def for_everybody(described: Any) -> set[str]:
    """Return the operations that need no sign-in."""
    return {
        operation["operationId"]
        for methods in described["paths"].values()
        for operation in methods.values()
        if isinstance(operation, dict) and not operation["security"]
    }


def test_invalid_share_links_open_nothing(shared: Shared) -> None:
    token = token_of(shared.link())
    for made_up in ("nonsense", token[:-5], f"{token}x", shared.ada.tokens["accessToken"]):
        assert refused(shared, made_up) == (connection.FORBIDDEN, "share_link.invalid")
    answer = shared.ada.get(f"/v1/recordings/{shared.recording}", headers={
        "Authorization": f"Bearer {token}"
    })  # fmt: skip
    assert answer.status_code == 401


def test_an_expired_link_opens_nothing_any_more(shared: Shared) -> None:
    """R-RPL-06: open connections are closed, too."""
    token = token_of(shared.link(expiresInS=300))
    with shared.client.websocket_connect(shared.replay(token)) as raw:
        begun(raw)
        shared.time.later = timedelta(seconds=301)
        assert closed_with(raw) == connection.FORBIDDEN
    assert refused(shared, token) == (connection.FORBIDDEN, "share_link.expired")
    answer = shared.client.get(f"/v1/recordings/{shared.recording}", params={"share": token})
    assert (answer.status_code, answer.json()["code"]) == (403, "share_link.expired")
    assert shared.ada.get(shared.links).json()["items"][0]["state"] == "expired"


def test_revoking_a_link_disconnects_its_viewers(shared: Shared) -> None:
    """R-RPL-06, C-22: viewers by other links stay connected."""
    link, kept = shared.link(), shared.link()
    token = token_of(link)
    with (
        shared.client.websocket_connect(shared.replay(token)) as raw,
        shared.client.websocket_connect(shared.replay(token_of(kept))) as other,
    ):
        begun(raw)
        viewer, _ = begun(other)
        assert shared.ada.ask("DELETE", f"{shared.links}/{link['id']}").status_code == 204
        assert closed_with(raw) == connection.FORBIDDEN
        assert viewer.say("seek", step=1)["frame"] == 1
    assert refused(shared, token) == (connection.FORBIDDEN, "share_link.revoked")
    answer = shared.client.get(f"/v1/recordings/{shared.recording}", params={"share": token})
    assert (answer.status_code, answer.json()["code"]) == (403, "share_link.revoked")


def test_a_link_to_a_deleted_recording_opens_nothing_until_it_is_brought_back(
    shared: Shared,
) -> None:
    """R-RPL-13."""
    token, path = token_of(shared.link()), f"/v1/recordings/{shared.recording}"
    with shared.client.websocket_connect(shared.replay(token)) as raw:
        begun(raw)
        assert shared.ada.ask("DELETE", path).status_code == 204
        assert closed_with(raw) == connection.NOT_FOUND
    assert shared.client.get(path, params={"share": token}).status_code == 404
    assert shared.ada.post(shared.links, json={}).status_code == 404
    assert shared.ada.post(f"{path}:restore").status_code == 200
    assert shared.client.get(path, params={"share": token}).status_code == 200


def test_a_link_to_an_erased_recording_is_refused(shared: Shared) -> None:
    """C-24: an erasure during a replay ends it and revokes the links."""
    token, path = token_of(shared.link()), f"/v1/recordings/{shared.recording}"
    platform, who = shared.town.platform, UserId(shared.ada.id)
    origin = Origin(tenant_id=TenantId(DEFAULT_TENANT), actor="test", correlation_id=uuid4())
    erasure = platform.privacy().erasure
    with shared.client.websocket_connect(shared.replay(token)) as raw:
        begun(raw)
        erasure.request(who, origin=origin, at_once=True)
        assert not isinstance(erasure.run(who, origin=origin), NotCertified)
        assert closed_with(raw) == connection.NOT_FOUND
    assert refused(shared, token)[0] == connection.NOT_FOUND
    assert shared.client.get(path, params={"share": token}).status_code == 404


def carry_out(shared: Shared, request: Request) -> None:
    origin = Origin(tenant_id=TenantId(DEFAULT_TENANT), actor="test", correlation_id=uuid4())
    shared.town.platform.commands.execute(request, origin=origin, command_id=uuid4())


def test_links_of_suspended_users_do_not_open(
    shared: Shared,
) -> None:
    """R-TEN-03: open connections are closed, too."""
    token, path = token_of(shared.link()), f"/v1/recordings/{shared.recording}"
    platform = shared.town.platform

    def ask(command: users.UserCommand) -> None:
        carry_out(shared, Request(USER, shared.ada.id, [command]))

    with shared.client.websocket_connect(shared.replay(token)) as raw:
        begun(raw)
        ask(users.SuspendUser(at=platform.clock()))
        assert closed_with(raw) == connection.NOT_FOUND
    assert refused(shared, token)[0] == connection.NOT_FOUND
    for server in (path, f"{path}/video"):
        answer = shared.client.get(server, params={"share": token})
        assert (answer.status_code, answer.json()["code"]) == (404, "recording.unknown")
    ask(users.ReactivateUser(at=platform.clock()))
    assert shared.client.get(path, params={"share": token}).status_code == 200


def test_a_link_to_a_deleted_session_opens_nothing_though_its_recording_is_back(
    shared: Shared,
) -> None:
    """R-RPL-13: a recording that is restored alone is visible to its owner only."""
    begin = StartSession(athlete_id=UserId(shared.ada.id), at=shared.town.platform.clock())
    carry_out(shared, Request(SESSION, "trained", [begin]))
    headers = shared.ada.headers
    shared.recording = recorded(shared.client, headers=headers, chunks=1, sessionId="trained")
    token, path = token_of(shared.link()), f"/v1/recordings/{shared.recording}"
    assert shared.client.get(path, params={"share": token}).status_code == 200
    session = f"/v1/sessions/{shared.recording}"
    assert shared.ada.ask("DELETE", session).status_code == 204
    assert shared.ada.post(f"{path}:restore").status_code == 200
    assert shared.client.get(path, params={"share": token}).status_code == 404
    assert refused(shared, token)[0] == connection.NOT_FOUND
    assert shared.ada.post(f"{session}:restore").status_code == 204
    assert shared.client.get(path, params={"share": token}).status_code == 200


def test_link_viewers_do_not_use_up_the_streams_of_the_athlete(shared: Shared) -> None:
    app: Any = shared.client.app
    app.state.streams = OpenStreams(most_of_one=1)
    token = token_of(shared.link())
    with shared.client.websocket_connect(shared.replay(token)) as raw:
        begun(raw)
        assert refused(shared, token)[0] == connection.TRY_LATER
        path = f"/ws/replay/{shared.recording}"
        with shared.client.websocket_connect(path, headers=shared.ada.headers) as own:
            begun(own)


def test_a_share_link_takes_precedence_over_a_sign_in(shared: Shared) -> None:
    """A viewer who is signed in to another account can still open the link."""
    token = token_of(shared.link())
    eve: Person = shared.town.citizen("eve@example.org", tenant="gym")
    with shared.client.websocket_connect(shared.replay(token), headers=eve.headers) as raw:
        begun(raw)
    assert eve.get(f"/v1/recordings/{shared.recording}", params={"share": token}).status_code == 200
