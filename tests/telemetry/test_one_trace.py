"""One request is one trace through every process that works on it."""

import json
import os
import secrets
import signal
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from adapters.bus.kafka.admin import KafkaTopics
from adapters.clock import utc_now
from application.kernel.topics import TOPICS
from application.live.chunk import IngestChunk, SessionKey
from application.live.chunk_codec import MEDIA_TYPE, encode
from domain.ids import DEFAULT_TENANT, SessionId
from tests.adapters.event_log.postgres_databases import upgraded_database
from tests.commands import Command
from tests.plugins.services import Service
from tests.streams.videos import chunk_message
from tests.telemetry.sink import Seen, Sink, sink
from tools.local_services.ports import Port

pytestmark = pytest.mark.slow

WITHIN_S = 120.0
CHUNKS = 16

BEGIN = """
mutation($start: StartSessionInput!, $set: StartSetInput!) {
  startSession(input: $start) { __typename ... on Problem { message } }
  startSet(input: $set) { __typename ... on Problem { message } }
}"""


@dataclass(frozen=True)
class RunningPlatform:
    """A Kinelog of five processes, and their collector."""

    url: str
    metrics_url: str
    collector: Sink

    def ask(self, path: str, traceparent: str, **body: Any) -> Any:
        headers = {"traceparent": traceparent, **body.pop("headers", {})}
        answer = httpx2.post(
            f"{self.url}{path}", headers=headers, timeout=WITHIN_S, trust_env=False, **body
        )
        assert answer.status_code == 200, answer.text
        return answer.json()


class Process:
    """A running command."""

    def __init__(self, *words: str, environment: dict[str, str]) -> None:
        self._errors = Path(environment["KINELOG_HOME"]) / f"{'-'.join(words)}.stderr"
        self._running = Command(*words, "--json", environment=environment, errors=self._errors)

    def said(self) -> Any:
        """Wait until it is ready, and return its output."""
        line = self._running.stdout.readline()
        assert line, self._errors.read_text()
        return json.loads(line)

    def tell_to_end(self) -> None:
        self._running.send_signal(signal.SIGTERM)

    def ended(self) -> int:
        with self._running:
            return self._running.wait(timeout=WITHIN_S)

    def kill(self) -> None:
        self._running.kill()


@contextmanager
def at_work(processes: dict[str, Process]) -> Generator[dict[str, Any]]:
    """Wait until all are ready, and yield their output by name; end them, each with status 0."""
    try:
        yield {name: each.said() for name, each in processes.items()}
        for each in processes.values():
            each.tell_to_end()
        assert {name: each.ended() for name, each in processes.items()} == dict.fromkeys(
            processes, 0
        )
    finally:
        for each in processes.values():
            each.kill()


@pytest.fixture(scope="module")
def running(
    kafka: Service, postgres: Service, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningPlatform]:
    KafkaTopics(kafka.address).create(TOPICS)
    with ExitStack() as opened:
        collector = opened.enter_context(sink())
        environment = {
            **os.environ,
            "KINELOG_HOME": str(tmp_path_factory.mktemp("home")),
            "KINELOG_POSTGRES_URL": opened.enter_context(upgraded_database(postgres.address)),
            "KINELOG_KAFKA": kafka.address,
            "KINELOG_OTLP_ENDPOINT": collector.address,
            "KINELOG_TRACE_SAMPLE_RATIO": "1",
            "KINELOG_READ_YOUR_WRITES_TIMEOUT_S": "60",
            "KINELOG_SIGN_IN": "open",
            "KINELOG_PORT": "0",
        }
        port = Port()
        opened.callback(port.release)
        relay = {**environment, "KINELOG_METRICS_PORT": str(port.number)}
        processes = {
            "projections": Process("worker", "projections", environment=environment),
            "relay": Process("events", "relay", environment=relay),
            "pose": Process("worker", "pose", environment=environment),
            "exercise": Process("worker", "exercise", environment=environment),
            "api": Process("serve", environment=environment),
        }
        said = opened.enter_context(at_work(processes))
        metrics = f"http://127.0.0.1:{port.number}/metrics"
        yield RunningPlatform(said["api"]["url"].rstrip("/"), metrics, collector)


def train(running: RunningPlatform, traceparent: str) -> str:
    """Start a session, and stream a set."""
    key = f"session-{secrets.token_hex(6)}"
    begun = (utc_now() - timedelta(hours=1)).isoformat()
    counted_by = {"source": "SERVER", "model": "mannequin", "definitionVersion": 1}
    start = {"sessionId": key, "athleteId": "ada", "at": begun}
    first = {"sessionId": key, "set": 1, "exerciseId": "squat", "countedBy": counted_by}
    variables = {"start": start, "set": first}
    answer = running.ask("/graphql", traceparent, json={"query": BEGIN, "variables": variables})
    assert [each["__typename"] for each in answer["data"].values()] == ["SessionPayload"] * 2
    session = SessionKey(DEFAULT_TENANT, SessionId(key))
    for number in range(1, CHUNKS + 1):
        message = chunk_message(number, last=number == CHUNKS)
        running.ask(
            "/v1/workouts/streaming",
            traceparent,
            content=encode(IngestChunk(session=session, message=message)),
            headers={"Content-Type": MEDIA_TYPE},
        )
    return key


def orphans(spans: list[Seen], client: str) -> list[Seen]:
    """Return spans whose parent was never exported; `client` is the span of the client."""
    span_ids = {span.id for span in spans} | {client}
    return [span for span in spans if span.parent not in span_ids]


def is_whole(spans: list[Seen]) -> bool:
    """Return whether each process has handled the end of the set."""
    names = [(span.process, span.name) for span in spans]
    return (
        ("kinelog-relay", "relay publish") in names
        and ("kinelog-exercise-worker", "event session.set_completed") in names
        and sum(name == "projections" for _, name in names)
        == sum(name.startswith("event ") for _, name in names)
        == sum(name == "relay publish" for _, name in names)
    )


def test_one_request_is_one_trace_from_endpoint_to_read_model(running: RunningPlatform) -> None:
    """R-OPS-01, R-OPS-04, R-LIV-12: complete, connected, and below the span of the client."""
    trace, client = uuid4().hex, f"{0x1234:016x}"
    train(running, f"00-{trace}-{client}-01")
    spans = running.collector.wait_for(
        trace, lambda collector: is_whole(collector) and not orphans(collector, client)
    )
    by_id = {span.id: span for span in spans}

    def path(span: Seen) -> list[str]:
        above = by_id.get(span.parent)
        return [
            *(path(above) if above else []),
            f"{span.process.removeprefix('kinelog-')}: {span.name}",
        ]

    counted = next(
        span
        for span in spans
        if span.name == "projections"
        and by_id[span.parent].name == "event session.repetition_counted"
    )
    assert path(counted) == [
        "api: POST /v1/workouts/streaming",
        "pose-worker: work pose.stream",
        "exercise-worker: work exercise.detect",
        "exercise-worker: command session",
        "exercise-worker: log append",
        "exercise-worker: event session.repetition_counted",
        "projections: projections",
    ]


def test_the_relay_shows_how_far_kafka_is_behind(running: RunningPlatform) -> None:
    """R-OPS-02."""
    train(running, f"00-{uuid4().hex}-{1:016x}-00")
    found: dict[str, list[Any]] = {}
    while found.get("kinelog_relay_lag_events") != [0.0] or set(found["kinelog_watch_up"]) != {1.0}:
        text = httpx2.get(running.metrics_url, timeout=WITHIN_S, trust_env=False).text
        found = {}
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                found.setdefault(sample.name, []).append(sample.value)
    assert found["kinelog_log_position"][0] > 0
    assert found["kinelog_events_relayed_total"][0] > 0
    assert found["kinelog_dead_letters"], "whatever other tests left there"
