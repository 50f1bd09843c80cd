"""Fixtures: the API on a platform of each composition."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from api.config import ApiConfig
from application.analysis.jobs import AnalysisJobService
from application.analysis.video_analyzer import VideoAnalyzer
from application.platform import Platform
from bootstrap.pages import pages_folder
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from tests.api.cluster import cluster, cluster_database
from tests.api.driver import ApiDriver
from tests.api.paying import KEY, paying
from tests.api.people import Town
from tests.api.stage import Stage
from tests.contracts.described_stripe import DescribedStripe
from tests.data_folders import prepared
from tests.plugins.services import Service
from tools.payments.stripe_simulator import StripeSimulator

WEB = pages_folder("test")
COMPOSITIONS = ["embedded", pytest.param("distributed", marks=pytest.mark.slow)]
"""Compositions of a test marked `both_compositions`; other tests run on the first only."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Select the compositions of a test of the API.

    A test is marked `both_compositions`, and runs on PostgreSQL in the slow tier, if its result
    depends on what PostgreSQL and the projection runner do differently:

    1. transactions and locks: repeated and simultaneous requests,
    2. freshness: rows are projected by another thread, and caches must not be older than they are,
    3. streams: events, jobs and subscriptions that other processes announce,
    4. queries: filters, order, pages and sums that the database computes.

    Two tests cover all other endpoints there: `test_retries.py` sends every write, and the walk of
    `test_ownership.py` every read. What the adapters of both compositions must do alike stands in
    `tests/contracts/`, and whole journeys of users in `tests/journeys/`.
    """
    if "composition" in metafunc.fixturenames:
        on_both = metafunc.definition.get_closest_marker("both_compositions")
        metafunc.parametrize("composition", COMPOSITIONS if on_both else COMPOSITIONS[:1])


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
        erasure_wait_s=0,
        exploration=0.0,  # lists are in the order of their scores
    )


@pytest.fixture
def settings(
    composition: str, request: pytest.FixtureRequest, tmp_path: Path, defaults: Settings
) -> Iterator[Settings]:
    """Settings that select the composition, with no data."""
    folders = {"home": tmp_path / "home", "cache": tmp_path / "cache"}
    settings = defaults.model_copy(update=folders)
    if composition == "embedded":
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
            real.jobs._store,
            analyzer,
            real.media,
            require_consent=real.jobs._require_consent,
            quota=settings.upload_quota,
        )
        yield replace(real, analyzer=analyzer, jobs=jobs)


@pytest.fixture
def client(platform: Platform) -> Iterator[TestClient]:
    with TestClient(build_app(platform, web=WEB), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def town(platform: Platform, settings: Settings) -> Iterator[Town]:
    app = build_app(platform, web=WEB, config=ApiConfig(sign_in_required=True))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Town(client, platform, settings.home / "mail")


@pytest.fixture
def driver(client: TestClient, platform: Platform) -> ApiDriver:
    return ApiDriver(client, platform)


@pytest.fixture
def stripe() -> Iterator[StripeSimulator]:
    with DescribedStripe(KEY.get_secret_value()) as running:
        yield running


@pytest.fixture
def selling(platform: Platform, stripe: StripeSimulator) -> Iterator[ApiDriver]:
    """Driver of an API that takes payments at the simulator, and offers a paid plan."""
    with paying(platform, stripe) as driver:
        yield driver
