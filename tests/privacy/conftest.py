"""An embedded platform on which a user has left much personal data."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from api.config import ApiConfig
from application.platform import Platform
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT
from domain.kernel import Origin
from tests.api.conftest import WEB
from tests.api.people import Town
from tests.data_folders import prepared


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        home=prepared(tmp_path / "home"),
        cache=tmp_path / "cache",
        postgres_url=None,
        erasure_wait_s=0,
    )


@pytest.fixture
def platform(settings: Settings) -> Iterator[Platform]:
    with open_platform(settings) as lent:
        yield lent


@pytest.fixture
def origin() -> Origin:
    return Origin(tenant_id=DEFAULT_TENANT, actor="operator", correlation_id=uuid4())


@pytest.fixture
def town(platform: Platform, settings: Settings) -> Iterator[Town]:
    config = ApiConfig(sign_in_required=True)
    with TestClient(build_app(platform, web=WEB, config=config)) as client:
        yield Town(client, platform, settings.home / "mail")
