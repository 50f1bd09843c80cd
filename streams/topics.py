"""The topics between workers; they are there before anybody starts, for Faust creates none."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from aiokafka.admin import AIOKafkaAdminClient, NewTopic  # type: ignore[import-untyped]  # without types

HOUR_MS: Final = 3_600_000
SESSIONS: Final = "live-sessions"
"""The table of sessions under way."""


@dataclass(frozen=True)
class Topics:
    """The literal names (R-EVT-09, C-07), after a prefix where several platforms share a Kafka."""

    prefix: str = ""

    @property
    def pose_stream(self) -> str:
        """Landmarks in chunks, from clients."""
        return f"{self.prefix}pose.stream"

    @property
    def exercise_detect(self) -> str:
        """Facts made from landmarks."""
        return f"{self.prefix}exercise.detect"

    @property
    def cue_make(self) -> str:
        """Corrections and praise for athletes, live."""
        return f"{self.prefix}cue.make"

    @property
    def pose_worker(self) -> str:
        """The group that makes facts of landmarks."""
        return f"{self.prefix}pose-worker"

    @property
    def exercise_worker(self) -> str:
        """The group that enters facts into sessions."""
        return f"{self.prefix}exercise-worker"

    @property
    def sessions_changelog(self) -> str:
        """Where Faust keeps the table of sessions under way."""
        return f"{self.pose_worker}-{SESSIONS}-changelog"


def dead_letters(group: str) -> str:
    """Name the topic to which a group puts aside what nobody can work."""
    return f"{group}.dlq"


@dataclass(frozen=True, kw_only=True)
class TopicPlan:
    """A topic as it is to be created; `settings` are Kafka's."""

    name: str
    partitions: int
    settings: dict[str, str] = field(default_factory=dict[str, str])


def topic_plans(topics: Topics, partitions: int) -> list[TopicPlan]:
    """Plan all topics of the live workers.

    Landmarks stay six hours, and the states made from them longer than those: a worker that comes
    back finds either both or a new day. States are written twice a second, so their changelog is
    compacted early, in small segments. It is compacted after an hour at the earliest because of
    what StateTable passes over: until then both of two contending states can be read.
    """
    brief = {"retention.ms": str(6 * HOUR_MS), "cleanup.policy": "delete"}
    week = {"retention.ms": str(7 * 24 * HOUR_MS), "cleanup.policy": "delete"}
    states = {
        "cleanup.policy": "compact,delete",
        "retention.ms": str(48 * HOUR_MS),
        "segment.bytes": str(64 * 1024 * 1024),
        "segment.ms": str(HOUR_MS),
        "min.cleanable.dirty.ratio": "0.1",
        "min.compaction.lag.ms": str(HOUR_MS),
    }
    return [
        TopicPlan(name=topics.pose_stream, partitions=partitions, settings=brief),
        TopicPlan(name=topics.exercise_detect, partitions=partitions, settings=week),
        TopicPlan(name=topics.cue_make, partitions=partitions, settings=brief),
        TopicPlan(name=topics.sessions_changelog, partitions=partitions, settings=states),
        TopicPlan(name=dead_letters(topics.pose_worker), partitions=1, settings=week),
        TopicPlan(name=dead_letters(topics.exercise_worker), partitions=1, settings=week),
    ]


async def create_topics(bootstrap: str, plans: Sequence[TopicPlan], *, replicas: int = 1) -> None:
    """Create those topics that are not there yet."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        known = set(await admin.list_topics())
        await admin.create_topics(
            [
                NewTopic(plan.name, plan.partitions, replicas, topic_configs=plan.settings)
                for plan in plans
                if plan.name not in known
            ]
        )
    finally:
        await admin.close()
