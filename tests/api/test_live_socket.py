"""Frames by WebSocket work like those by POST, and clients can switch servers during a set."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from fastapi import FastAPI
from prometheus_client import REGISTRY
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from api.app import build_app
from api.middleware.authentication import TOKEN
from api.websocket import connection
from application.kernel.ports import EventLog
from application.live.chunk_codec import encode
from application.live.feed_access import OpenStreams
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT
from domain.sessions.events import RepetitionCounted
from tests.api.closed_sockets import closed_with
from tests.api.conftest import WEB
from tests.api.live_messages import begun, posted, said
from tests.api.people import Person, Town
from tests.data_folders import prepared
from tests.live.chunks import as_json, command, take


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Embedded settings: the storage of events does not affect sockets."""
    return Settings(
        home=prepared(tmp_path / "home"), cache=tmp_path / "cache", postgres_url=None, kafka=None
    )


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    with (
        open_platform(settings) as platform,
        TestClient(build_app(platform, web=WEB), raise_server_exceptions=False) as client,
    ):
        yield client


def test_a_set_is_counted_while_it_is_performed(client: TestClient) -> None:
    """R-LIV-05, R-LIV-15, C-01: compact and JSON messages on one socket."""
    session = begun(client)
    chunks = take(session, repetitions=3)
    with client.websocket_connect("/ws/live") as line:
        for place, query in enumerate(chunks, start=1):
            if place % 2:
                answer = said(line, query)
            else:
                line.send_text(json.dumps(as_json(query)))
                answer = line.receive_json()
            assert (answer["sequence"], answer["seqAck"], answer["mode"]) == (place, place, "live")
    assert (answer["repetitions"], answer["setOver"]) == (3, True)


@pytest.mark.slow
def test_switching_servers_at_every_chunk_counts_once(
    client: TestClient,
) -> None:
    """C-01, R-LIV-10: POST, WebSocket, POST, with a switch at each chunk; some arrive twice."""
    chunks = take("s", repetitions=2)
    whole = begun(client)
    expected = [posted(client, query) for query in take(whole, repetitions=2)]
    for border in range(1, len(chunks)):
        session = begun(client)
        takes = take(session, repetitions=2)
        back = min(border + 3, len(takes))
        answers = [posted(client, query) for query in takes[:border]]
        with client.websocket_connect("/ws/live") as line:
            assert said(line, takes[border - 1])["seqAck"] == border  # the response was lost
            answers += [said(line, query) for query in takes[border:back]]
        assert posted(client, takes[back - 1])["seqAck"] == back
        answers += [posted(client, query) for query in takes[back:]]
        assert [without(each) for each in answers] == [without(each) for each in expected]


def without(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a response that describe the set."""
    return {
        name: each for name, each in answer.items() if name not in {"sessionId", "nextIntervalMs"}
    }


def test_rejected_messages_get_a_problem_on_an_open_socket(client: TestClient) -> None:
    """R-API-03."""
    session = begun(client)
    with client.websocket_connect("/ws/live") as line:
        gap = said(line, command(session, 2))
        assert (gap["status"], gap["code"]) == (409, "live.sequence_gap")
        assert gap["expectedSequence"] == 1
        line.send_bytes(b"KLF1")
        assert line.receive_json()["code"] == "live.body_broken"
        line.send_text("{}")
        assert line.receive_json()["code"] == "request.invalid"
        assert said(line, command("unknown", 1))["status"] == 404
        assert said(line, command(session, 1))["seqAck"] == 1
        line.send_bytes(b"0" * (1024 * 1024 + 1))
        assert closed_with(line) == connection.TOO_LARGE


def test_a_websocket_must_authenticate(town: Town) -> None:
    """R-API-01, R-TEN-03: by header, by subprotocol, or by the first message."""
    ada, bob = town.citizen(), town.citizen("bob@example.org")
    session = begun(town.client, ada)
    token = ada.tokens["accessToken"]
    protocols = [connection.PROTOCOL, TOKEN + token]
    with town.client.websocket_connect("/ws/live", headers=ada.headers) as line:
        assert said(line, command(session, 1))["seqAck"] == 1
    with town.client.websocket_connect("/ws/live", subprotocols=protocols) as line:
        accepted: Any = line.accepted_subprotocol
        assert accepted == connection.PROTOCOL
        assert said(line, command(session, 2))["seqAck"] == 2
    with town.client.websocket_connect("/ws/live") as line:
        line.send_json({"authorization": f"Bearer {token}"})
        assert said(line, command(session, 3))["seqAck"] == 3
    with town.client.websocket_connect("/ws/live", headers=bob.headers) as line:
        assert said(line, command(session, 4))["code"] == "session.unknown"


def test_a_socket_is_closed_when_its_token_ends(town: Town) -> None:
    """R-API-01."""
    ada = town.citizen()
    session = begun(town.client, ada)
    with town.client.websocket_connect("/ws/live", headers=ada.headers) as line:
        assert said(line, command(session, 1))["seqAck"] == 1
        assert ada.post("/v1/auth/logout").status_code == 204
        line.send_bytes(encode(command(session, 2)))
        assert closed_with(line) == connection.UNAUTHENTICATED


FIRST_WORDS: list[tuple[dict[str, Any], int]] = [
    ({}, connection.UNAUTHENTICATED),
    ({"authorization": "Bearer nonsense"}, connection.UNAUTHENTICATED),
    ({"authorization": "Basic YTpi"}, connection.UNAUTHENTICATED),
]


@pytest.mark.parametrize(("word", "code"), FIRST_WORDS)
def test_without_a_token_a_socket_is_closed(town: Town, word: dict[str, Any], code: int) -> None:
    """R-API-01."""
    with town.client.websocket_connect("/ws/live") as line:
        line.send_json(word)
        assert closed_with(line) == code


def test_a_tenant_is_that_of_the_token(town: Town) -> None:
    """R-TEN-01."""
    ada: Person = town.citizen()
    with town.client.websocket_connect("/ws/live") as line:
        line.send_json({"authorization": ada.headers["Authorization"], "tenantId": "gym"})
        assert closed_with(line) == connection.FORBIDDEN


def test_silence_and_the_end_of_the_server_close_a_socket(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "AUTH_TIMEOUT_S", 0.05)
    with town.client.websocket_connect("/ws/live") as line:
        assert closed_with(line) == connection.TIMED_OUT
    headers = town.citizen().headers
    monkeypatch.setattr(connection, "SHUTDOWN_CHECK_S", 0.02)
    with town.client.websocket_connect("/ws/live", headers=headers) as line:
        monkeypatch.setattr(connection, "IDLE_TIMEOUT_S", 0.05)
        assert closed_with(line) == connection.TIMED_OUT
    monkeypatch.setattr(connection, "IDLE_TIMEOUT_S", 600.0)
    app: Any = town.client.app
    with town.client.websocket_connect("/ws/live", headers=headers) as line:
        app.state.readiness.end()
        assert closed_with(line) == connection.SERVICE_RESTART


def test_open_sockets_of_a_user_are_limited(town: Town) -> None:
    """Feeds do not count: a set with many open pages still has its socket."""
    ada, app = town.citizen(), cast("FastAPI", town.client.app)
    session = begun(town.client, ada)
    app.state.streams = OpenStreams(most_of_one=0)
    with town.client.websocket_connect("/ws/live", headers=ada.headers) as line:
        assert said(line, command(session, 1))["seqAck"] == 1
    app.state.live_sockets = OpenStreams(most_of_one=0)
    with town.client.websocket_connect("/ws/live", headers=ada.headers) as line:
        assert closed_with(line) == connection.TRY_LATER


def test_sockets_without_sign_in_share_the_limit_of_the_process(client: TestClient) -> None:
    """Callers who are not signed in cannot be told apart."""
    session, app = begun(client), cast("FastAPI", client.app)
    app.state.live_sockets = OpenStreams(most_of_one=1, most=2)
    with client.websocket_connect("/ws/live"), client.websocket_connect("/ws/live") as second:
        assert said(second, command(session, 1))["seqAck"] == 1
        with client.websocket_connect("/ws/live") as third:
            assert closed_with(third) == connection.TRY_LATER


def test_each_message_of_a_socket_has_a_trace_of_its_own(client: TestClient) -> None:
    """R-OPS-01: a connection may last for hours."""
    session, app = begun(client), cast("FastAPI", client.app)
    with client.websocket_connect("/ws/live") as line:
        for query in take(session, repetitions=3):
            said(line, query)
    log: EventLog = app.state.platform.log
    recorded = log.load(DEFAULT_TENANT, f"session-{session}")
    counted = [each for each in recorded if isinstance(each.event, RepetitionCounted)]
    assert len({each.origin.correlation_id for each in counted}) == len(counted) == 3
    early = command(begun(client), 2)
    with client.websocket_connect("/ws/live") as line:
        refused = [said(line, early) for _ in range(2)]
    assert len({each["correlationId"] for each in refused}) == 2


def test_chunks_are_measured_by_outcome(client: TestClient) -> None:
    """R-OPS-02."""

    def measured(outcome: str) -> float:
        labels = {"outcome": outcome}
        return REGISTRY.get_sample_value("kinelog_chunk_seconds_count", labels) or 0.0

    session = begun(client)
    outcomes = ("live", "live.sequence_gap", "request.invalid")
    before = [measured(each) for each in outcomes]
    with client.websocket_connect("/ws/live") as line:
        said(line, command(session, 1))
        said(line, command(session, 3))
        line.send_text("{}")
        line.receive_json()
    assert [measured(each) for each in outcomes] == [each + 1 for each in before]


def test_pages_of_other_sites_get_no_socket(client: TestClient) -> None:
    """R-API-01."""
    with client.websocket_connect("/ws/live", headers={"Origin": "http://testserver"}):
        pass
    elsewhere = {"Origin": "https://evil.example"}
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect("/ws/live", headers=elsewhere),
    ):
        pass
