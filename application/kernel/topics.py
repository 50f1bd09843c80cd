"""Every topic of the platform: its name, how much of it is kept, and how wide it is.

Events travel by context, so that a reader of one context is not given the others. Worker topics
have the names of R-EVT-09. A queue (R-EVT-03 to 08) is a group of consumers over topics, and has
a topic for the messages it could not work off. Nobody but `adapters.bus.kafka.admin` makes them.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from domain.kernel import Rejected

PARTITIONS: Final = 4
"""How many members of a group can share a topic. More later moves keys to other partitions."""

EVENTS_KEPT: Final = timedelta(days=7)
"""The log keeps events for ever and can refill the bus; a week outlasts a weekend's outage."""
FRAMES_KEPT: Final = timedelta(hours=6)
"""Landmarks, and what is said of them while they are fresh, are telemetry: after a longer outage
there is nothing live left to say."""
STATES_KEPT: Final = timedelta(hours=48)
"""Longer than landmarks: a worker that comes back finds both of them, or begins a new day."""
BOTH_STATES_KEPT: Final = timedelta(hours=1)
"""Of two contending states of a session the more advanced one wins (`streams.table_checkpoints`),
so both stay readable for as long as a worker that was frozen may still write one."""
REPLIES_KEPT: Final = timedelta(minutes=10)
"""Answers to chunks are of use for seconds; processes with a door look back by one minute."""
WORK_KEPT: Final = timedelta(days=1)
FACTS_KEPT: Final = timedelta(days=7)
"""What athletes did and the log does not have yet outlasts a weekend's outage."""
DEAD_LETTERS_KEPT: Final = timedelta(days=30)
"""Time to find the cause, mend it and replay."""


class CategoryUnknown(Rejected):
    """A stream's name begins with a category that belongs to no context."""

    code = "stream.category_unknown"
    kind = "invalid"


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it has to be. `compacted`: only the newest message of each key needs to stay.

    Where `compacted_after` is more than nothing, keys are written so often that older messages
    are to go soon, but not before they are so old.
    """

    name: str
    holds: str
    kept: timedelta
    partitions: int = PARTITIONS
    compacted: bool = False
    compacted_after: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Group:
    """Consumers that share the messages of some topics; for R-EVT-03 to 07, a queue."""

    name: str
    topics: tuple[str, ...]

    @property
    def dead_letters(self) -> str:
        """Where messages go that this group could not work off."""
        return f"{self.name}.dlq"


CONTEXTS: Final = {
    "users": "accounts, profiles, consents",
    "subscriptions": "plans, payments, enrolments",
    "workouts": "prescriptions",
    "sessions": "what athletes did",
    "recordings": "what was filmed of it",
    "health": "integrations and metrics",
    "content": "uploads and their processing",
    "engagement": "recommendations and achievements",
}
"""What the events of each context tell about."""

CONTEXT_OF_CATEGORY: Final = {
    "tenant": "users",
    "user": "users",
    "erasure": "users",
    "access": "users",
    "workout": "workouts",
    "session": "sessions",
    "recording": "recordings",
    "sharing": "recordings",
    "achievements": "engagement",
}
"""The context of a stream, by the category that its name begins with."""


def events_topic(context: str) -> str:
    """Name the topic of a context's events."""
    return f"kinelog.events.{context}"


def topic_of(stream: str) -> str:
    """Name the topic that a stream's events travel in. Raises CategoryUnknown."""
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
CUE_MAKE: Final = Topic("cue.make", "Corrections to be said to athletes.", FRAMES_KEPT)

WORKER_TOPICS: Final = (
    POSE_STREAM,
    EXERCISE_DETECT,
    CUE_MAKE,
    Topic("nlp.intent", "What athletes asked for in words.", WORK_KEPT),
    Topic("program.plan", "Programs to be planned.", WORK_KEPT),
    Topic("metrics.rollup", "Metrics to be summed up.", WORK_KEPT),
    Topic("export.make", "Exports to be made.", WORK_KEPT),
)
"""R-EVT-09."""

QUEUES: Final = (
    Group("email-notifications", (events_topic("users"), events_topic("subscriptions"))),
    Group("analytics-events", tuple(topic.name for topic in EVENT_TOPICS)),
    Group("content-processing", (events_topic("content"),)),
    Group("health-integration", (events_topic("health"),)),
    Group("ai-training", (events_topic("sessions"), events_topic("engagement"))),
    Group("real-time-analytics", (events_topic("sessions"),)),
)
"""R-EVT-03 to 08, in their order."""


def group_of(topic: Topic) -> Group:
    """Give the group that works off a worker topic; `pose-worker` for `pose.stream`."""
    return Group(f"{topic.name.partition('.')[0]}-worker", (topic.name,))


POSE_WORKER: Final = group_of(POSE_STREAM)
EXERCISE_WORKER: Final = group_of(EXERCISE_DETECT)
WORKERS: Final = tuple(map(group_of, WORKER_TOPICS))

GROUPS: Final = (*QUEUES, *WORKERS)

DEAD_LETTER_TOPICS: Final = tuple(
    Topic(
        group.dead_letters,
        f"What {group.name} could not work off.",
        DEAD_LETTERS_KEPT,
        partitions=1,
        compacted=True,
    )
    for group in GROUPS
)

POSE_REPLY: Final = Topic("pose.reply", "What became of each chunk of landmarks.", REPLIES_KEPT)
"""Every process with a door reads all of it, in no group."""

NLP_REPLY: Final = Topic("nlp.reply", "What athletes meant by their words.", REPLIES_KEPT)
"""For whoever asked; an answer has the id of its question."""

SESSIONS_TABLE: Final = "live-sessions"
SESSIONS_CHANGELOG: Final = Topic(
    f"{POSE_WORKER.name}-{SESSIONS_TABLE}-changelog",  # as Faust names the changelog of a table
    "Where sessions under way stand.",
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
