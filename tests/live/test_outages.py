"""Sets survive the death of any process: each repetition is counted once."""

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from adapters.api_client.live import LiveClient, NotDelivered
from adapters.clock import new_id, utc_now
from adapters.event_log.postgres import PostgresEventLog
from adapters.event_log.sqlite import SqliteEventLog
from application.kernel.ports import EventLog
from application.live.chunk import IngestChunk
from application.live.chunk_codec import decode, encode
from application.sessions.fact_mapping import milliseconds
from domain.ids import DEFAULT_TENANT
from domain.motion.exercises.library import get_exercise
from domain.motion.facts import RepetitionCounted
from domain.motion.fold import fold
from domain.sessions import events
from tests.adapters.event_log.postgres_databases import upgraded_database
from tests.live.phones import REPETITIONS, begun, end, phone
from tests.live.site import PATIENCE_S, InTurn, Site, kafka_with_topics
from tests.plugins.services import Service

pytestmark = pytest.mark.slow

Spans = list[tuple[int, int, int]]


def expected(chunks: list[IngestChunk]) -> Spans:
    """Return the repetitions that the fold finds in the transmitted frames."""
    sent = [decode(encode(request), DEFAULT_TENANT).message.chunk for request in chunks]
    return [
        (fact.number, milliseconds(fact.started_s), milliseconds(fact.ended_s))
        for fact in fold(get_exercise("squat"), sent).facts
        if isinstance(fact, RepetitionCounted)
    ]


def counted(log: EventLog, session: str) -> Spans:
    history = log.load(DEFAULT_TENANT, f"session-{session}")
    facts = (recorded.event for recorded in history)
    return [
        (fact.number, fact.span.start_ms, fact.span.end_ms)
        for fact in facts
        if isinstance(fact, events.RepetitionCounted)
    ]


def test_a_killed_server_loses_nothing_acknowledged(tmp_path: Path) -> None:
    """R-LIV-10: embedded; killed twice during a request."""
    site, way = Site(None, None, tmp_path), InTurn()
    server = site.begin("serve")
    with phone(way) as client:
        way.urls = [site.at_work(server)["url"]]
        chunks = begun(client)
        for place, request in enumerate(chunks):
            if place in {len(chunks) // 3, 2 * len(chunks) // 3}:
                server = struck(site, way, server, client, request)
            else:
                answer = client.send(request)
        summary = client.complete(chunks[0].session.session_id)
    end(server)
    assert (answer["repetitions"], summary["repetitions"]) == (REPETITIONS, REPETITIONS)
    log = SqliteEventLog(tmp_path / "log.sqlite3", clock=utc_now, new_id=new_id)
    with closing(log):
        assert counted(log, chunks[0].session.session_id) == expected(chunks)


def struck(site: Site, way: InTurn, server: Any, client: LiveClient, request: IngestChunk) -> Any:
    """Kill the server during a request, and start it again; the client keeps retrying."""
    sending = threading.Thread(target=client.send, args=(request,))
    sending.start()
    end(server)
    again = site.begin("serve")
    way.urls = [site.at_work(again)["url"]]
    sending.join(PATIENCE_S)
    assert not sending.is_alive()
    return again


@pytest.fixture
def database(postgres: Service) -> Iterator[str]:
    with upgraded_database(postgres.address) as url:
        yield url


def test_a_set_survives_an_outage_of_workers_and_kafka(database: str, tmp_path: Path) -> None:
    """R-LIV-10, R-LIV-11, R-OPS-09: degraded at first, finally exact, through two servers."""
    with kafka_with_topics() as kafka:
        site = Site(database, kafka.bootstrap, tmp_path)
        pose = site.begin("worker", "pose")
        with site.together("worker exercise", "serve", "serve") as (_, one, other):
            site.at_work(pose)
            way = InTurn(one["url"], other["url"])
            with phone(way) as client:
                chunks = begun(client)
                third = len(chunks) // 3
                for request in chunks[:third]:
                    client.send(request)
                end(pose)
                answers = [client.send(request) for request in chunks[third : 2 * third]]
                assert {answer["mode"] for answer in answers} == {"degraded"}
                kafka.stop()
                client.offer(chunks[2 * third])
                with pytest.raises(NotDelivered):
                    client.deliver()
                kafka.start()
                with site.run("worker", "pose"):
                    for request in chunks[2 * third + 1 :]:
                        client.send(request)
                    summary = client.complete(chunks[0].session.session_id)
    assert (summary["sets"], summary["repetitions"]) == (1, REPETITIONS)
    log = PostgresEventLog(database, clock=utc_now, new_id=new_id)
    with closing(log):
        assert counted(log, chunks[0].session.session_id) == expected(chunks)
