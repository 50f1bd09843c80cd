"""Read-your-writes over REST and GraphQL."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from api.graphql.schema import schema
from application.kernel.command_handler import CommandHandler, Request
from application.platform import Platform
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from domain.sessions import commands
from domain.sessions.session import SESSION
from tests.api.conftest import WEB
from tests.api.driver import AT, ApiDriver

pytestmark = pytest.mark.both_compositions

SESSION_AFTER = """query ($id: ID!, $after: Position!) {
  session(id: $id, consistency: {after: $after}) { sessionId } }"""
LIST_AFTER = """query ($after: Position!) {
  sessions(consistency: {after: $after}) { edges { node { sessionId } } } }"""

NEVER = 1_000_000


def begin_unnoticed(platform: Platform, session: str) -> int:
    """Append a session without waking the projection runner; return its position."""
    unnoticed = CommandHandler(platform.log, settled=lambda _: None)
    start = commands.StartSession(athlete_id=UserId("ada"), at=AT)
    origin = Origin(tenant_id=DEFAULT_TENANT, actor="test", correlation_id=platform.new_id())
    request = Request(SESSION, session, [start])
    return unnoticed.execute(request, origin=origin, command_id=platform.new_id()).position


@pytest.fixture
def impatient(platform: Platform) -> Iterator[TestClient]:
    """Client of a server with stalled read models and a very short read-your-writes timeout."""

    def fresh(position: int, _timeout_s: float) -> bool:
        return position == 0

    app = build_app(replace(platform, patience_s=0.05, fresh=fresh), web=WEB)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def post(client: TestClient, query: str, **variables: Any) -> Any:
    return client.post("/graphql", json={"query": query, "variables": variables})


def test_a_question_waits_for_what_was_written_before_it(driver: ApiDriver) -> None:
    """R-API-07: read your writes, in each composition."""
    for number in range(5):
        key = f"s{number}"
        position = begin_unnoticed(driver.platform, key)
        assert driver.ask(SESSION_AFTER, id=key, after=position)["session"] == {"sessionId": key}
    listed = driver.ask(LIST_AFTER, after=begin_unnoticed(driver.platform, "last"))
    assert len(listed["sessions"]["edges"]) == 6


def test_rest_waits_for_what_was_written_before_it(driver: ApiDriver) -> None:
    for path in ("/v1/sessions/s1", "/v1/sessions"):
        position = begin_unnoticed(driver.platform, path.rpartition("/")[2])
        answer = driver.client.get(path, headers={"After-Position": str(position)})
        assert answer.status_code == 200
        view = answer.json()
        assert path == "/v1/sessions/s1" or {each["id"] for each in view["items"]} >= {"s1"}


def test_the_position_that_a_mutation_tells_is_the_one_to_ask_with(driver: ApiDriver) -> None:
    begun = driver.ask(
        'mutation { startSession(input: {sessionId: "s1", athleteId: "ada"}) {'
        " ... on SessionPayload { position } } }"
    )
    position = begun["startSession"]["position"]
    assert driver.ask(SESSION_AFTER, id="s1", after=position)["session"] == {"sessionId": "s1"}


def test_stale_reads_time_out_with_retry_after(impatient: TestClient, platform: Platform) -> None:
    position = begin_unnoticed(platform, "s1")
    response = post(impatient, SESSION_AFTER, id="s1", after=position)
    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == "read_model.stale"
    assert error["extensions"]["retryAfterS"] == 1
    assert response.headers["Retry-After"] == "1"
    assert post(impatient, SESSION_AFTER, id="s2", after=0).json()["data"] == {"session": None}


@pytest.mark.parametrize("path", ["/v1/sessions", "/v1/sessions/s1", "/v1/recordings/s1"])
def test_rest_refuses_what_takes_too_long(
    impatient: TestClient, platform: Platform, path: str
) -> None:
    position = begin_unnoticed(platform, "s1")
    answer = impatient.get(path, headers={"After-Position": str(position)})
    assert (answer.status_code, answer.json()["code"]) == (503, "read_model.stale")
    assert answer.headers["Retry-After"] == "1"


@pytest.mark.parametrize("path", ["/v1/sessions", "/v1/sessions/s1", "/v1/recordings/s1"])
def test_rest_refuses_a_position_beyond_the_log_at_once(driver: ApiDriver, path: str) -> None:
    """R-API-07: waiting cannot help, so the server does not ask its read models to wait."""
    waits: list[float] = []

    def fresh(position: int, timeout_s: float) -> bool:
        waits.append(timeout_s)
        return driver.platform.fresh(position, timeout_s)

    app = build_app(replace(driver.platform, fresh=fresh), web=WEB)
    answer = TestClient(app).get(path, headers={"After-Position": str(NEVER)})
    assert (answer.status_code, answer.json()["code"]) == (412, "position.unknown")
    assert "Retry-After" not in answer.headers
    assert waits == [0.0]


def test_graphql_refuses_a_position_beyond_the_log(driver: ApiDriver) -> None:
    """R-API-07"""
    (error,) = driver.answer(SESSION_AFTER, id="s1", after=NEVER)["errors"]
    assert error["extensions"]["code"] == "position.unknown"
    assert "retryAfterS" not in error["extensions"]


@pytest.mark.parametrize("given", [-1, "1", 1.5, True])
def test_a_position_is_a_whole_number(driver: ApiDriver, given: Any) -> None:
    answer = driver.answer(SESSION_AFTER, id="s1", after=given)
    assert answer["errors"][0]["extensions"]["code"] == "graphql.invalid"


def test_a_position_in_a_header_is_a_whole_number(driver: ApiDriver) -> None:
    answer = driver.client.get("/v1/sessions", headers={"After-Position": "soon"})
    assert answer.status_code == 422


def test_every_read_model_query_supports_consistency() -> None:
    """Queries that are not declared with `reading` do not use read models."""
    query = schema.introspect()["__schema"]["types"]
    (fields,) = [kind["fields"] for kind in query if kind["name"] == "Query"]
    without = {
        field["name"]
        for field in fields
        if "consistency" not in {argument["name"] for argument in field["args"]}
    }
    from_log = {
        "assignments", "athleteInvitation", "athleteInvitations", "captionDraft", "consents",
        "contentLesson",
        "contentPlayback",
        "contentUpload", "customExercises", "endedAssignments", "exercises",
        "execution", "export", "exports", "ownAssignments", "guidancePreferences",
        "hasAccess", "healthImport", "healthImports", "healthMetricTypes", "job",
        "leaderboardMembership", "paymentFacts",
        "planPrice", "reconciliation", "reconciliations", "sessionComments", "shareLinks",
        "subscriptionFacts", "tenant", "trainingSettings",
        "webhookDeliveries", "workoutSummary",
    }  # fmt: skip
    assert without == from_log, "the log and the catalogue answer these"
