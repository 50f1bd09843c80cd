"""Frames, GraphQL and uploads are limited for each caller, over every transport."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.testclient import TestClient

from adapters.rate_limit.token_bucket import TokenBuckets
from api.app import build_app
from api.config import ApiConfig, Policy
from api.middleware.authentication import TOKEN
from api.websocket.connection import PROTOCOL
from application.kernel.ports import RateLimit, RateLimiter
from application.platform import Platform
from bootstrap.settings import Settings
from bootstrap.wiring.api import build_api_config
from tests.api.conftest import WEB
from tests.api.data_channel_lines import line_to
from tests.api.people import Person, Town
from tests.api.sockets import bearer, socket
from tests.live.chunks import command

AMOUNT = 2
NEW: tuple[Policy, ...] = ("streaming", "graphql", "uploads", "health_uploads")


@pytest.fixture
def town(platform: Platform, settings: Settings) -> Iterator[Town]:
    limiters = {name: TokenBuckets(name, AMOUNT, window_s=3600) for name in NEW}
    config = ApiConfig(sign_in_required=True, limiters=limiters)
    with TestClient(
        build_app(platform, web=WEB, config=config), raise_server_exceptions=False
    ) as client:
        yield Town(client, platform, settings.home / "mail")


def requests_of(person: Person, policy: Policy) -> list[Any]:
    """Send one request more than are granted; what they ask for does not matter."""
    match policy:
        case "streaming":
            return [person.post("/v1/workouts/streaming", json={}) for _ in range(AMOUNT + 1)]
        case "graphql":
            query = {"query": "{ __typename }"}
            return [person.post("/graphql", json=query) for _ in range(AMOUNT + 1)]
        case "health_uploads":
            path = "/v1/me/health/sources/apple_health/records"
            return [person.post(path, json={}) for _ in range(AMOUNT + 1)]
        case _:
            return [person.post("/v1/sessions:analyze") for _ in range(AMOUNT + 1)]


def test_uploads_of_videos_count_as_uploads_and_their_list_does_not(town: Town) -> None:
    """R-CON-01, R-API-08: with new versions."""
    ada = town.citizen()
    assert 429 not in [ada.get("/v1/content").status_code for _ in range(AMOUNT + 1)]
    paths = ("/v1/content", "/v1/content/c1/replace", "/v1/content")
    answers = [ada.post(path, json={}).status_code for path in paths]
    assert [status == 429 for status in answers] == [False] * AMOUNT + [True]


def test_examples_of_exercises_count_as_uploads_and_their_list_does_not(town: Town) -> None:
    """R-API-08, R-WKT-02: to derive a definition takes long."""
    ada, path = town.citizen(), "/v1/custom-exercises"
    assert 429 not in [ada.get(path).status_code for _ in range(AMOUNT + 1)]
    answers = [ada.post(path, json={}).status_code for _ in range(AMOUNT + 1)]
    assert answers == [422] * AMOUNT + [429]


@pytest.mark.parametrize("policy", NEW)
def test_requests_beyond_the_limit_of_a_caller_are_refused(town: Town, policy: Policy) -> None:
    """R-API-08: with the fields of rate limits; another user has their own limit."""
    ada, bob = town.citizen(), town.citizen("bob@example.org")
    answers = requests_of(ada, policy)
    assert [each.status_code == 429 for each in answers] == [False] * AMOUNT + [True]
    assert answers[0].headers["RateLimit-Policy"] == f'"{policy}";q={AMOUNT};w=3600'
    assert answers[0].headers["RateLimit"].startswith(f'"{policy}";r={AMOUNT - 1};')
    refused = answers[-1]
    assert refused.json()["code"] == "http.429"
    assert 0 < int(refused.headers["Retry-After"]) <= 1800
    assert requests_of(bob, policy)[0].status_code != 429


def test_wrong_upload_tokens_are_limited_by_address(town: Town) -> None:
    """R-API-08: each reads the log."""
    headers = {"Authorization": "Bearer kinelog-upload~default~apple_health~ada~guess"}
    path = "/v1/me/health/sources/apple_health/records"
    answers = [town.client.post(path, headers=headers, json={}) for _ in range(AMOUNT + 1)]
    assert [each.status_code for each in answers] == [401] * AMOUNT + [429]
    assert answers[-1].json()["code"] == "http.429"


@dataclass
class Slow:
    """A limiter that refuses each message twice before it grants it."""

    is_remote: bool = True
    keys: list[str] = field(default_factory=list[str])

    def consume(self, whose: str) -> RateLimit:
        self.keys.append(whose)
        granted = len(self.keys) % 3 == 0
        return RateLimit(granted=granted, limit=1000, window_s=1, remaining=0, resets_in_s=1)


@pytest.mark.parametrize("path", ["/ws/live", "/ws/pose"])
def test_messages_of_a_socket_wait_and_are_not_lost(platform: Platform, path: str) -> None:
    """R-API-08: throttled, not refused."""
    limiter = Slow()
    app = build_app(platform, web=WEB, config=ApiConfig(limiters={"streaming": limiter}))
    with TestClient(app) as client, client.websocket_connect(path) as line:
        for _ in range(3):
            line.send_text("{}")
            assert line.receive_json()
    assert len(limiter.keys) == 9
    assert len(set(limiter.keys)) == 1


@dataclass
class Counted:
    """A limiter that grants everything and counts by key."""

    is_remote: bool = False
    keys: list[str] = field(default_factory=list[str])

    def consume(self, whose: str) -> RateLimit:
        self.keys.append(whose)
        return RateLimit(granted=True, limit=1000, window_s=1, remaining=1, resets_in_s=1)


@pytest.fixture
def counted() -> Counted:
    return Counted()


@pytest.fixture
def counting_town(platform: Platform, settings: Settings, counted: Counted) -> Iterator[Town]:
    limiters: dict[Policy, RateLimiter] = {"streaming": counted, "graphql": counted}
    config = ApiConfig(sign_in_required=True, limiters=limiters)
    with TestClient(build_app(platform, web=WEB, config=config)) as client:
        yield Town(client, platform, settings.home / "mail")


def test_all_connections_of_a_user_spend_from_one_limit(
    counting_town: Town, counted: Counted
) -> None:
    """R-API-08: requests, sockets by header, by subprotocol and by message, and data channels."""
    client = counting_town.client
    ada, bob = counting_town.citizen(), counting_town.citizen("bob@example.org")
    token = ada.tokens["accessToken"]
    own = f"{ada.tenant}/{ada.id}"
    ada.post("/v1/workouts/streaming", json={})
    for path in ("/ws/live", "/ws/pose"):
        for how in ({"headers": ada.headers}, {"subprotocols": [PROTOCOL, TOKEN + token]}):
            with client.websocket_connect(path, **how) as line:
                line.send_text("{}")
                assert line.receive_json()
        with client.websocket_connect(path) as line:
            line.send_json({"authorization": f"Bearer {token}"})
            line.send_text("{}")
            assert line.receive_json()

    async def by_channel() -> None:
        async with line_to(client, ada.headers) as line:
            await line.chunk(command("unknown", 1))

    asyncio.run(by_channel())
    by_message = ["testclient", own]  # nobody is signed in before the first message
    assert counted.keys == [own, *[own, own, *by_message] * 2, own]
    counted.keys.clear()
    bob.post("/v1/workouts/streaming", json={})
    assert counted.keys == [f"{bob.tenant}/{bob.id}"]


def test_sockets_of_subscriptions_spend_from_the_limit_of_the_user(
    counting_town: Town, counted: Counted
) -> None:
    """R-API-08: also if `connection_init` authenticates."""
    ada = counting_town.citizen()
    with socket(counting_town.client, bearer(ada)) as line:
        line.raw.send_json({"type": "ping"})
        line.raw.receive_json()
    assert counted.keys[-1] == f"{ada.tenant}/{ada.id}"


def test_someone_on_their_own_machine_is_not_limited(settings: Settings) -> None:
    """R-API-08: those who sign in are."""
    one = settings.model_copy(update={"sign_in": "open", "redis_url": None})
    many = settings.model_copy(update={"sign_in": "required", "redis_url": None})
    assert not set(NEW) & build_api_config(one, "127.0.0.1").limiters.keys()
    assert set(NEW) <= build_api_config(many, "127.0.0.1").limiters.keys()
