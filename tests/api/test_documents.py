"""Persisted GraphQL queries, servers that accept no others, and cached responses."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from anyio.to_thread import current_default_thread_limiter
from starlette.testclient import TestClient

from api.app import build_app
from api.config import ApiConfig
from api.graphql.persisted_queries import PersistedQueries, PersistedQueriesUnreadable, digest_of
from api.graphql.schema import schema
from application.platform import Platform
from tests.api.conftest import WEB
from tests.api.driver import ApiDriver
from tests.api.sockets import CUES, WHOLE, begun, socket

DOCUMENT = "query Newest { sessions { edges { node { sessionId } } } }"
OTHER = "{ __typename }"
MUTATION = "mutation { __typename }"

QUERIES = 6
"""Equal queries at the same time."""


def named(document: str) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": digest_of(document)}}


@contextmanager
def opened(platform: Platform, documents: PersistedQueries) -> Iterator[TestClient]:
    app = build_app(platform, web=WEB, config=ApiConfig(documents=documents))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def codes(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [error["extensions"]["code"] for error in answer.json().get("errors", ())]


def test_a_document_is_sent_once_and_named_from_then_on(client: TestClient) -> None:
    """R-API-07: automatic persisted queries, by POST and, cacheable, by GET."""
    by_name = {"extensions": named(DOCUMENT)}
    unknown = client.post("/graphql", json=by_name)
    assert codes(unknown) == ["PERSISTED_QUERY_NOT_FOUND"]
    assert unknown.json()["errors"][0]["message"] == "PersistedQueryNotFound"
    sent = client.post("/graphql", json={"query": DOCUMENT, **by_name})
    assert codes(sent) == []
    assert client.post("/graphql", json=by_name).json() == sent.json()
    params = {"extensions": json.dumps(named(DOCUMENT))}
    request_body = client.get("/graphql", params=params)
    assert request_body.json() == sent.json()
    etag = {"If-None-Match": request_body.headers["ETag"]}
    assert client.get("/graphql", params=params, headers=etag).status_code == 304


def test_a_document_is_stored_only_under_its_own_hash(client: TestClient) -> None:
    """R-API-07: otherwise a client could replace the query of others."""
    body = {"query": OTHER, "extensions": named(DOCUMENT)}
    assert codes(client.post("/graphql", json=body)) == ["graphql.hash_wrong"]
    unknown = client.post("/graphql", json={"extensions": named(DOCUMENT)})
    assert codes(unknown) == ["PERSISTED_QUERY_NOT_FOUND"]


@pytest.mark.parametrize(
    "extensions",
    [None, {}, {"persistedQuery": None}, {"persistedQuery": {"version": 2, "sha256Hash": "x"}},
     {"persistedQuery": {"version": 1, "sha256Hash": 7}}, {"other": 1}],
)  # fmt: skip
def test_a_request_needs_a_document_or_its_hash(client: TestClient, extensions: Any) -> None:
    answer = client.post("/graphql", json={"extensions": extensions})
    assert answer.status_code == 400 or codes(answer) == ["graphql.invalid"]


def test_trusted_documents_need_no_registration(platform: Platform) -> None:
    """R-API-07"""
    with opened(platform, PersistedQueries({digest_of(DOCUMENT): DOCUMENT})) as client:
        assert codes(client.post("/graphql", json={"extensions": named(DOCUMENT)})) == []
        assert codes(client.post("/graphql", json={"query": OTHER})) == []


def test_only_trusted_documents_are_executed_where_required(
    platform: Platform,
) -> None:
    """R-API-07: not by hash, in full, over events or by WebSocket; neither is introspection."""
    with opened(platform, PersistedQueries({digest_of(DOCUMENT): DOCUMENT}, only=True)) as client:
        assert codes(client.post("/graphql", json={"extensions": named(DOCUMENT)})) == []
        assert codes(client.post("/graphql", json={"query": DOCUMENT})) == []
        for document in (OTHER, "{ __schema { types { name } } }", MUTATION, ""):
            for body in (
                {"query": document},
                {"extensions": named(document)},
                {"query": document, "extensions": named(document)},
            ):
                answer = client.post("/graphql", json=body)
                assert codes(answer) == ["graphql.document_not_trusted"], body
        events = client.post(
            "/graphql",
            json={"query": "subscription { x }"},
            headers={"Accept": "text/event-stream"},
        )
        assert "graphql.document_not_trusted" in events.text
        with socket(client) as line:
            refusal = line.refusal("subscription { x }")
            assert refusal["extensions"]["code"] == "graphql.document_not_trusted"
            refusal = line.refusal_of({"extensions": named(DOCUMENT)})
            assert refusal["message"] == "queries are not allowed"


def test_a_socket_takes_the_hash_of_a_document(client: TestClient, driver: ApiDriver) -> None:
    """R-API-07: for subscriptions, too."""
    variables = {"session": begun(driver)}
    with socket(client) as line:
        unknown = line.refusal_of({"extensions": named(CUES), "variables": variables})
        assert unknown["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"
        wrong = {"query": CUES, "extensions": named(WHOLE), "variables": variables}
        assert line.refusal_of(wrong)["extensions"]["code"] == "graphql.hash_wrong"
        assert line.refusal_of({})["extensions"]["code"] == "request.invalid"
        body = {"query": WHOLE, "extensions": named(WHOLE), "variables": variables}
        for sent in (body, {**body, "query": None}):
            name = line.send(sent)
            assert line.receive()["type"] == "next"
            line.raw.send_json({"id": name, "type": "complete"})


@pytest.mark.parametrize("written", ["", "[]", "{", '{"x": "{ __typename }"}', '{"x": 1}'])
def test_a_file_of_documents_under_other_hashes_is_refused(tmp_path: Path, written: str) -> None:
    file = tmp_path / "documents.json"
    file.write_text(written)
    with pytest.raises(PersistedQueriesUnreadable):
        PersistedQueries.read(file, only=True)
    with pytest.raises(PersistedQueriesUnreadable):
        PersistedQueries.read(tmp_path / "nowhere.json", only=True)


def test_a_file_of_documents_is_read(tmp_path: Path) -> None:
    file = tmp_path / "documents.json"
    file.write_text(json.dumps({digest_of(DOCUMENT): DOCUMENT}))
    assert PersistedQueries.read(file, only=False).trusted == {digest_of(DOCUMENT): DOCUMENT}


def test_anonymous_callers_cannot_read_the_schema(platform: Platform) -> None:
    """R-API-01: where sign-in is required, introspection requires it, too."""
    app = build_app(platform, web=WEB, config=ApiConfig(sign_in_required=True))
    with TestClient(app) as client:
        for path, body in (("/graphql", {"query": "{ __schema { types { name } } }"}),):
            assert client.post(path, json=body).status_code == 401
            assert client.get(path, params=body).status_code == 401


def test_equal_queries_that_wait_for_a_thread_are_executed_once(
    client: TestClient, driver: ApiDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-API-07: the first one fills the cache while the others wait."""
    driver.train(0)
    executed: list[str] = []
    execute_sync = schema.execute_sync
    portal = client.portal
    assert portal is not None

    async def limit_threads(total: float) -> None:
        current_default_thread_limiter().total_tokens = total

    async def waiting() -> int:
        return current_default_thread_limiter().statistics().tasks_waiting

    def count(query: str, **named: Any) -> Any:
        executed.append(query)
        for _ in range(1000):
            if portal.call(waiting) == QUERIES - 1:
                break
            time.sleep(0.01)
        return execute_sync(query, **named)

    monkeypatch.setattr(schema, "execute_sync", count)
    portal.call(limit_threads, 1)
    sent = {"query": "{ sessions(first: 1) { edges { node { sessionId } } } }"}
    try:
        with ThreadPoolExecutor(QUERIES) as pool:
            posted = [pool.submit(client.post, "/graphql", json=sent) for _ in range(QUERIES)]
        answers = {each.result().text for each in posted}
    finally:
        portal.call(limit_threads, 40)
    assert len(answers) == 1
    assert executed == [sent["query"]]
