"""Fixtures: each composition of the platform, with the API tests' stub video."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from adapters.clock import new_id, utc_now
from adapters.event_log.postgres import PostgresEventLog
from adapters.migrations import upgrade
from adapters.read_models.database import Database
from adapters.read_models.projection_store import SqlProjectionStore
from api.app import build_app
from application.analysis.jobs import AnalysisJobService
from application.analysis.video_analyzer import VideoAnalyzer
from application.kernel.projection_runner import build_missing
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from projections.registry import ALL
from tests.adapters.migrations.deployed import Logins, deployed_postgres
from tests.api import conftest as config
from tests.api.cluster import cluster
from tests.api.driver import ApiDriver
from tests.api.stage import Stage
from tests.data_folders import prepared
from tests.live.site import Site, kafka_with_topics

Open = Callable[[], AbstractContextManager[ApiDriver]]
"""Opens the platform of a test, for the first time or again."""

DEADLINE_S = 60.0


@pytest.fixture(scope="module")
def logins() -> Iterator[Logins]:
    """A database of a deployment: its processes do not own the event log."""
    with deployed_postgres() as urls:
        upgrade(urls.owner, run_time_login="kinelog")
        with (
            closing(PostgresEventLog(urls.run_time, clock=utc_now, new_id=new_id)) as log,
            closing(Database(urls.run_time)) as database,
        ):
            build_missing(log, SqlProjectionStore(database), ALL)
        yield urls


@pytest.fixture(scope="module")
def bus(logins: Logins, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Kafka broker with workers."""
    folder = tmp_path_factory.mktemp("workers")
    with kafka_with_topics() as kafka, Site(logins.run_time, kafka.bootstrap, folder).workers():
        yield kafka.bootstrap


@pytest.fixture(params=["embedded", pytest.param("distributed", marks=pytest.mark.slow)])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    settings = Settings(home=prepared(tmp_path), cache=tmp_path, postgres_url=None, kafka=None)
    if request.param == "embedded":
        yield settings
        return
    logins: Logins = request.getfixturevalue("logins")
    run_time = cluster(logins.run_time, settings, superuser_url=logins.superuser)
    with run_time as distributed:
        its_own = {"kafka": request.getfixturevalue("bus"), "live_deadline_s": DEADLINE_S}
        yield distributed.model_copy(update=its_own)


@pytest.fixture
def begin(settings: Settings) -> Open:
    """Return a function that opens the platform as a starting process does, then closes it."""

    @contextmanager
    def run() -> Iterator[ApiDriver]:
        stage = Stage()
        with open_platform(settings) as real:
            analyzer = VideoAnalyzer(
                decoder=stage,
                estimator=stage,
                log=real.log,
                commands=real.commands,
                media=real.media,
                archive=real.archive,
                clock=real.clock,
            )
            jobs = AnalysisJobService(real.jobs._store, analyzer, real.media)
            platform = replace(real, analyzer=analyzer, jobs=jobs)
            with TestClient(build_app(platform, web=config.WEB)) as client:
                yield ApiDriver(client, platform)

    return run
