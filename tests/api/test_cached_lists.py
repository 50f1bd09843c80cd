"""Cache of REST lists: never shared between callers, never older than the read models."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import pytest
from fastapi import Depends, Header, Query, Request, Response
from fastapi import routing as fastapi_routing
from starlette.testclient import TestClient

from adapters.clock import utc_now
from api.app import build_app
from api.config import ApiConfig
from api.http.cached_lists import (
    MAX_QUERIES,
    MAX_QUERY_BYTES,
    CachedListRoute,
    CurrentListCache,
)
from application.platform import Platform
from bootstrap.settings import Settings
from tests.api.conftest import WEB
from tests.api.counting import CountingReads
from tests.api.driver import ApiDriver
from tests.api.live_messages import begun
from tests.api.people import Town

pytestmark = pytest.mark.both_compositions

LISTS = [
    "/v1/sessions?first=1",
    "/v1/recordings?first=1",
    "/v1/workout-plans?first=1",
    "/v1/exercise-history?exercise=squat&first=1",
]

OTHER_LISTS = ["/v1/activities?first=1", "/v1/trainers?first=1", "/v1/plans?first=1"]


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


@pytest.mark.parametrize("path", [*LISTS, *OTHER_LISTS])
def test_a_query_is_validated_once(
    driver: ApiDriver, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """R-DAT-07: also when its list has changed."""
    driver.train(1)
    first = driver.client.get(path)
    driver.train(2)
    forbid_validation(monkeypatch)
    again = driver.client.get(path)
    assert (again.status_code, again.json().keys()) == (200, first.json().keys())
    assert driver.client.get(f"{path}&ascending=true").status_code == 500, "another query"


def forbid_validation(monkeypatch: pytest.MonkeyPatch) -> None:
    def validate(**_: Any) -> Any:
        raise AssertionError("the query is validated")

    monkeypatch.setattr(fastapi_routing, "solve_dependencies", validate)


def test_few_and_short_queries_are_kept(driver: ApiDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    """R-DAT-07: clients cannot fill the memory with queries."""
    path = f"/v1/sessions?first=1&unknown={uuid4()}"  # routes are shared by all tests
    long = f"{path}{'x' * MAX_QUERY_BYTES}"
    for each in (path, long, *(f"{path}{number}" for number in range(MAX_QUERIES - 1))):
        assert driver.client.get(each).status_code == 200
    with monkeypatch.context() as forbidding:
        forbid_validation(forbidding)
        assert driver.client.get(path).status_code == 200
        assert driver.client.get(long).status_code == 500
    assert driver.client.get(f"{path}more").status_code == 200
    forbid_validation(monkeypatch)
    assert driver.client.get(path).status_code == 500, "the one that was validated first"


def test_kept_parameters_do_not_replace_the_checks_of_a_request(driver: ApiDriver) -> None:
    """R-DAT-07, R-TEN-03: tenant and position are headers."""
    driver.train(1)
    path = "/v1/sessions?first=2"
    for _ in range(2):
        assert len(driver.client.get(path).json()["items"]) == 1
    other = driver.client.get(path, headers={"X-Tenant-ID": "another"})
    assert (other.status_code, other.json()["items"]) == (200, [])
    assert driver.client.get(path, headers={"X-Tenant-ID": "?"}).status_code == 422
    later = driver.client.get(path, headers={"After-Position": "1000000"})
    assert (later.status_code, later.json()["code"]) == (412, "position.unknown")


def test_an_invalid_query_is_rejected_each_time(driver: ApiDriver) -> None:
    """R-API-03"""
    for _ in range(2):
        refused = driver.client.get("/v1/sessions?first=0")
        assert refused.status_code == 422
        assert driver.client.get("/v1/sessions?first=1").status_code == 200


def test_a_cached_list_may_depend_on_its_query_only() -> None:
    """Parameters from elsewhere would be those of the request before."""

    async def from_header(cached: CurrentListCache, language: Annotated[str, Header()]) -> Response:
        return Response(f"{cached} {language}")

    async def from_request(cached: CurrentListCache, request: Request) -> Response:
        return Response(f"{cached} {request}")

    async def from_path(cached: CurrentListCache, athlete: str) -> Response:
        return Response(f"{cached} {athlete}")

    async def from_clock(
        cached: CurrentListCache, at: Annotated[datetime, Query(default_factory=utc_now)]
    ) -> Response:
        return Response(f"{cached} {at}")

    async def from_dependency(
        cached: CurrentListCache, at: Annotated[datetime, Depends(utc_now)]
    ) -> Response:
        return Response(f"{cached} {at}")

    for path, endpoint in (
        ("/list", from_header),
        ("/list", from_request),
        ("/{athlete}/list", from_path),
        ("/list", from_clock),
        ("/list", from_dependency),
    ):
        with pytest.raises(TypeError, match="more than its query"):
            CachedListRoute(path, endpoint)
