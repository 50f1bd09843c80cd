"""Simulated health clouds, and people who link them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from starlette.testclient import TestClient

from api.app import build_app
from api.config import ApiConfig
from application.platform import Platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, UserId
from tests.api.conftest import WEB
from tests.api.people import Person, Town
from tools.health.clouds import Clouds, simulated_clouds
from tools.payments.simulator import Sent


def with_clouds(settings: Settings, clouds: Clouds, folder: Path) -> Settings:
    changed = Settings(**clouds.settings(folder))
    names = clouds.settings(folder)
    return settings.model_copy(update={name: getattr(changed, name) for name in names})


@pytest.fixture
def clouds() -> Iterator[Clouds]:
    with simulated_clouds() as clouds:
        yield clouds


@pytest.fixture
def settings(settings: Settings, clouds: Clouds, tmp_path: Path) -> Settings:
    """The settings of a platform that uses the simulators."""
    return with_clouds(settings, clouds, tmp_path / "keys")


@pytest.fixture
def ada(platform: Platform, settings: Settings) -> Iterator[Person]:
    """A person who agrees to the processing of health data."""
    app = build_app(platform, web=WEB, config=ApiConfig(sign_in_required=True))
    with TestClient(app, raise_server_exceptions=False) as client:
        person = Town(client, platform, settings.home / "mail").citizen("ada@example.org")
        person.agrees("health_data")
        yield person


def agree(location: str, choice: str = "agree", scopes: str = "") -> str:
    """Agree on the page of a cloud; return the path and query of our callback."""
    form = {"choice": choice, "scopes": scopes}
    sent = httpx2.post(location, data=form, follow_redirects=False, timeout=60)
    assert sent.status_code == 303, sent.text
    back = urlsplit(sent.headers["Location"])
    return f"{back.path}?{back.query}"


def begin(person: Person, source: str) -> str:
    """Begin a flow, and return the page of the cloud."""
    begun = person.post(f"/v1/health/integrations/{source}/link")
    assert begun.status_code == 200, begun.text
    return str(begun.json()["location"])


def come_back(person: Person, callback: str) -> Any:
    return person.client.get(callback, headers={"Accept": "text/html"}, follow_redirects=False)


def link(person: Person, source: str, **choices: str) -> Any:
    """Link a cloud, and return the answer to the browser that comes back."""
    return come_back(person, agree(begin(person, source), **choices))


def sync(platform: Platform) -> int:
    """Sync what is due."""
    return platform.health_sync.run_due(Event())


def integration(person: Person, source: str) -> Any:
    items = person.get("/v1/health/integrations").json()["items"]
    return next(each for each in items if each["source"] == source)


def records(person: Person) -> list[tuple[str, float]]:
    items = person.get("/v1/me/health/records", params={"first": 100}).json()["items"]
    return sorted((each["metric"], each["value"]) for each in items)


def notify(person: Person, source: str, sent: Sent, **query: str) -> Any:
    headers = {"Content-Type": sent.media_type, **sent.headers}
    return person.client.post(
        f"/v1/webhooks/health/{source}", content=sent.body, headers=headers, params=query
    )


def due(platform: Platform, person: Person, source: Any) -> None:
    """Let a day pass for a link."""
    links = platform.health_links
    stored = links.get(DEFAULT_TENANT, UserId(person.id), source)
    assert stored is not None
    links.put(replace(stored, due_at=stored.changed_at))
