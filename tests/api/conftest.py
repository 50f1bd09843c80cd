"""Fixtures: the API on a platform of each composition."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from application.analysis.jobs import AnalysisJobService
from application.analysis.video_analyzer import VideoAnalyzer
from application.platform import Platform
from bootstrap.pages import pages_folder
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from tests.api.cluster import cluster, cluster_database
from tests.api.driver import ApiDriver
from tests.api.paying import KEY, paying
from tests.api.stage import Stage
from tests.data_folders import prepared
from tests.plugins.services import Service
from tools.payments.stripe_simulator import StripeSimulator

WEB = pages_folder("test")
COMPOSITIONS = ["embedded", pytest.param("distributed", marks=pytest.mark.slow)]
"""The fast tier runs contracts and journeys on both; see CONTRIBUTING.md."""


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture(scope="session")
def database(postgres: Service) -> Iterator[str]:
    """One database for all tests: creating one takes longer than most tests."""
    with cluster_database(postgres.address) as url:
        yield url


@pytest.fixture(scope="session")
def defaults() -> Settings:
    """Settings of all tests: reading them from the environment takes as long as a request."""
    return Settings(
        home=Path(),
        cache=Path(),
        max_upload_mb=1,
        postgres_url=None,
        second_factor="optional",  # tests/api/test_second_factors.py has staff who need one
        emails_per_hour=100_000,
    )


@pytest.fixture(params=COMPOSITIONS)
def settings(
    request: pytest.FixtureRequest, tmp_path: Path, defaults: Settings
) -> Iterator[Settings]:
    """Settings that select the composition, with no data."""
    folders = {"home": tmp_path / "home", "cache": tmp_path / "cache"}
    settings = defaults.model_copy(update=folders)
    if request.param == "embedded":
        prepared(settings.home)
        yield settings
        return
    with cluster(request.getfixturevalue("database"), settings) as distributed:
        yield distributed


@pytest.fixture
def platform(settings: Settings, stage: Stage) -> Iterator[Platform]:
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
        jobs = AnalysisJobService(
            real.jobs._store, analyzer, real.media, quota=settings.upload_quota
        )
        yield replace(real, analyzer=analyzer, jobs=jobs)


@pytest.fixture
def client(platform: Platform) -> Iterator[TestClient]:
    with TestClient(build_app(platform, web=WEB), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def driver(client: TestClient, platform: Platform) -> ApiDriver:
    return ApiDriver(client, platform)


@pytest.fixture
def stripe() -> Iterator[StripeSimulator]:
    with StripeSimulator(KEY.get_secret_value()) as running:
        yield running


@pytest.fixture
def selling(platform: Platform, stripe: StripeSimulator) -> Iterator[ApiDriver]:
    """Driver of an API that takes payments at the simulator, and offers a paid plan."""
    with paying(platform, stripe) as driver:
        yield driver
