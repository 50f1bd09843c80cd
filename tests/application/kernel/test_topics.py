"""Topics and queues have the names in the requirements."""

import re
from importlib import import_module
from pkgutil import walk_packages
from typing import get_args, get_type_hints

import domain
from application.assignments import emails as assignments
from application.audit.history import DECIDERS
from application.content import emails as content
from application.kernel.topics import (
    COACH_WORKER,
    CONTEXT_OF_CATEGORY,
    CONTEXTS,
    DEAD_LETTER_TOPICS,
    EXERCISE_WORKER,
    GROUPS,
    POSE_STREAM,
    POSE_WORKER,
    QUEUES,
    SESSIONS_CHANGELOG,
    TOPICS,
    WORKER_TOPICS,
    topic_of,
)
from application.payments import emails as payments
from application.users.email_delivery import GROUP as EMAILS
from application.users.email_delivery import REQUESTED
from domain.kernel import Decider

NAMES = {topic.name for topic in TOPICS}


def test_worker_topics_have_their_literal_names() -> None:
    """R-EVT-09"""
    assert [topic.name for topic in WORKER_TOPICS] == [
        "pose.stream",
        "exercise.detect",
        "cue.make",
        "nlp.intent",
        "program.plan",
        "metrics.rollup",
        "export.make",
    ]


def test_queues_have_their_literal_names() -> None:
    """R-EVT-03, R-EVT-04, R-EVT-05, R-EVT-06, R-EVT-07, R-EVT-08"""
    assert [queue.name for queue in QUEUES] == [
        "email-notifications",
        "analytics-events",
        "content-processing",
        "health-integration",
        "ai-training",
        "real-time-analytics",
    ]


def categories() -> set[str]:
    """Return the categories of all deciders of the domain."""
    modules = [import_module(each.name) for each in walk_packages(domain.__path__, "domain.")]
    deciders = (each for module in modules for each in vars(module).values())
    return {each.category for each in deciders if isinstance(each, Decider)}


def test_every_aggregate_has_a_topic_and_a_history() -> None:
    """R-EVT-12: an event without a topic would stop the relay of all tenants."""
    assert set(DECIDERS) == categories()
    for category in categories():
        assert topic_of(f"{category}-1") in NAMES
    assert set(CONTEXT_OF_CATEGORY.values()) <= set(CONTEXTS)


def test_the_queue_of_emails_reads_the_topics_of_all_events_that_cause_one() -> None:
    """R-EVT-03: an e-mail whose event is on another topic would never be sent."""
    names = {REQUESTED, *assignments.NAMES, *content.NAMES, *payments.NAMES}
    topics = {
        topic_of(f"{category}-1")
        for category, decider in DECIDERS.items()
        for event in get_args(get_type_hints(decider.evolve)["event"])
        if event.event_name in names
    }
    assert topics == set(EMAILS.topics)


def test_every_group_reads_topics_that_there_are() -> None:
    """C-07: a queue is a consumer group of a topic."""
    for group in GROUPS:
        assert group.topics
        assert set(group.topics) <= NAMES


def test_every_group_has_a_topic_for_its_dead_letters() -> None:
    """R-EVT-19"""
    assert {group.dead_letters for group in GROUPS} == {topic.name for topic in DEAD_LETTER_TOPICS}


def test_the_workers_of_a_topic_are_a_group_by_its_first_word() -> None:
    """R-EVT-09: but the coach makes cues."""
    workers = (POSE_WORKER, EXERCISE_WORKER, COACH_WORKER)
    assert [(worker.name, *worker.topics) for worker in workers] == [
        ("pose-worker", "pose.stream"),
        ("exercise-worker", "exercise.detect"),
        ("coach-worker", "cue.make"),
    ]
    assert set(workers) < set(GROUPS)


def test_states_outlast_the_landmarks_they_were_made_from() -> None:
    """Otherwise a restarted worker would begin sets anew in the middle."""
    assert SESSIONS_CHANGELOG.kept > POSE_STREAM.kept
    assert SESSIONS_CHANGELOG.compacted
    assert SESSIONS_CHANGELOG.partitions == POSE_STREAM.partitions


def test_names_are_unique_and_kafka_takes_them() -> None:
    """Kafka: at most 249 of these characters; `_` and `.` would collide in its metrics."""
    assert len(NAMES) == len(TOPICS)
    assert len({group.name for group in GROUPS}) == len(GROUPS)
    assert all(re.fullmatch(r"[a-z.-]{1,249}", name) for name in NAMES)
