"""The one door to kafka-python: its clients, whose errors are told in one sentence.

The library has no types of its own, and those that type checkers know are of version 2.
"""

import logging
import socket
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any, Final, cast

import kafka
import kafka.errors
import kafka.partitioner.default

from application.bus import BusUnavailable, MessageTooLarge, TopicUnknown

library: Final = cast("Any", kafka)
errors: Final = cast("Any", kafka.errors)
murmur2: Final = cast("Any", kafka.partitioner.default).murmur2

REQUEST_MS: Final = 30_000
PATIENCE_MS: Final = 10_000
"""How long a client looks for a broker before it says that there is none."""
RECONNECT_MS: Final = 1_000
"""The library's own longest pause between attempts to connect is half a minute."""
STRICT: Final = {"allow_auto_create_topics": False, "metrics_enabled": False}


def admin(bootstrap: str) -> Any:
    """Connect a `KafkaAdminClient`."""
    # It warns that it cannot read what Faust's workers tell each other; nobody needs to.
    logging.getLogger("kafka.admin._groups").setLevel(logging.ERROR)
    return library.KafkaAdminClient(**_settings(bootstrap))


def producer(bootstrap: str, **options: Any) -> Any:
    """Connect a `KafkaProducer`."""
    return library.KafkaProducer(**_settings(bootstrap), **STRICT, **options)


def consumer(bootstrap: str, **options: Any) -> Any:
    """Connect a `KafkaConsumer`."""
    return library.KafkaConsumer(**_settings(bootstrap), **STRICT, **options)


def _settings(bootstrap: str) -> dict[str, Any]:
    """Settings that all clients share. `bootstrap` is host:port, several separated by commas."""
    servers = bootstrap.split(",")
    _require_one(servers)
    return {
        "bootstrap_servers": servers,
        "client_id": "kinelog",
        "bootstrap_timeout_ms": PATIENCE_MS,
        "request_timeout_ms": REQUEST_MS,
        "reconnect_backoff_max_ms": RECONNECT_MS,
    }


def _require_one(servers: Sequence[str]) -> None:
    """Raise unless somebody listens. A client that finds nobody leaves its socket open."""
    refusals: list[OSError] = []
    for server in servers:
        host, _, port = server.strip().rpartition(":")
        try:
            socket.create_connection((host.strip("[]"), int(port)), PATIENCE_MS / 1000).close()
        except OSError as refused:
            refusals.append(refused)
        else:
            return
    told = "; ".join(map(str, refusals))
    raise errors.KafkaConnectionError(told) from refusals[-1]


@contextmanager
def failures(bootstrap: str) -> Generator[None]:
    """Turn what Kafka cannot do into refusals of the bus."""
    try:
        yield
    except errors.UnknownTopicOrPartitionError as unknown:
        raise TopicUnknown(f"Kafka at {bootstrap} has no such topic: {unknown}.") from unknown
    except errors.MessageSizeTooLargeError as large:
        raise MessageTooLarge(f"Kafka at {bootstrap} refused a message: {large}.") from large
    except (errors.KafkaConfigurationError, errors.IllegalStateError, errors.IllegalArgumentError):
        raise  # our own mistakes stay what they are
    except errors.KafkaError as error:
        told = f"{type(error).__name__} {error}".strip()
        raise BusUnavailable(f"Kafka at {bootstrap} is not available: {told}.") from error
