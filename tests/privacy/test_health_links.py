"""Tokens of linked health clouds: encrypted, and revoked and forgotten at an erasure."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from application.health.writes import HealthWrite
from application.platform import Platform
from application.privacy.erasure import NotCertified
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, SessionId, UserId
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
