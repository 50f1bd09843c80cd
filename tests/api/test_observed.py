"""Requests are measured and traced under their route template."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from adapters.telemetry.metrics import PrometheusMetrics
from api.app import build_app
from application.kernel.telemetry import Telemetry, TraceParent
from bootstrap.embedded import embedded
from bootstrap.settings import Settings
from tests.adapters.telemetry.recorded_spans import Told, tracing

REGISTER = """
mutation { registerUser(input: {userId: "ada", timeZone: "UTC", locale: "en"}) { __typename } }"""


class Door:
    """An embedded platform that tells everything."""

    def __init__(self, client: TestClient, told: list[Told]) -> None:
        self.client = client
        self.told = told

    def counted(self) -> dict[tuple[str, str, str], float]:
        """How often each route answered with a status."""
        text = self.client.get("/metrics").text
        return {
            (sample.labels["method"], sample.labels["route"], sample.labels["status"]): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name == "kinelog_http_request_seconds_count"
        }


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Door]:
    settings = Settings(home=tmp_path, cache=tmp_path, postgres_url=None, kafka=None)
    metrics = PrometheusMetrics(process="test", version="0")
    with (
        tracing() as (made, told),
        embedded(settings, telemetry=Telemetry(made, metrics, metrics.exposed)) as platform,
        TestClient(build_app(platform, web=tmp_path)) as client,
    ):
        yield Door(client, told)


def test_a_route_is_counted_by_its_template(server: Door) -> None:
    """R-OPS-02: paths have no end, templates have."""
    for number in range(3):
        server.client.get(f"/v1/sessions/none-{number}")
        server.client.get(f"/nowhere/{number}")
    counted = server.counted()
    assert counted[("GET", "/v1/sessions/{session_id}", "404")] == 3.0
    assert counted[("GET", "unmatched", "404")] == 3.0
    assert not [route for _, route, _ in counted if "none-" in route]


def test_a_command_over_http_is_one_tree(tmp_path: Path) -> None:
    """R-OPS-01: embedded, the read models are part of it."""
    settings = Settings(home=tmp_path, cache=tmp_path, postgres_url=None, kafka=None)
    metrics = PrometheusMetrics(process="test", version="0")
    place = TraceParent(uuid4(), 7, sampled=True)
    with (
        tracing() as (made, told),
        embedded(settings, telemetry=Telemetry(made, metrics)) as platform,
        TestClient(build_app(platform, web=tmp_path)) as client,
    ):
        headers = {"traceparent": str(place), "Request-ID": str(uuid4())}
        answer = client.post("/graphql", json={"query": REGISTER}, headers=headers)
        assert answer.headers["Request-ID"] == str(place.trace_id)
        (recorded,) = platform.log.scan(after=0, limit=9)
    assert recorded.origin.correlation_id == place.trace_id
    ours = {span.name: span for span in told if span.trace == place.trace_id.int}
    names = ["POST /graphql", "command user", "log append", "event user.created", "projections"]
    assert set(ours) == set(names)
    assert [ours[name].parent for name in names] == [7, *(ours[name].id for name in names[:-1])]


@pytest.mark.parametrize("header", ["Request-ID", "X-Correlation-ID"])
def test_an_id_that_the_client_chose_is_that_of_the_trace(server: Door, header: str) -> None:
    """R-API-04."""
    identity = str(uuid4())
    assert (
        server.client.get("/v1/sessions", headers={header: identity}).headers["Request-ID"]
        == identity
    )


def test_an_invalid_trace_parent_starts_a_new_trace(server: Door) -> None:
    answer = server.client.get("/v1/sessions", headers={"traceparent": "00-nonsense"})
    assert UUID(answer.headers["Request-ID"]).version == 7


def test_who_does_not_count_has_no_metrics(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, cache=tmp_path, postgres_url=None, kafka=None)
    with embedded(settings) as platform, TestClient(build_app(platform, web=tmp_path)) as client:
        assert client.get("/metrics").status_code == 404
