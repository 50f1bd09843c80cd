"""Fixtures: each composition of the platform, with the API tests' stub video."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from application.analysis.jobs import AnalysisJobService
from application.analysis.video_analyzer import VideoAnalyzer
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from tests.api import conftest as config
from tests.api.cluster import cluster
from tests.api.driver import ApiDriver
from tests.api.stage import Stage
from tests.live.site import Site, kafka_with_topics

Open = Callable[[], AbstractContextManager[ApiDriver]]
"""Opens the platform of a test, for the first time or again."""

DEADLINE_S = 10.0
database = config.database


@pytest.fixture(scope="module")
def bus(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Kafka broker with workers."""
    folder = tmp_path_factory.mktemp("workers")
    with kafka_with_topics() as kafka, Site(database, kafka.bootstrap, folder).workers():
        yield kafka.bootstrap


@pytest.fixture(params=["embedded", "distributed"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    settings = Settings(home=tmp_path, cache=tmp_path, postgres_url=None, kafka=None)
    if request.param == "embedded":
        yield settings
        return
    with cluster(request.getfixturevalue("database"), settings) as distributed:
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
