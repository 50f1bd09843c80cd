"""Faults stay isolated: a silent dependency, endless work, an exhausted pool."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from adapters.cache.redis import RedisCache
from adapters.jobs.sql import SCHEMA as JOBS
from adapters.jobs.sql import SqlJobStore
from adapters.media.filesystem import FolderMediaStore
from adapters.read_models.database import SCHEMA, Database
from adapters.sql.engines import open_engine
from application.analysis.jobs import AnalysisJob, AnalysisJobService
from application.kernel.ports import StorageUnavailable
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Rejected
from tests.plugins.services import Service
from tools.local_services.databases import fresh_database

REQUESTS = 10
JOB = UUID(int=1)


@pytest.fixture
def accepted() -> Iterator[tuple[str, list[socket.socket]]]:
    """Yield the URL of a server that accepts connections but never responds, and these."""
    connections: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            with suppress(OSError):  # the listener is closed at the end
                while True:
                    connections.append(listener.accept()[0])

        accepting = threading.Thread(target=accept)
        accepting.start()
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0", connections
        listener.shutdown(socket.SHUT_RDWR)
        accepting.join()
        for each in connections:
            each.close()


def test_a_silent_dependency_is_soon_bypassed(
    accepted: tuple[str, list[socket.socket]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-EVT-20"""
    url, connections = accepted
    monkeypatch.setattr("adapters.cache.redis.REDIS_TIMEOUT_S", 0.1)
    with closing(RedisCache(url)) as cache:
        answers = [cache.get(str(number)) for number in range(REQUESTS)]
    assert answers == [None] * REQUESTS
    assert 0 < len(connections) < REQUESTS


class Released(Rejected):
    """Ends the endless work after the test."""

    code = "test.released"


class EndlessAnalyzer:
    """An analyzer that works until it is released."""

    def __init__(self) -> None:
        self.released = threading.Event()

    def analyze(self, *_: object, **__: object) -> Any:
        self.released.wait()
        raise Released


def test_a_request_does_not_wait_for_the_work_that_it_submits(tmp_path: Path) -> None:
    """R-EVT-18"""
    media = FolderMediaStore(tmp_path / "media")
    analyzer: Any = EndlessAnalyzer()
    with ExitStack() as opened:
        engine = open_engine(f"sqlite:///{tmp_path / 'jobs.db'}", schema=JOBS)
        opened.callback(engine.dispose)
        jobs = AnalysisJobService(SqlJobStore(engine), analyzer, media)
        opened.callback(jobs.stop)
        opened.callback(analyzer.released.set)
        jobs.start()
        video = media.put(DEFAULT_TENANT, b"a video", prefix=str(JOB))
        jobs.submit(
            AnalysisJob(
                id=JOB,
                tenant_id=DEFAULT_TENANT,
                athlete_id=UserId("ada"),
                exercise=None,
                name="",
                video=video,
                correlation_id=UUID(int=9),
                created_at=datetime(2030, 1, 1, tzinfo=UTC),
            )
        )
        assert jobs.get(DEFAULT_TENANT, JOB).state in {"queued", "running"}


def test_a_caller_without_a_connection_gets_an_error_and_may_retry(postgres: Service) -> None:
    """R-DAT-09"""
    with fresh_database(postgres.address) as url:
        engine = open_engine(url, schema=SCHEMA, connections=1, patience_s=0.5)
        with closing(Database(engine)) as database:
            with database.read(), pytest.raises(StorageUnavailable):
                ask(database)
            ask(database)


def ask(database: Database) -> None:
    with database.read() as connection:
        assert connection.execute(sa.text("SELECT 1")).scalar_one() == 1
