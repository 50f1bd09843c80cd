"""The queue `health-integration`: a linked cloud is synced as soon as its event arrives."""

from datetime import UTC, datetime, timedelta
from threading import Event

import pytest

from application.health import sync_triggers
from application.health.sync_triggers import GROUP, LINKED, LinkedClouds
from application.kernel.bus import Delivery, Message
from application.kernel.cloud_events import encoded, to_message
from application.platform import Platform
from bootstrap.settings import Settings
from bootstrap.wiring.bus import build_kafka_bus
from bootstrap.wiring.health_clouds import following_health_links
from domain.ids import DEFAULT_TENANT, UserId
from tests.api.clouds import ada, clouds, integration, link, records, settings, sync
from tests.api.people import Person
from tests.golden.examples import CODEC
from tests.live.site import kafka_with_topics
from tests.waiting import wait_until
from tools.health.clouds import Clouds

__all__ = ["ada", "clouds", "settings"]


def messages(platform: Platform) -> list[Message]:
    """Return the events of health data in the log, as the relay publishes them."""
    recorded = platform.log.scan(after=0, limit=1000)
    found = [to_message(encoded(each, CODEC.encode)) for each in recorded]
    return [each for each in found if each.topic in GROUP.topics]


def handle(platform: Platform) -> None:
    queue = LinkedClouds(lambda: platform.health_sync, Event())
    for offset, message in enumerate(messages(platform)):
        queue.handle(Delivery(message, partition=0, offset=offset))


def test_the_queue_syncs_a_linked_cloud_once(
    ada: Person, platform: Platform, clouds: Clouds
) -> None:
    """R-EVT-06, R-HLT-08: also if its event is repeated."""
    clouds.google.weigh(datetime.now(UTC) - timedelta(days=1), 61500, "scale-1")
    link(ada, "google_health")
    handle(platform)
    assert records(ada) == [("weight", 61.5)]
    synced = integration(ada, "google_health")
    assert synced["lastSyncAt"] is not None
    handle(platform)
    assert integration(ada, "google_health") == synced
    assert sync(platform) == 0


def test_other_events_begin_no_sync(ada: Person, platform: Platform) -> None:
    """R-EVT-06"""
    link(ada, "google_health")
    queue = LinkedClouds(lambda: platform.health_sync, Event())
    others = [each for each in messages(platform) if LINKED.encode() not in str(each).encode()]
    queue.handle(Delivery(others[0], partition=0, offset=0))
    assert sync(platform) == 1


def test_the_api_consumes_the_queue_on_kafka(
    ada: Person,
    platform: Platform,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R-EVT-06: the table alone would be looked at an hour later."""
    monkeypatch.setattr(sync_triggers, "POLL_S", 3600.0)
    with kafka_with_topics() as kafka:
        on_kafka = settings.model_copy(update={"kafka": kafka.bootstrap})
        with following_health_links(on_kafka, platform), build_kafka_bus(on_kafka) as bus:
            link(ada, "google_health")
            bus.publish(messages(platform))
            links = platform.health_links

            def is_synced() -> bool:
                found = links.get(DEFAULT_TENANT, UserId(ada.id), "google_health")
                return found is not None and found.synced_until is not None

            wait_until(is_synced)
