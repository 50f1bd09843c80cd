"""Database servers and Kafka in containers, from images that the Docker engine already has."""

import os
import socket
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import cache

import docker
from docker.errors import DockerException, ImageNotFound
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer

from tools.local_services.binaries import kafka_version
from tools.local_services.ports import Port
from tools.local_services.probes import (
    kafka_brokers,
    mysql_answers,
    postgres_answers,
    redis_answers,
)

POSTGRES_IMAGE = "pgvector/pgvector:0.8.1-pg16"
KAFKA_IMAGE = f"apache/kafka:{kafka_version()}"
MARIADB_IMAGE = "mariadb:11.4"
REDIS_IMAGE = "redis:7.2.5"

READY_WITHIN_S = 180.0


@cache
def has_image(image: str) -> bool:
    """Return whether a Docker engine responds and has the image, so that no download is needed."""
    if not _engine_listens():
        return False
    try:
        client = docker.from_env(timeout=10)
    except DockerException:
        return False
    try:
        client.images.get(image)
    except ImageNotFound:
        return False
    finally:
        client.close()
    return True


def _engine_listens() -> bool:
    """Return whether the engine's socket accepts connections.

    Without a listener, Docker's client would leak its own socket.
    """
    address = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    if not address.startswith("unix://"):
        return True
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(address.removeprefix("unix://"))
        except OSError:
            return False
    return True


@contextmanager
def postgres() -> Generator[str]:
    """Yield the URL of a PostgreSQL server, as superuser."""
    container = (
        DockerContainer(POSTGRES_IMAGE)
        .with_env("POSTGRES_USER", "kinelog")
        .with_env("POSTGRES_PASSWORD", "kinelog")
        .with_env("POSTGRES_DB", "postgres")
        .with_env("POSTGRES_INITDB_ARGS", "--encoding=UTF8 --locale=C.UTF-8")
        .with_exposed_ports(5432)
    )
    with _running(container):
        address = _address(container, 5432)
        url = f"postgresql://kinelog:kinelog@{address}/postgres"
        _wait_until(lambda: postgres_answers(url), POSTGRES_IMAGE)
        yield url


@contextmanager
def mariadb() -> Generator[str]:
    """Yield the URL of a MariaDB server, as root."""
    container = (
        DockerContainer(MARIADB_IMAGE)
        .with_env("MARIADB_ROOT_PASSWORD", "kinelog")
        .with_exposed_ports(3306)
    )
    with _running(container):
        url = f"mysql://root:kinelog@{_address(container, 3306)}/pose_coach"
        _wait_until(lambda: mysql_answers(url), MARIADB_IMAGE)
        yield url


@contextmanager
def redis() -> Generator[str]:
    """Yield the URL of a Redis server."""
    container = DockerContainer(REDIS_IMAGE).with_exposed_ports(6379)
    with _running(container):
        url = f"redis://{_address(container, 6379)}/0"
        _wait_until(lambda: redis_answers(url), REDIS_IMAGE)
        yield url


@contextmanager
def kafka() -> Generator[str]:
    """Yield the bootstrap address of a KRaft broker.

    A broker tells clients its own address, so the port must be known before the container
    starts.
    """
    port = Port()
    container = DockerContainer(KAFKA_IMAGE).with_bind_ports(9092, port.number)
    address = f"{container.get_docker_client().host()}:{port.number}"
    for name, value in _kafka_settings(address).items():
        container = container.with_env(name, value)
    try:
        with _running(container):
            _wait_until(lambda: bool(kafka_brokers(address)), KAFKA_IMAGE)
            yield address
    finally:
        port.release()


def _kafka_settings(address: str) -> dict[str, str]:
    """Return the settings as environment variables of the image apache/kafka."""
    settings = {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": "1@localhost:9093",
        "controller.listener.names": "CONTROLLER",
        "listeners": "CLIENT://:9092,CONTROLLER://localhost:9093",
        "advertised.listeners": f"CLIENT://{address}",
        "inter.broker.listener.name": "CLIENT",
        "listener.security.protocol.map": "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "auto.create.topics.enable": "false",
        "offsets.topic.replication.factor": "1",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "share.coordinator.state.topic.replication.factor": "1",
        "share.coordinator.state.topic.min.isr": "1",
        "group.initial.rebalance.delay.ms": "0",
    }
    return {f"KAFKA_{name.replace('.', '_').upper()}": value for name, value in settings.items()}


@contextmanager
def _running(container: DockerContainer) -> Generator[None]:
    """Run a container.

    testcontainers' reaper, if its image is present, removes it after a crash.
    """
    testcontainers_config.ryuk_disabled = not has_image(testcontainers_config.ryuk_image)
    with container:
        yield


def _address(container: DockerContainer, port: int) -> str:
    return f"{container.get_container_host_ip()}:{container.get_exposed_port(port)}"


def _wait_until(answers: Callable[[], bool], image: str) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while not answers():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{image} did not answer within {READY_WITHIN_S:.0f} s")
        time.sleep(0.1)
