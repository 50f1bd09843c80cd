"""GraphQL WebSockets: authentication and limits."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from structlog.testing import capture_logs

from api.app import build_app
from api.config import ApiConfig
from api.graphql import event_streams
from api.websocket.connection import TRY_LATER
from application.kernel.ports import StorageUnavailable
from application.live import feed
from application.live.feed_access import OpenStreams
from application.platform import Platform
from bootstrap.settings import Settings
from domain.sessions import commands
from tests.api.closed_sockets import closed_with
from tests.api.conftest import WEB
from tests.api.driver import AT, ApiDriver
from tests.api.people import Town
from tests.api.sockets import CUES, PROTOCOL, WHOLE, bearer, begun, events, socket, write
from tests.data_folders import prepared


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Embedded settings: the storage of events does not affect sockets."""
    return Settings(home=prepared(tmp_path / "home"), cache=tmp_path / "cache", postgres_url=None)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "WAIT_S", 0.05)


WITHOUT: list[dict[str, Any]] = [
    {},
    {"Authorization": "Bearer nonsense"},
    {"Authorization": "Basic YTpi"},
    {"Authorization": 7},
    {"X-Tenant-ID": "../gym"},
    {"X-Tenant-ID": 7},
]


def test_without_a_token_a_socket_is_closed(town: Town) -> None:
    """R-API-01."""
    for payload in WITHOUT:
        with town.client.websocket_connect("/graphql", subprotocols=[PROTOCOL]) as raw:
            raw.send_json({"type": "connection_init", "payload": payload})
            assert closed_with(raw) == 4403


def test_during_an_outage_a_socket_is_opened_again_later(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-API-01: clients take 4403 as final."""
    ada = town.citizen()

    def fail(*_: object) -> None:
        raise StorageUnavailable

    monkeypatch.setattr(event_streams, "caller_of", fail)
    with town.client.websocket_connect("/graphql", subprotocols=[PROTOCOL]) as raw:
        raw.send_json({"type": "connection_init", "payload": bearer(ada)})
        assert closed_with(raw) == TRY_LATER


def test_a_tenant_is_that_of_the_token(town: Town) -> None:
    """R-TEN-01, C-10."""
    ada = town.citizen()
    with town.client.websocket_connect("/graphql", subprotocols=[PROTOCOL]) as raw:
        payload = {**bearer(ada), "X-Tenant-ID": "gym"}
        raw.send_json({"type": "connection_init", "payload": payload})
        assert closed_with(raw) == 4403


def test_a_subscription_needs_a_connection_that_stays(driver: ApiDriver) -> None:
    sent = {"query": WHOLE, "variables": {"session": begun(driver)}}
    refused = driver.client.post("/graphql", json=sent)
    assert (refused.status_code, refused.json()["code"]) == (406, "http.406")
    assert "text/event-stream" in refused.json()["detail"]


def test_streams_are_for_subscriptions_alone(driver: ApiDriver) -> None:
    """Resolvers of queries would block the streams of others."""
    with socket(driver.client) as line:
        error = line.refusal("{ exercises { id } }")
        assert error["extensions"]["code"] == "graphql.invalid"
        assert "quer" in error["message"].lower()
    view = events(driver.client, "mutation { x }")
    assert view[0]["data"]["errors"][0]["extensions"]["code"] == "graphql.invalid"


def test_a_socket_has_so_many_subscriptions_and_a_person_so_many_streams(
    driver: ApiDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_streams, "MAX_OPERATIONS", 2)
    app: Any = driver.client.app
    app.state.streams = OpenStreams(most_of_one=1)
    session = begun(driver)
    with socket(driver.client) as line:
        line.subscribe(WHOLE, session=session)
        assert line.receive()["type"] == "next"
        second = line.refusal(WHOLE, session=session)
        assert second["extensions"]["code"] == "progress.too_many_streams"
        app.state.streams._most_of_one = 9
        name = line.subscribe(CUES, session=session)
        third = line.subscribe(CUES, session=session)
        message = line.receive()
        assert (message["id"], message["type"]) == (third, "error")
        line.raw.send_json({"id": name, "type": "complete"})


def test_a_subscription_is_limited_as_a_query_is(driver: ApiDriver) -> None:
    """R-API-07."""
    session = begun(driver)
    aliases = " ".join(f"a{number}: cursor" for number in range(31))
    document = f'subscription {{ sessionProgress(sessionId: "{session}") {{ {aliases} }} }}'
    with socket(driver.client) as line:
        assert "alias" in line.refusal(document)["message"].lower()
        many = " ".join(["cursor"] * 3000)
        document = f'subscription {{ sessionProgress(sessionId: "{session}") {{ {many} }} }}'
        assert "token" in line.refusal(document)["message"].lower()
        deep = "subscription { cues(sessionId: 1, after: 2) { cue { cue } } }"
        assert line.refusal(deep)["extensions"]["code"] == "graphql.invalid"
        view = line.refusal(CUES, session=session, after="yesterday")
        assert view["extensions"]["code"] == "progress.place_invalid"
        view = line.refusal(CUES, session=session, after="999999")
        assert view["extensions"]["code"] == "progress.place_invalid"


def test_unexpected_errors_are_masked(driver: ApiDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    """R-OPS-04: the log has it under the correlation id that the client receives."""

    def broken(*_: Any) -> None:
        raise RuntimeError("secret")

    session = begun(driver)
    monkeypatch.setattr(feed, "entries_of", broken)
    with capture_logs() as said, socket(driver.client) as line:
        error = line.refusal(WHOLE, session=session)
    assert error["extensions"]["code"] == "internal"
    assert error["extensions"]["correlationId"]
    assert "secret" not in str(error)
    assert [one["event"] for one in said if one["log_level"] == "error"] == ["graphql.failed"]
    with socket(driver.client) as line:
        assert "Syntax" in line.refusal("subscription {")["message"]


def test_a_silent_socket_is_closed(driver: ApiDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_streams, "AUTH_TIMEOUT_S", 0.05)
    with driver.client.websocket_connect("/graphql", subprotocols=[PROTOCOL]) as raw:
        assert closed_with(raw) == 4408


def test_a_socket_without_subscriptions_is_closed(
    driver: ApiDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_streams, "IDLE_TIMEOUT_S", 10.0)
    session = begun(driver)
    with socket(driver.client) as line:
        line.subscribe(WHOLE, session=session)
        assert line.receive()["type"] == "next"
        monkeypatch.setattr(event_streams, "IDLE_TIMEOUT_S", 0.1)
        write(driver, session, commands.CompleteSession(at=AT, specs={}))
        assert closed_with(line.raw) == event_streams.IDLE_CLOSE_CODE


def test_open_sockets_of_a_user_are_limited(town: Town) -> None:
    """R-API-08: also of one who subscribes to nothing."""
    ada, eve = town.citizen(), town.citizen("eve@example.org")
    app: Any = town.client.app
    app.state.graphql_sockets = OpenStreams(most_of_one=1, most=2)
    with socket(town.client, bearer(ada)):
        with town.client.websocket_connect("/graphql", subprotocols=[PROTOCOL]) as second:
            second.send_json({"type": "connection_init", "payload": bearer(ada)})
            assert closed_with(second) == TRY_LATER
        with socket(town.client, bearer(eve)):
            pass
    with socket(town.client, bearer(ada)):
        pass


def test_sockets_without_sign_in_share_the_limit_of_the_process(client: TestClient) -> None:
    """Callers who are not signed in cannot be told apart."""
    app: Any = client.app
    app.state.graphql_sockets = OpenStreams(most_of_one=1, most=2)
    with (
        socket(client),
        socket(client),
        client.websocket_connect("/graphql", subprotocols=[PROTOCOL]) as third,
    ):
        third.send_json({"type": "connection_init"})
        assert closed_with(third) == TRY_LATER


def test_the_length_of_a_message_is_limited(driver: ApiDriver) -> None:
    with socket(driver.client) as line:
        line.subscribe(WHOLE + " " * event_streams.MAX_MESSAGE_CHARS, session="s")
        assert closed_with(line.raw) == 4400


MALFORMED = [
    "[]",
    "5",
    "null",
    '"x"',
    "[" * event_streams.MAX_MESSAGE_CHARS,
    '{"type": 5}',
    '{"type": "complete", "id": []}',
    '{"type": "subscribe"}',
    '{"type": "subscribe", "id": [], "payload": {"query": "{ x }"}}',
    '{"type": "subscribe", "id": "1", "payload": null}',
    '{"type": "subscribe", "id": "1", "payload": {"query": 5}}',
    '{"type": "subscribe", "id": "1", "payload": {"query": "{ x }", "variables": []}}',
]


@pytest.mark.parametrize("message", MALFORMED, ids=lambda message: message[:60])
def test_a_malformed_message_closes_the_socket(client: TestClient, message: str) -> None:
    """R-API-03."""
    with socket(client) as line:
        line.raw.send_text(message)
        assert closed_with(line.raw) == 4400
    with client.websocket_connect("/graphql", subprotocols=[PROTOCOL]) as raw:
        raw.send_text(message)
        assert closed_with(raw) in {4400, 4401}


def test_pages_of_other_sites_get_no_socket(platform: Platform) -> None:
    """R-API-01: another site cannot subscribe with the user's browser."""
    elsewhere, invited, own = "https://evil.example", "https://app.example", "http://testserver"
    app = build_app(platform, web=WEB, config=ApiConfig(origins=(invited,)))
    with TestClient(app) as client:
        for origin in (invited, own):
            with socket(client, None, Origin=origin):
                pass
        with pytest.raises(WebSocketDisconnect), socket(client, None, Origin=elsewhere):
            pass
