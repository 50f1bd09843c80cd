"""A local Redis requires its password and is not persistent by default."""

import pytest
import redis

from tools.local_services.probes import redis_answers
from tools.local_services.redis import LocalRedis

AWKWARD = 'p@ss/"w\\ord"'


def client(server: LocalRedis) -> redis.Redis:
    return redis.Redis.from_url(server.url, decode_responses=True)


def test_a_value_is_read_back() -> None:
    with LocalRedis() as server, client(server) as connection:
        connection.set("key", "value")
        assert connection.get("key") == "value"


def test_a_password_is_required() -> None:
    with LocalRedis(password=AWKWARD) as server:
        assert redis_answers(server.url)
        anonymous = "redis://" + server.url.rpartition("@")[2]
        with (
            pytest.raises(redis.AuthenticationError),
            redis.Redis.from_url(anonymous) as connection,
        ):
            connection.ping()


@pytest.mark.parametrize(("persistent", "kept"), [(False, None), (True, "value")])
def test_only_a_persistent_one_remembers(*, persistent: bool, kept: str | None) -> None:
    with LocalRedis(persistent=persistent) as server:
        with client(server) as connection:
            connection.set("key", "value")
        server.kill()
        server.start()
        with client(server) as connection:
            assert connection.get("key") == kept
