"""Pytest plug-in that owns PostgreSQL, MariaDB, Kafka and Redis for every test.

A server is reached in the first available of these ways: a URL in the environment, a container
if a Docker engine already has the image, local binaries. If there is none, the test fails and
says what to install. Each server is started by the first test that requests it and ends with
the run.

With pytest-xdist every process has its own servers. Kafka's topics and consumer groups have
fixed names, so two tests that use them must not overlap; and all servers of a process cost 4 s.
"""

import os
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Final

import pytest

from tests.plugins import containers
from tools.local_services import binaries
from tools.local_services.databases import fresh_database
from tools.local_services.kafka import LocalKafka, LocalKafkaCluster
from tools.local_services.mariadb import LocalMariaDb
from tools.local_services.postgres import UNSAFE_BUT_FAST, LocalPostgres
from tools.local_services.redis import LocalRedis


@dataclass(frozen=True)
class Service:
    """A running server. `address` is its URL; for Kafka, its bootstrap servers."""

    address: str


@dataclass(frozen=True)
class Ways:
    """Ways to get one kind of server. `local` raises ProgramMissing if it is not installed."""

    variable: str
    image: str
    container: Callable[[], AbstractContextManager[str]]
    local: Callable[[], AbstractContextManager[str]]


@contextmanager
def _local_postgres() -> Generator[str]:
    with LocalPostgres(settings=UNSAFE_BUT_FAST) as server:
        yield server.url


@contextmanager
def _local_kafka() -> Generator[str]:
    with LocalKafka() as server:
        yield server.bootstrap


@contextmanager
def _local_mariadb() -> Generator[str]:
    with LocalMariaDb() as server:
        yield server.url


@contextmanager
def _local_redis() -> Generator[str]:
    with LocalRedis() as server:
        yield server.url


POSTGRES = Ways(
    "KINELOG_TEST_POSTGRES_URL",
    containers.POSTGRES_IMAGE,
    containers.postgres,
    _local_postgres,
)
MARIADB = Ways(
    "KINELOG_TEST_MYSQL_URL", containers.MARIADB_IMAGE, containers.mariadb, _local_mariadb
)
KAFKA = Ways("KINELOG_TEST_KAFKA", containers.KAFKA_IMAGE, containers.kafka, _local_kafka)
REDIS = Ways("KINELOG_TEST_REDIS_URL", containers.REDIS_IMAGE, containers.redis, _local_redis)
REDIS_TIME_LIMITS: Final = (
    "adapters.cache.redis.REDIS_TIMEOUT_S",
    "adapters.pose_channel.redis.PATIENCE_S",
    "adapters.rate_limit.token_bucket.PATIENCE_S",
    "adapters.session_feed.redis.TIMEOUT_S",
    "adapters.users.revocation_cache.REDIS_TIMEOUT_S",
)
"""Longest response times of Redis, in seconds; most are tenths of a second."""


@contextmanager
def reach(
    ways: Ways,
    environment: Mapping[str, str] = os.environ,
    has_image: Callable[[str], bool] = containers.has_image,
) -> Generator[Service]:
    """Yield a server in the first available way; if there is none, fail the test, never skip it."""
    given = environment.get(ways.variable)
    if given:
        yield Service(given)
        return
    start = ways.container if has_image(ways.image) else ways.local
    with _or_fail(ways, start) as address:
        yield Service(address)


@contextmanager
def _or_fail(ways: Ways, start: Callable[[], AbstractContextManager[str]]) -> Generator[str]:
    try:
        server = start()
        address = server.__enter__()
    except binaries.ProgramMissing as missing:
        pytest.fail(f"{missing} Or set {ways.variable} to a running one.", pytrace=False)
    try:
        yield address
    finally:
        server.__exit__(None, None, None)


@pytest.fixture(scope="session")
def postgres() -> Generator[Service]:
    """A PostgreSQL server whose user may create databases; `postgres_database` creates one."""
    with reach(POSTGRES) as service:
        yield service


@pytest.fixture
def postgres_database(postgres: Service) -> Generator[str]:
    """The URL of an empty database for one test."""
    with fresh_database(postgres.address) as url:
        yield url


@pytest.fixture(scope="session")
def mariadb() -> Generator[Service]:
    """A MariaDB server whose user may create databases; each test uses names of its own."""
    with reach(MARIADB) as service:
        yield service


@pytest.fixture(scope="session")
def kafka() -> Generator[Service]:
    """A Kafka broker without automatic topic creation; each test uses unique topic names."""
    with reach(KAFKA) as service:
        yield service


@pytest.fixture(scope="session")
def redis() -> Generator[Service]:
    """A Redis server; each test uses its own keys.

    In this process, clients wait for it as long as a loaded machine may take. Otherwise they would
    now and then do without it, as they should, and tests of what it stores would fail.
    """
    with reach(REDIS) as service, pytest.MonkeyPatch.context() as patch:
        for limit in REDIS_TIME_LIMITS:
            patch.setattr(limit, 60.0)
        yield service


@pytest.fixture(scope="module")
def kafka_cluster() -> Generator[LocalKafkaCluster]:
    """Three local Kafka nodes that a test may kill and must restart.

    Few files use them, and three idle nodes take a tenth of a core, so they end with the file.
    """
    try:
        cluster = LocalKafkaCluster()
    except binaries.ProgramMissing as missing:
        pytest.fail(str(missing), pytrace=False)
    with cluster:
        yield cluster
