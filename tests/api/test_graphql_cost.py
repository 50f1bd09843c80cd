"""Too expensive GraphQL queries are rejected before execution."""

from typing import Any

import pytest
from graphql import OperationDefinitionNode, get_operation_ast, parse, validate

from api.graphql.query_cost import LIST, MAX_COST, cost_of
from api.graphql.schema import schema
from application.kernel.pagination import PAGE
from tests.api.driver import ApiDriver

GRAPH = schema._schema
NESTED = " ".join(f"fragment F{n} on Query {{...F{n + 1} ...F{n + 1}}}" for n in range(60))


def cost(document: str, **variables: Any) -> int:
    parsed = parse(document)
    assert not validate(GRAPH, parsed)
    operation = get_operation_ast(parsed)
    assert isinstance(operation, OperationDefinitionNode)
    return cost_of(GRAPH, parsed, operation, variables)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("{__typename}", 0),
        ("{__schema {types {name}}}", 0),
        ('{node(id: "x") {id}}', 1),
        ("{sessions(first: 7) {pageInfo {hasNextPage}}}", 2),
        ("{sessions(first: 7) {edges {cursor}}}", 1 + 7),
        ("{sessions {edges {node {id}}}}", 1 + PAGE * 2),
        ("{sessions(last: 3) {edges {node {sets {number}}}}}", 1 + 3 * (2 + LIST)),
        ("{sessions(first: 0) {edges {node {id}}}}", 1),
        ('{nodes(ids: ["a", "b", "c"]) {id}}', 3),
        ("{a: sessions(first: 5) {edges {cursor}} b: sessions(first: 5) {edges {cursor}}}", 12),
        ("{sessions {...B}} fragment B on SessionConnection {edges {cursor}}", 1 + PAGE),
        ("{... on Query {... @include(if: true) {sessions(first: 5) {edges {cursor}}}}}", 6),
    ],
)  # fmt: skip
def test_an_answer_costs_what_it_may_hold(document: str, expected: int) -> None:
    """R-API-07: lists multiply the cost of their items."""
    assert cost(document) == expected


def test_variables_count_towards_the_cost() -> None:
    """R-API-07"""
    document = "query A($n: Int = 9) {sessions(first: $n) {edges {cursor}}}"
    assert (cost(document), cost(document, n=50)) == (10, 51)


def test_nested_fragments_are_costed_once() -> None:
    """R-API-07: each fragment spreads the one before twice, which makes 2^60 spreads."""
    parsed = parse("{...F0} " + NESTED + ' fragment F60 on Query {node(id: "x") {id}}')
    operation = get_operation_ast(parsed)
    assert operation is not None
    assert cost_of(GRAPH, parsed, operation, {}) == 2**60


def test_too_expensive_queries_are_rejected_with_their_cost(driver: ApiDriver) -> None:
    """R-API-07"""
    dear = "query A($n: Int!) {sessions(first: $n) {edges {node {recording {frames(first: 900) {edges {cursor}}}}}}}"  # noqa: E501
    answer = driver.answer(dear, n=100)
    assert "data" not in answer
    assert str(MAX_COST) in answer["errors"][0]["message"]
    cheap = driver.answer(dear, n=1)
    assert cheap["extensions"]["cost"] == {"requested": 1 + 2 + 1 + 1 + 900, "maximum": MAX_COST}


def test_each_request_has_the_cost_of_its_own_variables_and_operation(driver: ApiDriver) -> None:
    """R-API-07: costs of a document are kept for its last variables."""
    page = "sessions(first: $n) {edges {cursor}}"
    document = f"query A($n: Int!) {{{page}}} query B($n: Int!) {{{page} b: {page}}}"

    def answer(operation: str, n: object) -> Any:
        body = {"query": document, "variables": {"n": n}, "operationName": operation}
        return driver.client.post("/graphql", json=body).json()

    def requested(operation: str, n: int) -> Any:
        return answer(operation, n)["extensions"]["cost"]["requested"]

    assert [requested("A", 1), requested("A", 7), requested("B", 1)] == [2, 8, 4]
    assert [requested("A", 1), requested("A", 7), requested("B", 1)] == [2, 8, 4]
    refused = answer("A", True)
    assert "data" not in refused
    assert "Int cannot represent" in refused["errors"][0]["message"]
