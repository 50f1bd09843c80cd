"""Requests are measured and traced under their route template."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from api.app import build_app
from application.platform import Platform
from bootstrap.embedded import embedded
from bootstrap.settings import Settings
from tests.adapters.telemetry.recorded_spans import recording
from tests.data_folders import prepared

REGISTER = """
mutation { registerUser(input: {userId: "ada", timeZone: "UTC", locale: "en"}) { __typename } }"""


Counts = dict[tuple[str, str, str], float]


def counted(client: TestClient) -> Counts:
    """Return the number of requests by method, route and status."""
    return {
        (sample.labels["method"], sample.labels["route"], sample.labels["status"]): sample.value
        for family in text_string_to_metric_families(client.get("/metrics").text)
        for sample in family.samples
        if sample.name == "kinelog_http_request_seconds_count"
    }


@pytest.fixture
def client(platform: Platform, tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(build_app(platform, web=tmp_path)) as client:
        yield client


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    with embedded(
        Settings(home=prepared(tmp_path), cache=tmp_path, postgres_url=None, kafka=None)
    ) as opened:
        yield opened


def test_a_route_is_counted_by_its_template(client: TestClient) -> None:
    """R-OPS-02: the number of paths is unbounded, that of templates is not."""
    before = counted(client)
    for number in range(3):
        client.get(f"/v1/sessions/none-{number}")
        client.get(f"/nowhere/{number}")
    after = counted(client)
    for route in ("/v1/sessions/{session_id}", "unmatched"):
        key = ("GET", route, "404")
        assert after[key] == before.get(key, 0.0) + 3.0
    assert not [route for _, route, _ in after if "none-" in route]


def test_an_unknown_method_makes_no_series(client: TestClient) -> None:
    for method in ("BREW", "X1", "X2"):
        client.request(method, "/v1/sessions")
    methods = {method for method, _, _ in counted(client)}
    assert "other" in methods
    assert not methods & {"BREW", "X1", "X2"}


def test_a_command_over_http_is_one_tree(client: TestClient, platform: Platform) -> None:
    """R-OPS-01: in the embedded composition, the trace includes the read models."""
    trace = uuid4()
    headers = {"traceparent": f"00-{trace.hex}-{7:016x}-01", "Request-ID": str(uuid4())}
    with recording() as recorded:
        answer = client.post("/graphql", json={"query": REGISTER}, headers=headers)
    assert answer.headers["Request-ID"] == str(trace)
    (event,) = platform.log.scan(after=0, limit=9)
    assert event.origin.correlation_id == trace
    ours = {span.name: span for span in recorded if span.trace == trace.int}
    names = ["POST /graphql", "command user", "log append", "event user.created", "projections"]
    assert set(ours) == set(names)
    assert [ours[name].parent for name in names] == [7, *(ours[name].id for name in names[:-1])]


def test_a_request_span_has_its_route_and_nothing_of_its_sender(client: TestClient) -> None:
    """R-OPS-01: no path, query, address or user agent."""
    with recording() as recorded:
        client.get("/v1/sessions/ada?cursor=hush", headers={"User-Agent": "hush"})
    (span,) = recorded
    assert (span.name, span.parent) == ("GET /v1/sessions/{session_id}", None)
    assert span.attributes == {
        "http.request.method": "GET",
        "http.route": "/v1/sessions/{session_id}",
        "http.response.status_code": 404,
    }


@pytest.mark.parametrize("header", ["Request-ID", "X-Correlation-ID"])
def test_a_request_id_chosen_by_the_client_is_the_trace_id(client: TestClient, header: str) -> None:
    """R-API-04."""
    identity = uuid4()
    with recording() as recorded:
        answer = client.get("/v1/sessions", headers={header: str(identity)})
    assert answer.headers["Request-ID"] == str(identity)
    assert [(span.trace, span.parent) for span in recorded] == [(identity.int, None)]


@pytest.mark.parametrize(
    ("header", "text"), [("traceparent", "00-nonsense"), ("Request-ID", str(UUID(int=0)))]
)
def test_an_invalid_trace_parent_starts_a_new_trace(
    client: TestClient, header: str, text: str
) -> None:
    answer = client.get("/v1/sessions", headers={header: text})
    assert UUID(answer.headers["Request-ID"]).version == 7


def test_a_probe_is_measured_and_not_traced(client: TestClient) -> None:
    with recording() as recorded:
        client.get("/healthz")
    assert recorded == []
    assert counted(client)[("GET", "/healthz", "200")] >= 1.0
