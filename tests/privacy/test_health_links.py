"""Tokens of linked health clouds: encrypted, and revoked and forgotten at an erasure."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.health.google import GoogleHealth
from application.health.providers import Grant
from application.health.writes import HealthWrite
from application.platform import Platform
from application.privacy.erasure import NotCertified
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, SessionId, TenantId, UserId
from domain.kernel import Origin
from tests.api.clouds import link, with_clouds
from tests.api.people import Person, Town
from tools.health.clouds import Clouds, simulated_clouds


@pytest.fixture
def clouds() -> Iterator[Clouds]:
    with simulated_clouds() as clouds:
        yield clouds


@pytest.fixture
def settings(settings: Settings, clouds: Clouds, tmp_path: Path) -> Settings:
    return with_clouds(settings, clouds, tmp_path / "keys")


@pytest.fixture
def ada(town: Town) -> Person:
    person = town.citizen("ada@example.org")
    person.agrees("health_data")
    for source in ("google_health", "strava"):
        assert link(person, source).headers["Location"].endswith("=linked")
    return person


def test_tokens_are_stored_encrypted(ada: Person, settings: Settings, clouds: Clouds) -> None:
    """R-TEN-10, R-HLT-02, C-23: in no file in clear, nor the account's id at the cloud."""
    (google,), (strava,) = clouds.google.consents, clouds.strava.consents
    secrets = [google.access, google.refresh, strava.access, strava.refresh, clouds.google.account]
    files = [each for each in settings.home.rglob("*") if each.is_file()]
    assert any(each.name == "tables.sqlite3" for each in files)
    for file in files:
        content = file.read_bytes()
        assert not [secret for secret in secrets if secret.encode() in content], file


def test_an_erasure_revokes_and_forgets_the_tokens(
    ada: Person, platform: Platform, clouds: Clouds, origin: Origin
) -> None:
    """C-24, R-TEN-12: a cloud that is down prevents no erasure."""
    clouds.strava.faults.append("down")
    user, erasure, now = UserId(ada.id), platform.privacy().erasure, platform.clock()
    writes, deliveries = platform.health_writes, platform.health_deliveries
    writes.put(HealthWrite(DEFAULT_TENANT, user, "strava", SessionId("s1"), "written", now))
    deliveries.put(DEFAULT_TENANT, user, "strava", b"{}", now)
    assert len(clouds.google.consents) == 1
    erasure.request(user, origin=origin, at_once=True)
    assert not isinstance(erasure.run(user, origin=origin), NotCertified)
    assert clouds.google.consents == []
    links = platform.health_links
    assert links.get(DEFAULT_TENANT, user, "google_health") is None
    assert not writes.latest(DEFAULT_TENANT, user, 9)
    assert not deliveries.oldest(DEFAULT_TENANT, user, "strava", 9)
    assert links.get(DEFAULT_TENANT, user, "strava") is None


def test_a_link_that_is_made_as_an_erasure_begins_is_revoked(
    ada: Person, platform: Platform, clouds: Clouds, origin: Origin
) -> None:
    """C-24, R-TEN-12: the erasure has ended the links that it found."""
    user, erasure = UserId(ada.id), platform.privacy().erasure

    def end_and_link(tenant_id: TenantId, user_id: UserId) -> None:
        erasure.end_health_links(tenant_id, user_id)
        assert link(ada, "google_health").headers["Location"].endswith("=person.forgotten")

    erasure.request(user, origin=origin, at_once=True)
    slow = replace(erasure, end_health_links=end_and_link)
    assert not isinstance(slow.run(user, origin=origin), NotCertified)
    assert clouds.google.consents == []


def test_a_link_that_is_made_during_an_erasure_is_revoked(
    ada: Person,
    platform: Platform,
    clouds: Clouds,
    origin: Origin,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """C-24, R-TEN-12: the cloud takes its time to give the tokens."""
    user, erasure, redeem = UserId(ada.id), platform.privacy().erasure, GoogleHealth.redeem

    def redeem_and_erase(self: GoogleHealth, *flow: Any) -> Grant:
        grant = redeem(self, *flow)
        erasure.request(user, origin=origin, at_once=True)
        assert not isinstance(erasure.run(user, origin=origin), NotCertified)
        assert len(clouds.google.consents) == 1
        return grant

    monkeypatch.setattr(GoogleHealth, "redeem", redeem_and_erase)
    assert link(ada, "google_health").headers["Location"].endswith("=person.forgotten")
    assert clouds.google.consents == []
    assert platform.health_links.get(DEFAULT_TENANT, user, "google_health") is None
