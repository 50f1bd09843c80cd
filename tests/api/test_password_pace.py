"""Requests with passwords begin at a pace, whatever their number (ADR 38)."""

import asyncio
import re
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from api.app import build_app
from api.config import ApiConfig
from api.middleware.password_pace import (
    BURST,
    CHECKING,
    JUDGING,
    MAX_WAIT_S,
    MAX_WAITING_PER_ADDRESS,
    Pace,
)
from application.users.errors import PasswordsBusy
from tests.api.conftest import WEB
from tests.api.described import committed_openapi
from tests.api.people import PASSWORD, Town

STRENGTH = "/v1/auth/password-strength"
NEVER = 0.001
"""Requests per second: the next turn after a burst is too late for every request."""

PER_SECOND = 8
"""A power of two: its interval is an exact number."""

SCHEMA = Path(__file__).parents[2] / "api" / "schema.graphql"


def test_a_flood_of_passwords_is_refused_and_others_are_served(town: Town) -> None:
    """R-IDN-18, R-API-08: judging delays no sign-in, and neither delays other requests."""
    member = town.citizen()
    config = ApiConfig(sign_in_required=True, passwords_per_second=NEVER)
    app = build_app(town.platform, web=WEB, config=config)
    client = TestClient(app, raise_server_exceptions=False)
    candidate = {"password": PASSWORD, "email": "", "username": ""}
    judged = [client.post(STRENGTH, json=candidate) for _ in range(BURST + 1)]
    assert [each.status_code for each in judged] == [200] * BURST + [503]
    assert judged[-1].json()["code"] == "auth.busy"
    assert int(judged[-1].headers["Retry-After"]) >= 1
    assert client.post(STRENGTH, content=b"not JSON").status_code == 503, "read before its turn"
    wrong = {"email": "nobody@example.org", "password": PASSWORD}
    tried = [client.post("/v1/auth/login", json=wrong).status_code for _ in range(BURST + 1)]
    assert tried == [401] * BURST + [503]
    assert client.get("/v1/auth/me", headers=member.headers).status_code == 200


def test_turns_are_evenly_spaced_after_a_burst() -> None:
    """R-IDN-18."""
    waits = asyncio.run(_waits(BURST * ["10.0.0.1"] + ["10.0.0.2", "10.0.0.3", "10.0.0.4"]))
    assert waits == [1 / 8, 2 / 8, 3 / 8]


def test_nobody_waits_longer_than_the_queue() -> None:
    """R-IDN-18."""
    longest = round(PER_SECOND * MAX_WAIT_S)
    waits = asyncio.run(_waits([f"10.0.0.{each}" for each in range(BURST + longest + 20)]))
    assert len(waits) == longest
    assert max(waits) == MAX_WAIT_S


def test_one_address_does_not_fill_the_queue() -> None:
    """R-API-08."""
    waits = asyncio.run(_waits([*100 * ["203.0.113.7"], "10.0.0.1"]))
    assert len(waits) == MAX_WAITING_PER_ADDRESS + 1


async def _waits(addresses: list[str]) -> list[float]:
    """Return how long requests wait that arrive at one moment, at a pace."""
    waits: list[float] = []
    all_have_arrived = asyncio.Event()

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await all_have_arrived.wait()

    pace = Pace(PER_SECOND, clock=lambda: 1000.0, sleep=sleep)
    turns = [asyncio.create_task(pace.turn(address)) for address in addresses]
    await asyncio.sleep(0)
    all_have_arrived.set()
    results = await asyncio.gather(*turns, return_exceptions=True)
    assert {type(each) for each in results} <= {type(None), PasswordsBusy}
    return waits


def test_every_request_with_a_password_is_paced() -> None:
    """R-IDN-18: a new endpoint that takes a password joins."""
    document = committed_openapi()
    schemas = document["components"]["schemas"]
    with_password = {
        path
        for path, methods in document["paths"].items()
        for operation in methods.values()
        if _has_password(operation.get("requestBody", {}), schemas)
    }
    assert len(with_password) >= 12
    example = {path: path.replace("{provider}", "google") for path in with_password}
    unpaced = [
        path
        for path, each in example.items()
        if not (JUDGING.fullmatch(each) or CHECKING.fullmatch(each))
    ]
    assert unpaced == []
    assert not re.search(r"\bpassword\w*:", SCHEMA.read_text(), re.IGNORECASE)


def _has_password(schema: Any, schemas: dict[str, Any]) -> bool:
    if isinstance(schema, list):
        return any(_has_password(each, schemas) for each in schema)
    if not isinstance(schema, dict):
        return False
    if (name := schema.get("$ref", "").rpartition("/")[2]) in schemas:
        return _has_password(schemas[name], schemas)
    names = schema.get("properties", {})
    return any("password" in name.lower() for name in names) or any(
        _has_password(each, schemas) for each in schema.values()
    )
