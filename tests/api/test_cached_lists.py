"""Cache of REST lists: never shared between callers, never older than the read models."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from api.config import ApiConfig
from application.platform import Platform
from bootstrap.settings import Settings
from tests.api.conftest import WEB
from tests.api.counting import CountingReads
from tests.api.driver import ApiDriver
from tests.api.people import Town
from tests.api.test_live_socket import begun

pytestmark = pytest.mark.both_compositions

LISTS = [
    "/v1/sessions?first=1",
    "/v1/recordings?first=1",
    "/v1/workout-plans?first=1",
    "/v1/exercise-history?exercise=squat&first=1",
]


@pytest.fixture
def reads(platform: Platform) -> CountingReads:
    return CountingReads(platform.read)


@pytest.fixture
def counted(platform: Platform, reads: CountingReads) -> Iterator[ApiDriver]:
    counting: Any = reads
    app = build_app(replace(platform, read=counting), web=WEB)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield ApiDriver(client, platform)


@pytest.mark.parametrize("path", LISTS)
def test_a_repeated_list_reads_no_rows(counted: ApiDriver, reads: CountingReads, path: str) -> None:
    """R-DAT-07, R-DAT-08: and has the same headers."""
    counted.train(1)
    counted.train(2)
    first = counted.client.get(path)
    assert first.status_code == 200, first.text
    once = reads.reads.total()
    assert once > 0
    again = counted.client.get(path)
    assert reads.reads.total() == once
    assert again.json() == first.json()
    for name in ("Link", "ETag", "Cache-Control", "Vary", "Content-Type"):
        assert again.headers.get(name) == first.headers.get(name)
    assert counted.client.get(f"{path}&after=").status_code in {200, 422}
    assert reads.reads.total() >= once


@pytest.mark.parametrize("path", LISTS)
def test_a_current_list_is_not_sent_again(driver: ApiDriver, path: str) -> None:
    """R-DAT-07: until something changes."""
    driver.train(1)
    first = driver.client.get(path)
    current = {"If-None-Match": first.headers["ETag"]}
    unchanged = driver.client.get(path, headers=current)
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    driver.train(2)
    assert driver.client.get(path, headers=current).status_code == 200
    other_tenant = {**current, "X-Tenant-ID": "another"}
    assert driver.client.get(path, headers=other_tenant).status_code == 200


def test_a_list_is_never_older_than_the_read_models(driver: ApiDriver) -> None:
    """R-DAT-07, R-TEN-03: nor of another tenant."""
    for number in range(1, 8):
        driver.train(number)
        for _ in range(2):
            assert len(driver.client.get("/v1/sessions").json()["items"]) == number
    other = driver.client.get("/v1/sessions", headers={"X-Tenant-ID": "another"})
    assert other.json()["items"] == []


def test_users_get_their_own_lists(platform: Platform, settings: Settings) -> None:
    """R-TEN-03: also where others have the same list in the cache."""
    app = build_app(platform, web=WEB, config=ApiConfig(sign_in_required=True))
    with TestClient(app, raise_server_exceptions=False) as client:
        town = Town(client, platform, Path(settings.home) / "mail")
        ada, bob = town.citizen(), town.citizen("bob@example.org")
        session = begun(client, ada)
        for _ in range(2):
            listed = client.get("/v1/sessions", headers=ada.headers).json()["items"]
            assert [each["id"] for each in listed] == [session]
            assert client.get("/v1/sessions", headers=bob.headers).json()["items"] == []
