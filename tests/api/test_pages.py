"""Web pages are served by name, each with a strict content security policy."""

import re

import pytest

from api.http.web_app import PAGES
from tests.api.driver import ApiDriver

WASM = "'wasm-unsafe-eval'"


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_is_a_document_of_its_own_that_loads_only_what_is_here(
    driver: ApiDriver, name: str
) -> None:
    """R-UIX-01."""
    page = driver.client.get(f"/{name}")
    assert page.headers["Content-Type"].startswith("text/html")
    for part in re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text):
        assert driver.client.get(part).status_code == 200, part


def test_an_unknown_page_returns_404(driver: ApiDriver) -> None:
    assert driver.client.get("/index_of_everything.html").status_code == 404


@pytest.mark.parametrize("path", ["/index_of_everything.html", "/trainings/today"])
def test_a_browser_gets_a_page_for_an_unknown_address(driver: ApiDriver, path: str) -> None:
    """R-UIX-06: programs get a problem document."""
    page = driver.client.get(path, headers={"Accept": "text/html,*/*;q=0.8"})
    assert (page.status_code, page.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "There is no page at this address." in page.text
    assert driver.client.get(path).json()["status"] == 404
    api = driver.client.get("/v1/nothing", headers={"Accept": "text/html"})
    assert api.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "may"),
    [
        ("/pose_realtime.html", True),
        ("/session_replay.html", True),
        ("/static/assets/pose-worker-BxY_z-12.js", True),
        ("/static/assets/index-BxY_z-12.js", False),
        ("/", False),
        ("/sign_in.html", False),
        ("/v1/exercises", False),
    ],
)
def test_webassembly_runs_only_where_poses_are_found(
    driver: ApiDriver, path: str, *, may: bool
) -> None:
    policy = driver.client.get(path).headers["Content-Security-Policy"]
    assert (WASM in policy) == may
    assert "'unsafe-eval'" not in policy
    assert "'unsafe-inline'" not in policy
