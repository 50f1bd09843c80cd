"""GraphQL response cache: never shared between callers, never stale."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from api.app import build_app
from api.graphql.response_cache import QueryKey
from api.graphql.schema import schema
from application.caller import Caller
from application.platform import Platform
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, TenantId
from tests.api.cluster import cluster
from tests.api.conftest import WEB
from tests.api.counting import CountingReads
from tests.api.driver import ApiDriver
from tests.data_folders import prepared
from tests.plugins.services import Service
from tools.local_services.redis import LocalRedis

pytestmark = pytest.mark.both_compositions

LIST = "query Sessions($first: Int) { sessions(first: $first) { edges { node { sessionId } } } }"


@pytest.fixture
def reads(platform: Platform) -> CountingReads:
    return CountingReads(platform.read)


@pytest.fixture
def counted(platform: Platform, reads: CountingReads) -> Iterator[ApiDriver]:
    """API driver whose read model queries are counted."""
    counting: Any = reads
    app = build_app(replace(platform, read=counting), web=WEB)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield ApiDriver(client, platform)


def listed(answer: Any) -> list[str]:
    return [edge["node"]["sessionId"] for edge in answer["sessions"]["edges"]]


def test_a_repeated_query_reads_no_rows(counted: ApiDriver, reads: CountingReads) -> None:
    """R-DAT-07"""
    counted.train(1)
    first = counted.ask(LIST, first=5)
    once = reads.reads.total()
    assert once > 0
    assert counted.ask(LIST, first=5) == first
    assert reads.reads.total() == once
    counted.ask(LIST, first=6)
    assert reads.reads.total() > once


def test_an_answer_is_never_older_than_what_the_read_models_hold(driver: ApiDriver) -> None:
    for number in range(1, 16):
        driver.train(number)
        for _ in range(2):
            assert len(listed(driver.ask(LIST, first=50))) == number


def test_an_answer_is_given_to_no_other_tenant(driver: ApiDriver) -> None:
    """R-TEN-03"""
    driver.train(1)
    assert len(listed(driver.ask(LIST))) == 1
    assert listed(driver.ask(LIST, "another")) == []
    assert len(listed(driver.ask(LIST))) == 1


def test_a_cache_key_contains_everything_the_answer_depends_on(platform: Platform) -> None:
    class Ada(Caller):
        @property
        def cache_scope(self) -> tuple[str, ...]:
            return (*super().cache_scope, "ada")

    def caller(tenant: str = DEFAULT_TENANT, kind: type[Caller] = Caller) -> Caller:
        return kind(platform, TenantId(tenant), platform.new_id())

    question = QueryKey(caller(), LIST, {"first": 1, "last": None}, None)
    name = question.name(schema, "e1")
    same = replace(question, caller=caller(), variables={"last": None, "first": 1})
    assert same.name(schema, "e1") == name
    others = [
        question.name(schema, "e2"),
        replace(question, caller=caller("another")).name(schema, "e1"),
        replace(question, caller=caller(kind=Ada)).name(schema, "e1"),
        replace(question, query=f"{LIST} ").name(schema, "e1"),
        replace(question, variables={"first": 2, "last": None}).name(schema, "e1"),
        replace(question, operation_name="Sessions").name(schema, "e1"),
    ]
    assert len({name, *others}) == 7


def test_a_mutation_is_carried_out_each_time(driver: ApiDriver) -> None:
    sent = "mutation { registerUser(input: {}) { ... on UserPayload { user { userId } } } }"
    users = {driver.ask(sent)["registerUser"]["user"]["userId"] for _ in range(3)}
    assert len(users) == 3


def test_errors_are_reported_once_per_occurrence(counted: ApiDriver, reads: CountingReads) -> None:
    wrong = "{ sessions(first: 101) { edges { node { sessionId } } } }"
    first, second = (counted.answer(wrong)["errors"][0]["extensions"] for _ in range(2))
    assert first["code"] == second["code"] == "page.too_large"
    assert first["correlationId"] != second["correlationId"]
    page = "{ edges { cursor } }"
    half = f"{{ sessions(first: 1) {page} more: sessions(first: 101) {page} }}"
    counted.answer(half)
    before = reads.reads.total()
    counted.answer(half)
    assert reads.reads.total() > before


@pytest.mark.parametrize(
    "query",
    [
        '{ session(id: "session-001", asOf: {version: 1}) { sessionId } }',
        "{ exercises { id } }",
        "{ sessions { edges { cursor } } exercises { id } }",
        "query { ...parts } fragment parts on Query { exercises { id } }",
    ],
    ids=["history", "no read model", "in part", "hidden"],
)
def test_responses_with_other_sources_are_not_cached(driver: ApiDriver, query: str) -> None:
    driver.train(1)
    response = driver.client.get("/graphql", params={"query": query})
    assert response.status_code == 200
    assert "ETag" not in response.headers


def test_a_current_cached_response_returns_304(driver: ApiDriver) -> None:
    driver.train(1)
    reads = {"query": LIST, "variables": '{"first": 1}'}
    first = driver.client.get("/graphql", params=reads)
    held = {"If-None-Match": first.headers["ETag"]}
    again = driver.client.get("/graphql", params=reads, headers=held)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == "private, no-cache"
    driver.train(2)
    changed = driver.client.get("/graphql", params=reads, headers=held)
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]
    other = driver.client.get("/graphql", params=reads, headers={**held, "X-Tenant-ID": "another"})
    assert other.status_code == 200


def test_the_newer_media_type_is_given_from_what_was_kept_for_the_older(driver: ApiDriver) -> None:
    newer = "application/graphql-response+json"
    for accept in ("application/json", newer, "application/json"):
        body = {"query": "{ sessions { edges { cursor } } }"}
        response = driver.client.post("/graphql", json=body, headers={"Accept": accept})
        assert response.headers["Content-Type"] == accept
        assert response.json()["data"] == {"sessions": {"edges": []}}


@pytest.fixture
def clustered(database: str, tmp_path: Path) -> Iterator[Settings]:
    settings = Settings(home=prepared(tmp_path / "home"), cache=tmp_path / "cache", redis_url=None)
    with cluster(database, settings) as distributed:
        yield distributed


def driver_of(stack: ExitStack, settings: Settings) -> tuple[ApiDriver, CountingReads]:
    """Open a platform as a separate process would."""
    platform = stack.enter_context(open_platform(settings))
    reads = CountingReads(platform.read)
    counting: Any = reads
    app = build_app(replace(platform, read=counting), web=WEB)
    return ApiDriver(stack.enter_context(TestClient(app)), platform), reads


def test_processes_share_answers_by_redis(clustered: Settings, redis: Service) -> None:
    """R-DAT-07"""
    settings = clustered.model_copy(update={"redis_url": SecretStr(redis.address)})
    with ExitStack() as stack:
        one, _ = driver_of(stack, settings)
        other, reads = driver_of(stack, settings)
        one.train(1)
        assert len(listed(one.ask(LIST))) == 1
        assert len(listed(other.ask(LIST))) == 1
        assert reads.reads.total() == 0
        other.train(2)
        assert len(listed(one.ask(LIST))) == len(listed(other.ask(LIST))) == 2


def test_answers_are_right_without_redis(clustered: Settings) -> None:
    """R-EVT-20"""
    with LocalRedis() as server, ExitStack() as stack:
        settings = clustered.model_copy(update={"redis_url": SecretStr(server.url)})
        driver, _ = driver_of(stack, settings)
        for number in range(1, 8):
            driver.train(number)
            assert len(listed(driver.ask(LIST, first=50))) == number
            if number == 3:
                server.kill()
