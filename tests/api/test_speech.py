"""Spoken cues over HTTP (R-LIV-16)."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import av
import pytest
from starlette.testclient import TestClient

from api.app import build_app
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.api import build_api_config
from tests.api.conftest import WEB
from tests.api.driver import ApiDriver
from tests.peers.read_aloud import ReadAloudPeer, read_aloud_peer

KNEES = "Push your knees out, over your toes."


@pytest.fixture
def peer() -> Iterator[ReadAloudPeer]:
    with read_aloud_peer() as listening:
        yield listening


@contextmanager
def speaking(settings: Settings, peer: ReadAloudPeer, **changes: Any) -> Iterator[TestClient]:
    wanted = {"speech": "edge", "speech_endpoint": peer.endpoint, "sign_in": "open", **changes}
    chosen = settings.model_copy(update=wanted)
    with open_platform(chosen) as platform:
        app = build_app(platform, web=WEB, config=build_api_config(chosen, "127.0.0.1"))
        with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
            yield client


def speech(client: TestClient, say: str = KNEES, **headers: str) -> Any:
    return client.get("/v1/speech", params={"say": say}, headers=headers)


def test_a_sentence_is_spoken_once_and_kept(settings: Settings, peer: ReadAloudPeer) -> None:
    """R-LIV-16: cached audio is reused on another day."""
    with speaking(settings, peer) as client:
        first = speech(client)
        assert (first.status_code, first.headers["Content-Type"]) == (200, "audio/mpeg")
        with av.open(io.BytesIO(first.content), "r") as file:
            assert file.streams.audio[0].rate == 24_000
        assert "private" in first.headers["Cache-Control"]
        again = speech(client, **{"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    peer.mood = "refuses"
    with speaking(settings, peer) as client:
        assert speech(client).content == first.content
    assert peer.words == [KNEES]


def test_concurrent_speech_requests_share_one_synthesis(
    settings: Settings, peer: ReadAloudPeer
) -> None:
    with speaking(settings, peer) as client, ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(lambda _: speech(client), range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert peer.words == [KNEES]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"say": "Buy my potion."}, 422, "speech.sentence_unknown"),
        ({"say": KNEES + " "}, 422, "speech.sentence_unknown"),
        ({"say": KNEES, "language": "tlh"}, 422, "coaching.language_unknown"),
        ({"say": "a" * 201}, 422, "request.invalid"),
        ({"say": ""}, 422, "request.invalid"),
        ({}, 422, "request.invalid"),
    ],
)
def test_free_text_cannot_be_spoken(
    settings: Settings, peer: ReadAloudPeer, query: dict[str, str], status: int, code: str
) -> None:
    """R-LIV-16: only predefined cues are sent to the service."""
    with speaking(settings, peer) as client:
        refused = client.get("/v1/speech", params=query)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert peer.connections == 0


def test_a_speech_provider_outage_returns_503(settings: Settings, peer: ReadAloudPeer) -> None:
    with speaking(settings, peer) as client:
        peer.mood = "refuses"
        away = speech(client)
        assert (away.status_code, away.json()["code"]) == (503, "speech.unavailable")
        assert away.headers["Cache-Control"] == "no-store"
        peer.mood = "speaks"
        assert speech(client).status_code == 200


def test_speech_requests_are_rate_limited(settings: Settings, peer: ReadAloudPeer) -> None:
    with speaking(settings, peer, speech_per_minute=1) as client:
        first, second = speech(client), speech(client)
    assert first.headers["RateLimit-Policy"] == '"speech";q=1;w=60'
    assert (second.status_code, "Retry-After" in second.headers) == (429, True)


def test_phrases_of_an_exercise_are_listed(settings: Settings, peer: ReadAloudPeer) -> None:
    with speaking(settings, peer) as client:
        view = client.get("/v1/speech/phrases", params={"exercise": "squat"}).json()
        assert view["served"] is True
        assert KNEES in view["sentences"]
        assert all(speech(client, sentence).status_code == 200 for sentence in view["sentences"])
        unknown = client.get("/v1/speech/phrases", params={"exercise": "yoga"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "motion.unknown_exercise")


def test_disabled_speech_sends_nothing_to_a_provider(driver: ApiDriver) -> None:
    """R-LIV-16: speech is disabled unless the operator enables it."""
    off = speech(driver.client)
    assert (off.status_code, off.json()["code"]) == (404, "speech.off")
    view = driver.client.get("/v1/speech/phrases", params={"exercise": "squat"}).json()
    assert view["served"] is False
