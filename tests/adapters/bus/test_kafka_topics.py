"""Topics are created as declared and never reduced."""

import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from kafka.admin import ConfigResource, ConfigResourceType

from adapters.bus.kafka.admin import KafkaTopics
from adapters.bus.kafka.client import library
from application.kernel.bus import BusUnavailable
from application.kernel.topics import SESSIONS_CHANGELOG, TOPICS, Topic
from tests.plugins.services import Service


@pytest.fixture
def topic() -> Topic:
    return Topic(f"test.{secrets.token_hex(6)}", "What a test sends.", timedelta(hours=2), 2)


@pytest.fixture
def topics(kafka: Service) -> KafkaTopics:
    return KafkaTopics(kafka.address)


def settings_of(kafka: Service, *topics: Topic) -> Any:
    """Return the Kafka settings of topics by name."""
    admin = library.KafkaAdminClient(bootstrap_servers=kafka.address)
    described = admin.describe_configs(
        [ConfigResource(ConfigResourceType.TOPIC, each.name) for each in topics],
        config_filter="all",
    )
    admin.close()
    return described["topic"]


def test_all_declared_topics_are_made_once(topics: KafkaTopics) -> None:
    """R-EVT-03 to R-EVT-09: the names are literal."""
    made = topics.create(TOPICS)
    assert {each.state for each in made} == {"as declared"}
    assert topics.create(TOPICS) == made
    assert topics.status(TOPICS) == made


def test_a_topic_keeps_messages_as_long_as_declared(
    kafka: Service, topics: KafkaTopics, topic: Topic
) -> None:
    kept = replace(topic, name=f"{topic.name}.kept", compacted=True)
    topics.create([topic, kept])
    settings = settings_of(kafka, topic, kept)
    assert settings[topic.name]["retention.ms"]["value"] == "7200000"
    assert settings[topic.name]["cleanup.policy"]["value"] == "delete"
    assert set(settings[kept.name]["cleanup.policy"]["value"].split(",")) == {"compact", "delete"}


def test_states_are_compacted_soon_and_never_before_both_of_two_could_be_read(
    kafka: Service, topics: KafkaTopics, topic: Topic
) -> None:
    """A worker that was suspended may write a state after others have taken over."""
    states = replace(SESSIONS_CHANGELOG, name=f"{topic.name}.states")
    topics.create([states])
    settings = settings_of(kafka, states)[states.name]
    hour = str(3_600_000)
    assert settings["min.compaction.lag.ms"]["value"] == settings["segment.ms"]["value"] == hour
    assert settings["segment.bytes"]["value"] == str(64 * 2**20)
    assert settings["min.cleanable.dirty.ratio"]["value"] == "0.1"
    assert set(settings["cleanup.policy"]["value"].split(",")) == {"compact", "delete"}
    assert settings["retention.ms"]["value"] == str(48 * 3_600_000)


def test_a_missing_topic_is_listed_as_missing(topics: KafkaTopics, topic: Topic) -> None:
    (status,) = topics.status([topic])
    assert (status.state, status.partitions) == ("missing", 0)


def test_a_topic_with_more_partitions_is_unchanged(topics: KafkaTopics, topic: Topic) -> None:
    topics.create([topic])
    narrower = replace(topic, partitions=1)
    (status,) = topics.create([narrower], grow=True)
    assert (status.state, status.partitions) == ("wider", 2)


def test_a_narrower_topic_grows_only_on_request(topics: KafkaTopics, topic: Topic) -> None:
    """More partitions assign keys anew, which breaks their order."""
    topics.create([topic])
    wider = replace(topic, partitions=3)
    (status,) = topics.create([wider])
    assert (status.state, status.partitions) == ("narrower", 2)
    (status,) = topics.create([wider], grow=True)
    assert status.state == "as declared"


def test_other_settings_are_reported_and_changed_only_on_request(
    kafka: Service, topics: KafkaTopics, topic: Topic
) -> None:
    """C-24, R-OPS-09: such as those of a topic that a broker created by itself, for a client."""
    states = replace(SESSIONS_CHANGELOG, name=f"{topic.name}.states", partitions=2)
    longer = replace(topic, kept=timedelta(days=7))
    topics.create([longer, replace(longer, name=states.name)])
    wanted = [topic, states]
    assert {each.state for each in topics.status(wanted)} == {"as declared"}
    kept, compacted = topics.create(wanted)
    assert (kept.state, kept.other_settings) == ("other settings", ("retention.ms",))
    assert compacted.other_settings[:2] == ("cleanup.policy", "retention.ms")
    assert topics.status(wanted, with_settings=True) == (kept, compacted)
    changed = topics.create(wanted, configure=True)
    assert {each.state for each in changed} == {"as declared"}
    assert settings_of(kafka, states)[states.name]["min.compaction.lag.ms"]["value"] == "3600000"


def test_an_unavailable_kafka_is_reported(topic: Topic) -> None:
    with pytest.raises(BusUnavailable, match=r"127\.0\.0\.1:1"):
        KafkaTopics("127.0.0.1:1").status([topic])
