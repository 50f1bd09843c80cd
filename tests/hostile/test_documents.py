"""Malicious GraphQL documents and JSON bodies are rejected at little cost."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hostile.conftest import Besieged

many = settings(max_examples=60, derandomize=True, database=None, deadline=None)

MOST_BYTES = 1024 * 1024


def sent(besieged: Besieged, body: bytes, path: str = "/graphql", **headers: str) -> Any:
    """Post bytes as JSON, as a member."""
    return besieged.session.post(
        besieged.url + path,
        data=body,
        headers={**besieged.headers("member"), "Content-Type": "application/json", **headers},
        timeout=60,
    )


def refused(besieged: Besieged, document: str, **more: Any) -> list[str]:
    """Send a document that is rejected; return the error messages."""
    answer = sent(besieged, json.dumps({"query": document, **more}).encode())
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert "data" not in body
    assert {error["extensions"]["code"] for error in body["errors"]} == {"graphql.invalid"}
    return [error["message"] for error in body["errors"]]


DEEP = "{node(id: 1)" + "{... on Session {sets" * 8 + "{number}" + "}}" * 8 + "}"
CYCLE = "{...A} fragment A on Query {...B} fragment B on Query {...C} fragment C on Query {...A}"
SELF = "{...A} fragment A on Query {...A}"
ALIASES = "{" + " ".join(f"a{n}: __typename" for n in range(31)) + "}"
BRANCHING = " ".join(
    f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} ...F{n + 1} }}" for n in range(40)
)
DOUBLING = "{...F0} " + BRANCHING + " fragment F40 on Query {__typename}"
UNUSED = "{__typename} " + BRANCHING + " fragment F40 on Query {__typename}"
UNKNOWN = "{...Nowhere}"
LONG = "{" + "__typename " * 3000 + "}"
DIRECTIVES = "{__typename " + "@skip(if: false) " * 1500 + "}"
LISTS = "{nodes(ids: " + "[" * 3000 + "]" * 3000 + ") {id}}"
OBJECTS = "{node(id: " + "{a: " * 1500 + "1" + "}" * 1500 + ") {id}}"


@pytest.mark.parametrize(
    "document",
    [
        DEEP, CYCLE, SELF, ALIASES, DOUBLING, UNUSED, UNKNOWN, LONG, DIRECTIVES, LISTS,
        OBJECTS,
    ],
    ids=[
        "deep", "cycle", "self", "aliases", "doubling", "unused", "unknown", "long",
        "directives", "lists", "objects",
    ],
)  # fmt: skip
def test_a_document_that_would_cost_too_much_is_refused(besieged: Besieged, document: str) -> None:
    """R-API-03, R-API-07: by its depth, its aliases, its length, or its cyclic fragments."""
    assert refused(besieged, document)


@pytest.mark.parametrize(
    "document",
    [
        "", " ", "#", "{", "}", "{__typename", "query", "mutation", "\ufeff", "\ufffd",
        "fragment A on Query {__typename}", "type Query {a: Int}", "{__typename}}", '{node(id: "',
        '{node(id: "\\uD800") {id}}', '{node(id: "\\u{110000}") {id}}',
        '{node(id: "\\u0000") {id}}', '{node(id: "\\u{0}") {id}}', "{\u202e__typename}",
        "query A {__typename} fragment A on Nothing {x}", "extend type Query {a: Int}",
    ],
)  # fmt: skip
def test_an_invalid_document_is_refused(besieged: Besieged, document: str) -> None:
    """R-API-03"""
    assert refused(besieged, document)


def test_an_unknown_operation_is_refused(besieged: Besieged) -> None:
    assert refused(besieged, "query A {__typename}", operationName="B")


@pytest.mark.parametrize(
    "variables", [[], "x", 1, [{"a": 1}], {"a": {"b": []}}, {"a": "\x00"}, {"a": 1e308}, {"": None}]
)
def test_variables_must_be_an_object(besieged: Besieged, variables: Any) -> None:
    body = {"query": "query A($a: ID!) {node(id: $a) {id}}", "variables": variables}
    answer = sent(besieged, json.dumps(body).encode())
    assert answer.status_code in {200, 400, 422}
    assert answer.status_code != 200 or answer.json()["errors"]


@pytest.mark.parametrize("path", ["/graphql", "/v1/sessions", "/v1/auth/login"])
@pytest.mark.parametrize(
    ("body", "statuses"),
    [
        (b"", {400, 422}),
        (b"\xff\xfe{}", {400, 422}),
        (b'{"query": "\xed\xa0\x80"}', {400, 422}),
        (b'{"query": "\\ud800", "athleteId": "\\ud800"}', {422}),
        (b'{"query": "{__typename}", "athleteId": "a", "email": "\\u0000"}', {422}),
        (b'{"a\\udfff": 1}', {422}),
        (b"[" * 100_000, {400, 422}),
        (b'{"a":' * 50_000, {400, 422}),
        (b'{"query": ' + b"9" * 10_000 + b"}", {400, 422}),
        (b'{"query": NaN, "athleteId": Infinity}', {400, 422}),
        (b'{"query": 1, "query": 2}', {400, 422}),
        (b"null", {400, 422}),
        (b"[]", {400, 422}),
        (b'"x"', {400, 422}),
        (b'{"query": "' + b"x" * MOST_BYTES + b'"}', {413}),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_a_body_that_cannot_be_read_is_refused(
    besieged: Besieged, path: str, body: bytes, statuses: set[int]
) -> None:
    """R-API-03: with a problem document, before the request has any effect."""
    answer = sent(besieged, body, path)
    assert answer.status_code in statuses, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.slow
def test_random_texts_cause_no_server_error(besieged: Besieged) -> None:
    """R-API-03: neither as a variable nor as a document."""
    headers = {**besieged.headers("member"), "Content-Type": "application/json"}
    anything = st.text(st.characters(exclude_categories=()), max_size=40)

    @many
    @given(anything, anything)
    def is_answered(text: str, document: str) -> None:
        found = "query A($a: ID!) {node(id: $a) {id}}"
        for body in ({"query": found, "variables": {"a": text}}, {"query": document}):
            answer = besieged.session.post(
                besieged.url + "/graphql", data=json.dumps(body), headers=headers, timeout=60
            )
            assert answer.status_code in {200, 422}, body
            assert "internal" not in answer.text, body

    is_answered()
    query = {"query": "{__typename}", "variables": '{"a": "\\u0000"}', "operationName": "%00"}
    address = besieged.url + "/graphql?a=%00"
    assert (
        besieged.session.get(address, params=query, headers=headers, timeout=60).status_code == 422
    )
