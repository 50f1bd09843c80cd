"""The requests of docs/how-to/native-clients.md work, step by step."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from api.config import ApiConfig
from application.platform import Platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT
from tests.api.conftest import WEB
from tests.api.people import PASSWORD, Town
from tests.live.chunks import as_json, take

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "native-clients.md"
BLOCK = re.compile(r"^```(http|json)\n(.*?)^```|^keep ([^\n]+)$", re.MULTILINE | re.DOTALL)
KEEP = re.compile(r"`(\w+)` = `([^`]+)`")
ANY = "…"
CHUNK = "{chunk}"


@dataclass
class Step:
    """A request, the expected part of its response, and the values to keep from it."""

    method: str
    path: str
    headers: dict[str, str]
    body: str
    expected: Any = None
    keep: tuple[tuple[str, str], ...] = ()


def steps() -> Iterator[Step]:
    """Read the steps from the page."""
    found: list[Step] = []
    for match in BLOCK.finditer(PAGE.read_text()):
        kind, content, kept = match.groups()
        if kind == "http":
            head, _, body = content.partition("\n\n")
            first, *others = head.splitlines()
            method, path = first.split()
            headers = dict(line.split(": ", 1) for line in others)
            found.append(Step(method, path, headers, body.strip()))
        elif kind == "json":
            found[-1].expected = json.loads(content)
        else:
            found[-1].keep = tuple(KEEP.findall(kept))
    return iter(found)


def holds(answer: Any, expected: Any) -> bool:
    """Return whether a response contains the expected values, with lists compared item by item."""
    match expected:
        case "…":
            return True
        case dict():
            return isinstance(answer, dict) and all(
                name in answer and holds(answer[name], each) for name, each in expected.items()
            )
        case ["…"]:
            return isinstance(answer, list) and bool(answer)
        case list():
            same = len(answer) == len(expected)
            return same and all(holds(*pair) for pair in zip(answer, expected, strict=True))
        case _:
            return bool(answer == expected)


def pick(answer: Any, path: str) -> Any:
    """Return the value at a path of names; `name=value` selects the list item with that value."""
    for name in path.split("."):
        key, is_sought, sought = name.partition("=")
        answer = _found(answer, key, sought) if is_sought else answer[key]
    return answer


def _found(parts: list[Any], key: str, sought: str) -> Any:
    return next(each for each in parts if each[key] == sought)


def filled(text: str, values: dict[str, str]) -> str:
    """Replace placeholders with known values."""
    return re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], match[0]), text)


@dataclass
class Device:
    """Sends the steps, and keeps values of the responses."""

    client: TestClient
    values: dict[str, str]

    def send(self, step: Step, body: str) -> Any:
        headers = {"Content-Type": "application/json", **step.headers}
        headers = {name: filled(value, self.values) for name, value in headers.items()}
        if "token" in self.values:
            headers["Authorization"] = f"Bearer {self.values['token']}"
        answer = self.client.request(
            step.method, filled(step.path, self.values), content=body, headers=headers
        )
        assert answer.status_code in {200, 201}, f"{step.path}: {answer.text}"
        return answer.json()

    def take(self, step: Step) -> Any:
        """Execute a step; one with `{chunk}` is sent for each chunk of a set of four squats."""
        if step.body != CHUNK:
            return self.send(step, filled(step.body, self.values))
        answer: Any = None
        for chunk in take(self.values["session"], repetitions=4):
            answer = self.send(step, json.dumps(as_json(chunk)))
        return answer


@pytest.fixture
def device(platform: Platform, settings: Settings) -> Iterator[Device]:
    app = build_app(platform, web=WEB, config=ApiConfig(sign_in_required=True))
    with TestClient(app, raise_server_exceptions=False) as client:
        town = Town(client, platform, settings.home / "mail")
        town.citizen("ada@example.org", camera=False)
        values = {"tenant": DEFAULT_TENANT, "email": "ada@example.org", "password": PASSWORD}
        yield Device(client, values)


def test_a_native_client_is_led_from_its_token_to_healthkit(device: Device) -> None:
    """R-UIX-10, R-HLT-09, R-LIV-04: each step of the page, as documented."""
    done = 0
    for step in steps():
        answer = device.take(step)
        if step.expected is not None:
            expected = json.loads(filled(json.dumps(step.expected), device.values))
            assert holds(answer, expected), f"{step.method} {step.path}: {answer}"
        for name, path in step.keep:
            device.values[name] = pick(answer, path)
        done += 1
    assert done > 15


@pytest.mark.parametrize(
    ("answer", "expected", "is_so"),
    [
        ({"a": 1, "b": 2}, {"a": 1}, True),
        ({"a": 1}, {"a": 2}, False),
        ({"a": [1, 2]}, {"a": [1]}, False),
        ({"a": [{"b": 1, "c": 2}]}, {"a": [{"b": 1}]}, True),
        ({}, {"a": ANY}, False),
    ],
)
def test_the_fixture_knows_what_an_answer_holds(answer: Any, expected: Any, *, is_so: bool) -> None:
    assert holds(answer, expected) == is_so
