"""Topics and consumer groups.

Each context has its own event topic. Worker topics have the names of R-EVT-09. A queue (R-EVT-03
to 08) is a consumer group over topics, with a topic for its dead letters. Only
`adapters.bus.kafka.admin` creates topics.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from domain.kernel import Rejected

PARTITIONS: Final = 4
"""Most consumers of a group that share a topic. Adding partitions later moves keys."""

EVENTS_KEPT: Final = timedelta(days=7)
"""The log keeps events forever and can refill the bus; a week covers an outage on a weekend."""
FRAMES_KEPT: Final = timedelta(hours=6)
"""Landmarks and the cues about them are only useful live: after a longer outage they are stale."""
STATES_KEPT: Final = timedelta(hours=48)
"""Longer than landmarks: a worker that restarts finds both, or neither."""
BOTH_STATES_KEPT: Final = timedelta(hours=1)
"""The more advanced one of two competing states of a session wins (`streams.table_checkpoints`),
so both must stay readable for as long as a suspended worker may still write one."""
REPLIES_KEPT: Final = timedelta(minutes=10)
"""Replies to chunks are useful for seconds; API processes look back one minute."""
WORK_KEPT: Final = timedelta(days=1)
FACTS_KEPT: Final = timedelta(days=7)
"""Detections that are not in the log yet must survive an outage on a weekend."""
DEAD_LETTERS_KEPT: Final = timedelta(days=30)
"""Time to find the cause, fix it and replay."""


class CategoryUnknown(Rejected):
    """The name of the stream begins with a category that belongs to no context."""

    code = "stream.category_unknown"
    kind = "invalid"


@dataclass(frozen=True, slots=True)
class Topic:
    """Configuration of a topic. `compacted`: only the newest message of each key must stay.

    If `compacted_after` is positive, keys are written so often that older messages should be
    deleted soon, but not before this age.
    """

    name: str
    holds: str
    kept: timedelta
    partitions: int = PARTITIONS
    compacted: bool = False
    compacted_after: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Group:
    """Consumer group over some topics; for R-EVT-03 to 07, a queue."""

    name: str
    topics: tuple[str, ...]

    @property
    def dead_letters(self) -> str:
        """Topic of the dead letters of this group."""
        return f"{self.name}.dlq"


CONTEXTS: Final = {
    "users": "accounts, profiles, consents, trainers who see athletes",
    "subscriptions": "plans, trainers, enrollments, subscriptions, payments, invoices and coupons",
    "workouts": "prescriptions, workouts that trainers assign, programs, and custom exercises",
    "sessions": "what athletes did, comments on it, and sessions with the pose coach",
    "recordings": "what was filmed of it",
    "health": "integrations and metrics",
    "content": "uploads and their processing",
    "engagement": "recommendations and achievements",
}
"""Content of the events of each context."""

CONTEXT_OF_CATEGORY: Final = {
    "tenant": "users",
    "user": "users",
    "erasure": "users",
    "access": "users",
    "supervision": "users",
    "athlete_invitation": "users",
    "plan": "subscriptions",
    "trainer": "subscriptions",
    "enrollment": "subscriptions",
    "payment": "subscriptions",
    "subscription": "subscriptions",
    "billing": "subscriptions",
    "invoice": "subscriptions",
    "invoice_series": "subscriptions",
    "coupon": "subscriptions",
    "capacity": "subscriptions",
    "workout": "workouts",
    "assignments": "workouts",
    "programs": "workouts",
    "custom_exercises": "workouts",
    "session": "sessions",
    "comments": "sessions",
    "pose_session": "sessions",
    "recording": "recordings",
    "sharing": "recordings",
    "health": "health",
    "health_integration": "health",
    "health_batch": "health",
    "content": "content",
    "content_encoding": "content",
    "content_lesson": "content",
    "content_view": "content",
    "achievements": "engagement",
    "guidance": "engagement",
    "recommendation": "engagement",
    "recommendation_model": "engagement",
}
"""Context of a stream, by the category in its name."""


def events_topic(context: str) -> str:
    """Return the event topic of a context."""
    return f"kinelog.events.{context}"


def topic_of(stream: str) -> str:
    """Return the topic of a stream's events. Raises CategoryUnknown."""
    category = stream.partition("-")[0]
    context = CONTEXT_OF_CATEGORY.get(category)
    if context is None:
        raise CategoryUnknown(f"The stream {stream!r} belongs to no context.")
    return events_topic(context)


EVENT_TOPICS: Final = tuple(
    Topic(events_topic(context), f"Events: {holds}.", EVENTS_KEPT)
    for context, holds in CONTEXTS.items()
)

POSE_STREAM: Final = Topic(
    "pose.stream", "Landmarks in chunks of half a second to a second.", FRAMES_KEPT
)
EXERCISE_DETECT: Final = Topic(
    "exercise.detect", "Repetitions and faults found in landmarks.", FACTS_KEPT
)
CUE_MAKE: Final = Topic("cue.make", "Cues to be spoken to athletes.", FRAMES_KEPT)

WORKER_TOPICS: Final = (
    POSE_STREAM,
    EXERCISE_DETECT,
    CUE_MAKE,
    Topic("nlp.intent", "What athletes asked for in words.", WORK_KEPT),
    Topic("program.plan", "Programs to be planned.", WORK_KEPT),
    Topic("metrics.rollup", "Roll-ups of metrics to be computed.", WORK_KEPT),
    Topic("export.make", "Exports to be made.", WORK_KEPT),
)
"""R-EVT-09."""

QUEUES: Final = (
    Group(
        "email-notifications",
        tuple(map(events_topic, ("users", "subscriptions", "workouts", "content"))),
    ),
    Group("analytics-events", tuple(topic.name for topic in EVENT_TOPICS)),
    Group("content-processing", (events_topic("content"), events_topic("recordings"))),
    Group("health-integration", (events_topic("health"),)),
    Group("ai-training", (events_topic("sessions"), events_topic("engagement"))),
    Group("real-time-analytics", (events_topic("sessions"),)),
)
"""R-EVT-03 to 08, in their order."""


def group_of(topic: Topic) -> Group:
    """Return the group of a worker topic: `pose-worker` for `pose.stream`, the coach for cues."""
    worker = "coach" if topic == CUE_MAKE else topic.name.partition(".")[0]
    return Group(f"{worker}-worker", (topic.name,))


POSE_WORKER: Final = group_of(POSE_STREAM)
EXERCISE_WORKER: Final = group_of(EXERCISE_DETECT)
COACH_WORKER: Final = group_of(CUE_MAKE)
WORKERS: Final = tuple(map(group_of, WORKER_TOPICS))

GROUPS: Final = (*QUEUES, *WORKERS)

DEAD_LETTER_TOPICS: Final = tuple(
    Topic(
        group.dead_letters,
        f"Messages that {group.name} could not process.",
        DEAD_LETTERS_KEPT,
        partitions=1,
        compacted=True,
    )
    for group in GROUPS
)

POSE_REPLY: Final = Topic("pose.reply", "Results of chunks of landmarks.", REPLIES_KEPT)
"""Every API process reads all of it, outside any group."""

NLP_REPLY: Final = Topic("nlp.reply", "What athletes meant by their words.", REPLIES_KEPT)
"""A reply has the id of its request."""

SESSIONS_TABLE: Final = "live-sessions"
SESSIONS_CHANGELOG: Final = Topic(
    f"{POSE_WORKER.name}-{SESSIONS_TABLE}-changelog",  # as Faust names the changelog of a table
    "States of sessions under way.",
    STATES_KEPT,
    compacted=True,
    compacted_after=BOTH_STATES_KEPT,
)

TOPICS: Final = (
    *EVENT_TOPICS,
    *WORKER_TOPICS,
    POSE_REPLY,
    NLP_REPLY,
    SESSIONS_CHANGELOG,
    *DEAD_LETTER_TOPICS,
)
