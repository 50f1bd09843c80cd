"""Health data is encrypted in the log, and erased and exported with its person."""

import io
import json
from datetime import UTC, datetime, timedelta
from zipfile import ZipFile

from adapters.cache.memory import MemoryCache
from application.health.dashboard import HealthDashboard
from application.kernel.cache import personal_prefix
from application.kernel.cloud_events import EncodedEvent
from application.platform import Platform
from application.privacy.erasure import NotCertified
from domain.ids import DEFAULT_TENANT
from domain.kernel import Origin
from domain.personal import Erased
from projections.health_goal import HEALTH_GOAL
from projections.health_integration import HEALTH_INTEGRATION
from projections.health_metric import HEALTH_METRIC
from projections.user_health_profile import USER_HEALTH_PROFILE
from tests.privacy.measured_health import measure
from tests.privacy.person import settle

SECRETS = (b"weight", b"61.25", b"60.5", b"scale-1", b"Scale of Ida", b"anchor-4711")


def test_the_log_has_no_health_data_in_clear(platform: Platform, origin: Origin) -> None:
    """R-TEN-09, C-23: neither values nor the names of metrics, devices and records."""
    person = settle(platform)
    measure(platform, person.id, origin)
    encoded = platform.privacy().erasure.encoded_log.scan(after=0, limit=1000)
    health = [each for each in encoded if each.stream.startswith("health")]
    assert {each.name for each in health} >= {"health_metric.synced", "health.goal_set"}
    for each in health:
        found = [secret for secret in SECRETS if secret in each.payload]
        assert not found, (each.name, found)


def test_health_data_is_erased_with_its_person(platform: Platform, origin: Origin) -> None:
    """C-24, R-TEN-12: rows are removed, and what the log has cannot be read any more."""
    person = settle(platform)
    measure(platform, person.id, origin)
    models = (HEALTH_METRIC, HEALTH_INTEGRATION, HEALTH_GOAL, USER_HEALTH_PROFILE)
    assert [platform.read.count(each, DEFAULT_TENANT) for each in models] == [1, 1, 1, 1]
    (key,) = (each.stream for each in batches(platform))
    day = datetime.now(UTC).date()
    dashboard = HealthDashboard(platform.log, platform.read, platform.cache)
    dashboard.trend(DEFAULT_TENANT, person.id, "weight", day - timedelta(days=2), day)
    prefix = personal_prefix(DEFAULT_TENANT, person.id)
    assert isinstance(platform.cache, MemoryCache)
    assert [key for key in platform.cache._values if key.startswith(prefix)]
    erasure = platform.privacy().erasure
    erasure.request(person.id, origin=origin, at_once=True)
    assert not isinstance(erasure.run(person.id, origin=origin), NotCertified)
    assert [platform.read.count(each, DEFAULT_TENANT) for each in models] == [0, 0, 0, 0]
    assert not [key for key in platform.cache._values if key.startswith(prefix)]
    (batch,) = platform.log.load(DEFAULT_TENANT, key)
    assert isinstance(batch.event.records.value, Erased)
    choices = platform.health.choices(DEFAULT_TENANT, person.id)
    assert (choices.goals, choices.orders) == ({}, {})


def batches(platform: Platform) -> list[EncodedEvent]:
    encoded = platform.privacy().erasure.encoded_log.scan(after=0, limit=1000)
    return [each for each in encoded if each.name == "health_metric.synced"]


def test_an_export_has_the_records(platform: Platform, origin: Origin) -> None:
    """R-TEN-13: as events and as rows, readable for the person."""
    person = settle(platform)
    measure(platform, person.id, origin)
    archive = io.BytesIO()
    platform.privacy().exports.writer.write_into(DEFAULT_TENANT, person.id, archive)
    with ZipFile(archive) as files:
        lines = files.read("events.jsonl").decode().splitlines()
        (row,) = files.read("rows/health_metric.jsonl").decode().splitlines()
    (batch,) = (each for each in map(json.loads, lines) if each["name"] == "health_metric.synced")
    assert [each["value"] for each in batch["event"]["records"]["records"]] == [61.25]
    assert (json.loads(row)["metric"], json.loads(row)["value"]) == ("weight", 61.25)
