"""The distributed platform with and without a runner, and the choice of composition."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr

from application.kernel.command_handler import Request
from application.kernel.ports import StorageUnavailable
from application.kernel.read_models import ReadModelUnavailable
from application.platform import Platform
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from domain.sessions import commands
from domain.sessions.session import SESSION
from projections.registry import ALL
from projections.session_summary import SESSION_SUMMARY
from tests.adapters.event_log.postgres_databases import upgraded_database
from tests.api.cluster import at_work
from tests.plugins.services import Service

ROOT = Path(__file__).parents[2]


@pytest.fixture
def url(postgres: Service) -> Iterator[str]:
    with upgraded_database(postgres.address) as url:
        yield url


@pytest.fixture
def settings(url: str, tmp_path: Path) -> Settings:
    return Settings(
        home=tmp_path,
        cache=tmp_path,
        postgres_url=SecretStr(url),
        read_your_writes_timeout_s=60,
        kafka=None,
    )


def begin(platform: Platform, session: str) -> int:
    """Start a session; return the position of its event."""
    start = commands.StartSession(athlete_id=UserId("ada"), at=platform.clock())
    origin = Origin(tenant_id=DEFAULT_TENANT, actor="ada", correlation_id=platform.new_id())
    return platform.commands.execute(
        Request(SESSION, session, [start]), origin=origin, command_id=platform.new_id()
    ).position


def built(platform: Platform) -> None:
    """Wait until a runner has built its first tables."""
    while len(platform.tables.live(ALL)) < len(ALL):
        time.sleep(0.01)


def test_what_was_written_is_read_at_once_by_this_process_and_by_others(
    settings: Settings,
) -> None:
    with at_work(settings), open_platform(settings) as first, open_platform(settings) as second:
        built(first)
        for number in range(1, 20):
            position = begin(first, f"s{number}")
            assert first.read.get(SESSION_SUMMARY, DEFAULT_TENANT, f"s{number}") is not None
            assert second.fresh(position, 0)


def test_without_a_runner_facts_are_stored_and_answered(settings: Settings) -> None:
    """A read without its data reports that it is missing or outdated."""
    impatient = settings.model_copy(update={"read_your_writes_timeout_s": 0.05})
    with open_platform(impatient) as alone:
        position = begin(alone, "never built")
        with pytest.raises(ReadModelUnavailable):
            alone.read.get(SESSION_SUMMARY, DEFAULT_TENANT, "never built")
        with at_work(settings):
            built(alone)
            assert alone.fresh(position, 60)
        begin(alone, "without one again")
        assert not alone.fresh(alone.log.head(), 0)
        assert alone.read.get(SESSION_SUMMARY, DEFAULT_TENANT, "never built") is not None
        assert alone.read.get(SESSION_SUMMARY, DEFAULT_TENANT, "without one again") is None


@pytest.mark.slow
def test_a_runner_process_ends_on_a_signal(settings: Settings) -> None:
    assert settings.postgres_url is not None
    command = "from bootstrap.cli.worker import app; app()"
    environment = {
        **os.environ,
        "KINELOG_POSTGRES_URL": settings.postgres_url.get_secret_value(),
        "KINELOG_HOME": str(settings.home),
    }
    runner = subprocess.Popen(
        [sys.executable, "-c", command, "projections"],
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment,
    )
    with runner, open_platform(settings) as reading:
        assert runner.stderr is not None
        assert "Filling" in runner.stderr.readline()
        built(reading)
        assert reading.fresh(begin(reading, "s1"), 60)
        runner.send_signal(signal.SIGTERM)
        assert runner.wait(timeout=60) == 0


def test_the_url_of_a_database_chooses_the_composition(settings: Settings, url: str) -> None:
    with open_platform(settings) as distributed:
        begin(distributed, "s1")
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM kinelog.events").fetchone() == (1,)
    with open_platform(settings.model_copy(update={"postgres_url": None})) as embedded:
        assert embedded.log.head() == 0
        begin(embedded, "s1")
        assert embedded.fresh(1, 0)
    assert (settings.home / "log.sqlite3").is_file()


def test_a_database_that_is_not_upgraded_is_reported(
    settings: Settings, postgres_database: str
) -> None:
    bare = settings.model_copy(update={"postgres_url": SecretStr(postgres_database)})
    with pytest.raises(StorageUnavailable), open_platform(bare):
        pass


def test_passwords_are_shown_nowhere(tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path,
        postgres_url=SecretStr("postgresql://ada:hush@127.0.0.1:1/kinelog"),
        redis_url=SecretStr("redis://:hush@127.0.0.1:1"),
    )
    assert "hush" not in f"{settings!r}{settings}{settings.model_dump_json()}"
    with pytest.raises(StorageUnavailable) as result, open_platform(settings):
        pass
    assert "hush" not in result.value.detail
