"""GraphQL reads: connections, nodes, the past, sums, limits."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from api.app import build_app
from api.graphql import operation_checks
from application.kernel.cache import NO_CACHE
from application.kernel.read_models import Visibility
from application.platform import Platform
from tests.api.conftest import WEB
from tests.api.counting import CountingReads
from tests.api.driver import AT, ApiDriver

pytestmark = pytest.mark.both_compositions

PAGE = """
query($first: Int, $after: String, $last: Int, $before: String, $athlete: ID) {
  sessions(first: $first, after: $after, last: $last, before: $before, athleteId: $athlete) {
    edges { cursor node { sessionId } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""

EVERYTHING = """
query($first: Int!) {
  sessions(first: $first) {
    edges { node {
      sessionId accuracy
      sets { number repetitions }
      repetitions { number tempo { eccentricS } }
      rejectedRepetitions { reason }
      cues { cue }
      recording { id frames(first: 1) { edges { node { frameNumber } } } }
    } }
  }
}"""


def keys(page: Any) -> list[str]:
    return [edge["node"]["sessionId"] for edge in page["edges"]]


def test_a_connection_is_read_forwards(driver: ApiDriver) -> None:
    """R-API-07."""
    newest_first = [driver.train(number) for number in range(5)][::-1]
    first = driver.ask(PAGE, first=2)["sessions"]
    assert keys(first) == newest_first[:2]
    assert (first["pageInfo"]["hasNextPage"], first["pageInfo"]["hasPreviousPage"]) == (True, False)
    assert first["pageInfo"]["startCursor"] == first["edges"][0]["cursor"]
    second = driver.ask(PAGE, first=3, after=first["pageInfo"]["endCursor"])["sessions"]
    assert keys(second) == newest_first[2:]
    assert (second["pageInfo"]["hasNextPage"], second["pageInfo"]["hasPreviousPage"]) == (
        False,
        True,
    )


def test_a_connection_is_read_backwards(driver: ApiDriver) -> None:
    """R-API-07."""
    newest_first = [driver.train(number) for number in range(5)][::-1]
    last = driver.ask(PAGE, last=2)["sessions"]
    assert keys(last) == newest_first[3:]
    before = driver.ask(PAGE, last=2, before=last["pageInfo"]["startCursor"])["sessions"]
    assert keys(before) == newest_first[1:3]
    assert (before["pageInfo"]["hasNextPage"], before["pageInfo"]["hasPreviousPage"]) == (
        True,
        True,
    )


def test_an_empty_connection_has_no_cursors(driver: ApiDriver) -> None:
    page = driver.ask(PAGE, athlete="nobody")["sessions"]
    assert page == {
        "edges": [],
        "pageInfo": {
            "hasNextPage": False,
            "hasPreviousPage": False,
            "startCursor": None,
            "endCursor": None,
        },
    }


@pytest.mark.parametrize(
    ("reads", "code"),
    [
        ({"first": 101}, "page.too_large"),
        ({"first": -1}, "page.too_large"),
        ({"first": 1, "last": 1}, "page.invalid"),
        ({"after": "nonsense"}, "page.cursor_invalid"),
    ],
)
def test_an_invalid_page_argument_is_refused_by_name(
    driver: ApiDriver, reads: dict[str, Any], code: str
) -> None:
    answer = driver.answer(PAGE, **reads)
    assert answer["data"] is None
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == code
    assert error["message"] != "Unexpected error."


def test_a_page_costs_as_many_reads_whatever_its_length(
    platform: Platform, driver: ApiDriver
) -> None:
    """No N+1: one read for each kind of row."""
    for number in range(20):
        driver.train(number)

    def reads(first: int) -> dict[str, int]:
        counting: Any = CountingReads(platform.read)
        client = TestClient(build_app(replace(platform, read=counting, cache=NO_CACHE), web=WEB))
        body = {"query": EVERYTHING, "variables": {"first": first}}
        answer = client.post("/graphql", json=body).json()
        assert len(answer["data"]["sessions"]["edges"]) == first
        assert all(edge["node"]["repetitions"] for edge in answer["data"]["sessions"]["edges"])
        return dict(counting.reads)

    assert reads(20) == reads(1)
    assert set(reads(20).values()) == {1}
    assert len(reads(20)) == 7


def test_nodes_of_one_kind_cost_one_read(platform: Platform, driver: ApiDriver) -> None:
    for number in range(5):
        driver.train(number)
    ids = [
        edge["node"]["id"]
        for edge in driver.ask("{ sessions { edges { node { id } } } }")["sessions"]["edges"]
    ]
    counting: Any = CountingReads(platform.read)
    client = TestClient(build_app(replace(platform, read=counting, cache=NO_CACHE), web=WEB))
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Session { cues { cue } } } }"
    answer = client.post("/graphql", json={"query": query, "variables": {"ids": ids}}).json()
    assert [node["id"] for node in answer["data"]["nodes"]] == ids
    assert counting.reads == {"get_many session_summary": 1, "by cue": 1}


def test_anything_with_a_global_id_is_found_by_it(driver: ApiDriver) -> None:
    """R-API-07."""
    key = driver.train(1)
    session = driver.ask("query($id: ID!) { session(id: $id) { id } }", id=key)["session"]
    node = "query($id: ID!) { node(id: $id) { __typename id ... on Session { sessionId } } }"
    assert driver.ask(node, id=session["id"])["node"] == {
        "__typename": "Session",
        "id": session["id"],
        "sessionId": key,
    }
    found = driver.ask("query($id: ID!) { session(id: $id) { sessionId } }", id=session["id"])
    assert found["session"]["sessionId"] == key


@pytest.mark.parametrize("given", ["U2Vzc2lvbjpub25l", "UGxhbmV0OkVhcnRo"], ids=["key", "kind"])
def test_unknown_node_ids_return_null(driver: ApiDriver, given: str) -> None:
    assert driver.ask("query($id: ID!) { node(id: $id) { id } }", id=given)["node"] is None


def test_an_invalid_id_is_refused_by_name(driver: ApiDriver) -> None:
    answer = driver.answer('{ node(id: "!") { id } }')
    assert answer["errors"][0]["extensions"]["code"] == "node.id_invalid"


THEN = """
query($id: ID!, $asOf: AsOf) {
  session(id: $id, asOf: $asOf) {
    status repetitionCount sets { status } repetitions { number } cues { cue } recording { status }
  }
}"""


def test_a_session_can_be_read_at_a_version(driver: ApiDriver) -> None:
    key = driver.train(1, repetitions=2)
    then = driver.ask(THEN, id=key, asOf={"version": 3})["session"]
    assert (then["status"], then["repetitionCount"]) == ("UNDERWAY", 1)
    assert then["sets"] == [{"status": "UNDERWAY"}]
    assert [each["number"] for each in then["repetitions"]] == [1]
    assert then["cues"] == []
    now = driver.ask(THEN, id=key)["session"]
    assert (now["status"], now["repetitionCount"]) == ("COMPLETED", 2)
    assert driver.ask(THEN, id=key, asOf={"version": 99})["session"] == now


def test_a_session_can_be_read_at_a_time(driver: ApiDriver) -> None:
    key = driver.train(1)
    recorded = driver.platform.log.scan(after=0, limit=1)[0].recorded_at
    before, after = recorded - timedelta(seconds=1), driver.platform.clock()
    assert driver.ask(THEN, id=key, asOf={"time": before.isoformat()})["session"] is None
    then = driver.ask(THEN, id=key, asOf={"time": after.isoformat()})["session"]
    assert then == driver.ask(THEN, id=key)["session"]


def test_a_time_without_zone_is_refused_by_name(driver: ApiDriver) -> None:
    answer = driver.answer(THEN, id="any", asOf={"time": "2030-01-31T07:30:00"})
    assert answer["errors"][0]["extensions"]["code"] == "value.time_without_zone"


def test_as_of_needs_either_a_version_or_a_time(driver: ApiDriver) -> None:
    reads = {"version": 1, "time": AT.isoformat()}
    answer = driver.answer(THEN, id="any", asOf=reads)
    assert answer["errors"][0]["extensions"]["code"] == "graphql.invalid"


TOTALS = """
query($period: Period!, $from: Date, $to: Date) {
  totals(athleteId: "ada", period: $period, from: $from, to: $to) {
    start sessions sets repetitions durationMs caloriesKcal accuracy
  }
}"""


def test_sessions_are_summed_by_period_of_the_calendar(driver: ApiDriver) -> None:
    for number in (0, 1, 24):
        driver.train(number, athlete="ada", repetitions=2)
    driver.train(2, athlete="grace")

    def starts(period: str, **bounds: str) -> list[tuple[str, int]]:
        totals = driver.ask(TOTALS, period=period, **bounds)["totals"]
        return [(total["start"], total["sessions"]) for total in totals]

    assert starts("DAY") == [("2030-01-31", 2), ("2030-02-01", 1)]
    assert starts("WEEK") == [("2030-01-28", 3)]
    assert starts("MONTH") == [("2030-01-01", 2), ("2030-02-01", 1)]
    assert starts("ALL") == [("2030-01-31", 3)]
    assert starts("DAY", **{"from": "2030-02-01"}) == [("2030-02-01", 1)]
    assert starts("DAY", to="2030-02-01") == [("2030-01-31", 2)]
    (whole,) = driver.ask(TOTALS, period="ALL")["totals"]
    assert whole == {
        "start": "2030-01-31",
        "sessions": 3,
        "sets": 3,
        "repetitions": 6,
        "durationMs": 24000,
        "caloriesKcal": 2.45,
        "accuracy": 0.875,
    }


def test_frames_are_read_through_the_session(driver: ApiDriver) -> None:
    key = driver.analyzed()
    query = """
    query($id: ID!, $after: String) { session(id: $id) { recording {
      videoUrl status frames(first: 2, after: $after) {
        edges { cursor node { frameNumber timestamp poseData } } pageInfo { hasNextPage }
    } } } }"""
    first = driver.ask(query, id=key)["session"]["recording"]
    assert first["videoUrl"] == f"/v1/recordings/{key}/video"
    assert [edge["node"]["frameNumber"] for edge in first["frames"]["edges"]] == [0, 1]
    assert len(first["frames"]["edges"][0]["node"]["poseData"]["landmarks"]) == 33
    after = first["frames"]["edges"][-1]["cursor"]
    second = driver.ask(query, id=key, after=after)["session"]["recording"]
    assert [edge["node"]["frameNumber"] for edge in second["frames"]["edges"]] == [2, 3]


def test_the_catalogue_and_the_schema_can_be_read(driver: ApiDriver) -> None:
    exercises = driver.ask("{ exercises { id kind faults { cue } } }")["exercises"]
    assert {"id": "plank", "kind": "HOLD"} in [
        {"id": each["id"], "kind": each["kind"]} for each in exercises
    ]
    assert driver.ask("{ __schema { queryType { name } } }")["__schema"]["queryType"]


@pytest.mark.parametrize(
    "document",
    [
        "{ exercises { id }",
        "{ nothing }",
        "{ " + " ".join(f"a{n}: exercises {{ id }}" for n in range(31)) + " }",
        "{ exercises { " + "id " * 2000 + "} }",
        "query($n: Int!) { sessions(first: $n) { edges { cursor } } }",
    ],
    ids=["syntax", "unknown field", "aliases", "tokens", "missing variable"],
)
def test_an_invalid_document_is_rejected(driver: ApiDriver, document: str) -> None:
    answer = driver.answer(document)
    assert "data" not in answer
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"graphql.invalid"}


def test_the_depth_of_a_document_is_limited(driver: ApiDriver) -> None:
    deep = "{ a " * 10 + "}" * 10
    errors = driver.answer("{ sessions { edges { node " + deep + " } } }")["errors"]
    assert any("more than 10 levels" in error["message"] for error in errors)


def test_a_document_is_parsed_and_validated_once(
    driver: ApiDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []

    def counted(name: str) -> None:
        original = getattr(operation_checks, name)

        def count(*sent: Any, **named: Any) -> Any:
            steps.append(name)
            return original(*sent, **named)

        monkeypatch.setattr(operation_checks, name, count)

    counted("parse")
    counted("validate_document")
    document = "{ exercises { id name version met } }" + f"# {uuid4()}"
    answers = [driver.ask(document) for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert steps == ["parse", "validate_document"]


def test_a_failure_is_masked_and_can_be_found_in_the_log(platform: Platform) -> None:
    class Broken:
        def seen_by(self, _sight: Visibility) -> "Broken":
            return self

        def cached_data_version(self) -> str:
            return "any"

        def data_version(self) -> str:
            return "any"

        def __getattr__(self, name: str) -> Any:
            raise RuntimeError("the secret of the house")

    broken: Any = Broken()
    client = TestClient(build_app(replace(platform, read=broken), web=WEB))
    identity = str(uuid4())
    with capture_logs() as logs:
        answer = client.post(
            "/graphql",
            json={"query": "{ sessions { edges { cursor } } }"},
            headers={"Request-ID": identity},
        )
    (error,) = answer.json()["errors"]
    assert error["extensions"] == {"code": "internal", "correlationId": identity}
    assert "secret" not in answer.text
    assert [entry["event"] for entry in logs] == ["graphql.failed"]


def test_get_executes_queries_but_not_mutations(driver: ApiDriver) -> None:
    params = {"query": "query($n: Int) { sessions(first: $n) { edges { cursor } } }"}
    answer = driver.client.get("/graphql", params={**params, "variables": '{"n": 1}'})
    assert answer.json()["data"] == {"sessions": {"edges": []}}
    mutation = "mutation { registerUser(input: {}) { __typename } }"
    refused = driver.client.get("/graphql", params={"query": mutation})
    assert (refused.status_code, refused.headers["Allow"]) == (405, "POST")
    assert refused.json()["code"] == "http.405"
    malformed = driver.client.get("/graphql", params={**params, "variables": "[1]"})
    assert malformed.json()["errors"][0]["pointer"] == "#/variables"


@pytest.mark.parametrize(("query", "status"), [("{ exercises { id } }", 200), ("{ none }", 400)])
def test_clients_of_the_newer_protocol_get_its_media_type_and_status(
    driver: ApiDriver, query: str, status: int
) -> None:
    accept = "application/graphql-response+json"
    answer = driver.client.post("/graphql", json={"query": query}, headers={"Accept": accept})
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, accept)
