"""An embedded platform on which a user has left much personal data."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from application.platform import Platform
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT
from domain.kernel import Origin


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        home=tmp_path / "home", cache=tmp_path / "cache", postgres_url=None, erasure_wait_s=0
    )


@pytest.fixture
def platform(settings: Settings) -> Iterator[Platform]:
    with open_platform(settings) as lent:
        yield lent


@pytest.fixture
def origin() -> Origin:
    return Origin(tenant_id=DEFAULT_TENANT, actor="operator", correlation_id=uuid4())
