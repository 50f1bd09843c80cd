"""The doors, open to an embedded platform in a folder of its own."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from application.analysis import Analyzer
from application.jobs import AnalysisJobs
from application.platform import Platform
from bootstrap.embedded import embedded
from bootstrap.settings import Settings
from tests.api.house import House
from tests.api.stage import Stage

WEB = Path(__file__).parents[2] / "web"


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def platform(tmp_path: Path, stage: Stage) -> Iterator[Platform]:
    settings = Settings(home=tmp_path / "home", cache=tmp_path / "cache", max_upload_mb=1)
    with embedded(settings) as real:
        analyzer = Analyzer(
            decoder=stage,
            estimator=stage,
            log=real.log,
            commands=real.commands,
            media=real.media,
            archive=real.archive,
            clock=real.clock,
        )
        jobs = AnalysisJobs(real.jobs._store, analyzer, real.media)
        yield replace(real, analyzer=analyzer, jobs=jobs)


@pytest.fixture
def client(platform: Platform) -> Iterator[TestClient]:
    with TestClient(create_app(platform, web=WEB), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def house(client: TestClient, platform: Platform) -> House:
    return House(client, platform)
