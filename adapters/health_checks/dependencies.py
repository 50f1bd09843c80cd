"""Health checks of dependencies that only some requests need, or that all processes share.

None of them makes a process unready; a failure is reported as degraded, with what is unavailable
meanwhile.
"""

from typing import Any, Final

from redis import Redis
from redis.exceptions import RedisError

from adapters.bus.kafka.admin import KafkaTopics
from adapters.bus.kafka.config import Kafka
from adapters.pose.model_file import PoseModelSource
from application.kernel.topics import TOPICS
from application.operations.readiness import Check, Degraded

REDIS_S: Final = 1.0


def kafka(bootstrap: Kafka) -> Check:
    """List Kafka's topics."""
    topics = KafkaTopics(bootstrap)

    def probe() -> str:
        missing = [each.topic.name for each in topics.status(TOPICS) if each.state == "missing"]
        if missing:
            raise Degraded(f"Topics are missing, such as {missing[0]}.")
        return "Kafka has all topics."

    return Check("kafka", probe, needed=False)


def redis(url: str) -> Check:
    """Ping Redis."""
    client: Any = Redis.from_url(  # pyright: ignore[reportUnknownMemberType]  # partly typed
        url, socket_timeout=REDIS_S, socket_connect_timeout=REDIS_S
    )

    def probe() -> str:
        try:
            client.ping()
        except RedisError as error:
            raise Degraded(f"Redis does not answer: {type(error).__name__}.") from error
        return "Redis answers."

    return Check("redis", probe, needed=False)


def pose_model(source: PoseModelSource) -> Check:
    """Check that the pose model is where the first analysis looks for it."""

    def probe() -> str:
        if source.place.is_file():
            return "The pose model is available."
        if source.given is not None:
            raise Degraded("The pose model that is set is missing: no video can be analyzed.")
        raise Degraded("The pose model is not cached yet: the first analysis downloads it.")

    return Check("poseModel", probe, needed=False)
