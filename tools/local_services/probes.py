"""Readiness probes: a server is ready when it replies in its own protocol."""

import http
import http.client
import socket
from urllib.parse import urlsplit

import kafka
import kafka.errors
import psycopg
import redis
import sqlalchemy as sa

PATIENCE_S = 5
"""Timeout of one probe in seconds; the caller retries."""


def postgres_answers(url: str) -> bool:
    """Return whether PostgreSQL runs a query."""
    try:
        with psycopg.connect(url, connect_timeout=PATIENCE_S) as connection:
            connection.execute("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


def mysql_answers(url: str) -> bool:
    """Return whether MySQL or MariaDB runs a query."""
    address = sa.make_url(url).set(drivername="mysql+pymysql", database="information_schema")
    patience = {"connect_timeout": PATIENCE_S, "read_timeout": PATIENCE_S}
    engine = sa.create_engine(address, connect_args=patience, poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
    except sa.exc.OperationalError:
        return False
    return True


def redis_answers(url: str) -> bool:
    """Return whether Redis answers PING."""
    client = redis.Redis.from_url(url, socket_timeout=PATIENCE_S)  # pyright: ignore[reportUnknownMemberType]  untyped options
    with client:
        try:
            return client.ping()  # pyright: ignore[reportUnknownMemberType]  untyped options
        except (redis.ConnectionError, redis.TimeoutError):  # loading its data is the former
            return False


def kafka_brokers(bootstrap: str) -> set[int]:
    """Return the ids of the cluster's brokers, as reported by the first address.

    Empty if no broker answers. The port is tried first because a client that was refused waits for
    many seconds before its next attempt.
    """
    if not _is_open(bootstrap.split(",", maxsplit=1)[0]):
        return set()
    try:
        admin = kafka.KafkaAdminClient(
            bootstrap_servers=bootstrap,
            bootstrap_timeout_ms=PATIENCE_S * 1000,  # pyright: ignore[reportCallIssue]  stubs are of 2.x
            request_timeout_ms=PATIENCE_S * 1000,
            reconnect_backoff_max_ms=200,
        )
    except kafka.errors.KafkaError:
        return set()
    try:
        brokers = admin.describe_cluster()["brokers"]
    except kafka.errors.KafkaError:
        return set()
    finally:
        admin.close()
    return {broker["broker_id"] for broker in brokers if not broker["is_fenced"]}


def http_answers(url: str) -> bool:
    """Return whether the server answers a GET, with any status."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE_S)
    try:
        connection.request("GET", parts.path or "/")
        return connection.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _is_open(address: str) -> bool:
    parts = urlsplit(f"//{address}")
    try:
        socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE_S).close()
    except OSError:
        return False
    return True
