"""Tests request servers by the name of a fixture."""

import psycopg
import pytest
import redis as redis_client

from tests.plugins.services import Service
from tools.local_services.kafka import LocalKafkaCluster
from tools.local_services.probes import kafka_brokers

pytestmark = pytest.mark.slow


def test_postgres_runs_queries(postgres: Service) -> None:
    with psycopg.connect(postgres.address) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_each_test_has_an_empty_database_of_its_own(postgres_database: str) -> None:
    with psycopg.connect(postgres_database) as connection:
        tables = connection.execute("SELECT * FROM pg_tables WHERE schemaname = 'public'")
        assert tables.fetchall() == []
        connection.execute("CREATE TABLE mine ()")


def test_a_database_is_not_handed_on(postgres_database: str) -> None:
    test_each_test_has_an_empty_database_of_its_own(postgres_database)


def test_kafka_has_a_broker(kafka: Service) -> None:
    assert kafka_brokers(kafka.address)


def test_redis_answers(redis: Service) -> None:
    with redis_client.Redis.from_url(redis.address) as client:
        assert client.ping()


def test_the_cluster_has_three_brokers(kafka_cluster: LocalKafkaCluster) -> None:
    assert kafka_brokers(kafka_cluster.bootstrap) == {1, 2, 3}
