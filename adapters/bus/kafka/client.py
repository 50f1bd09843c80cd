"""Kafka clients: admin, producer and consumer of kafka-python, with translated errors.

The library has no types of its own, and those that type checkers know are of version 2.
"""

import logging
import socket
import ssl
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from typing import Any, Final, cast

import kafka
import kafka.errors
import kafka.partitioner.default

from adapters.bus.kafka.config import Kafka, address_of
from application.kernel.bus import BusUnavailable, MessageTooLarge, TopicUnknown

library: Final = cast("Any", kafka)
errors: Final = cast("Any", kafka.errors)
murmur2: Final = cast("Any", kafka.partitioner.default).murmur2

REQUEST_MS: Final = 30_000
PATIENCE_MS: Final = 10_000
"""Longest search of a client for a broker before it reports that there is none."""
RECONNECT_MS: Final = 1_000
"""Longest pause between attempts to connect. The library's own default is half a minute."""
STRICT: Final = {"allow_auto_create_topics": False, "metrics_enabled": False}


def admin(bootstrap: Kafka) -> Any:
    """Connect a `KafkaAdminClient`."""
    # It warns that it cannot parse the metadata of Faust's workers, which it does not need.
    logging.getLogger("kafka.admin._groups").setLevel(logging.ERROR)
    return library.KafkaAdminClient(**_settings(bootstrap))


def producer(bootstrap: Kafka, **options: Any) -> Any:
    """Connect a `KafkaProducer`."""
    return library.KafkaProducer(**_settings(bootstrap), **STRICT, **options)


def consumer(bootstrap: Kafka, **options: Any) -> Any:
    """Connect a `KafkaConsumer`."""
    return library.KafkaConsumer(**_settings(bootstrap), **STRICT, **options)


def _settings(bootstrap: Kafka) -> dict[str, Any]:
    """Settings that all clients share."""
    address = address_of(bootstrap)
    servers = address.servers.split(",")
    _require_one(servers, address.context)
    return {
        **address.options,
        "bootstrap_servers": servers,
        "client_id": "kinelog",
        "bootstrap_timeout_ms": PATIENCE_MS,
        "request_timeout_ms": REQUEST_MS,
        "reconnect_backoff_max_ms": RECONNECT_MS,
    }


def _require_one(servers: Sequence[str], tls: ssl.SSLContext | None) -> None:
    """Raise unless a broker accepts connections and proves its identity.

    A client that finds no broker searches for long, does not report why, and leaks its sockets.
    """
    refusals: list[OSError] = []
    for server in servers:
        host, _, port = server.strip().rpartition(":")
        try:
            _greet(host.strip("[]"), int(port), tls)
        except OSError as refused:  # ssl.SSLError is one
            refusals.append(refused)
        else:
            return
    reasons = "; ".join(map(str, refusals))
    raise errors.KafkaConnectionError(reasons) from refusals[-1]


def _greet(host: str, port: int, tls: ssl.SSLContext | None) -> None:
    with closing(socket.create_connection((host, port), PATIENCE_MS / 1000)) as plain:
        if tls is not None:
            tls.wrap_socket(plain, server_hostname=host).close()


@contextmanager
def failures(bootstrap: Kafka) -> Generator[None]:
    """Translate Kafka errors to refusals of the bus."""
    try:
        yield
    except errors.UnknownTopicOrPartitionError as unknown:
        raise TopicUnknown(f"Kafka at {bootstrap} has no such topic: {unknown}.") from unknown
    except errors.MessageSizeTooLargeError as large:
        raise MessageTooLarge(f"Kafka at {bootstrap} refused a message: {large}.") from large
    except (errors.KafkaConfigurationError, errors.IllegalStateError, errors.IllegalArgumentError):
        raise  # programming errors pass through
    except errors.KafkaError as error:
        reasons = f"{type(error).__name__} {error}".strip()
        raise BusUnavailable(f"Kafka at {bootstrap} is not available: {reasons}.") from error
