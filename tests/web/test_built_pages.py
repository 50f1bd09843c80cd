"""What a browser loads to show a page."""

import json
import re
from typing import Final

import pytest
from playwright.sync_api import Request

from api.http.web_app import ENCODINGS
from tests.web.conftest import NewPage
from tests.web.server import BUILT, PlatformServer

PAGES: Final = sorted(path.name for path in BUILT.glob("*.html"))

MOST_REQUESTS: Final = 15

MOST_KB: Final = {"/": 150, "/pose_realtime.html": 165, "/sessions/{session}": 150}
"""Compressed size of the files of a page."""


@pytest.mark.parametrize("name", PAGES)
def test_a_built_page_loads_its_scripts_from_files_with_hashes(name: str) -> None:
    """R-UIX-01: as the content security policy requires, and so that they can be cached forever."""
    html = (BUILT / name).read_text(encoding="utf-8")
    scripts = re.findall(r"<script([^>]*)>", html)
    assert len(scripts) == 3
    loaded = [re.search(r'src="(/static/[^"]+)"', each) for each in scripts]
    assert all(each and re.search(r"/assets/[\w-]+-[\w-]{8}\.js$", each[1]) for each in loaded)
    assert re.search(r"/assets/first-paint-", scripts[0]), "before the first paint"
    assert re.search(r"/assets/error-reports-", scripts[1]), "before the page's own script"
    assert html.index('rel="stylesheet"') < html.index("<script")
    for path in re.findall(r'="/static/([^"]+)"', html):
        assert (BUILT / path).is_file(), path


def test_files_are_compressed_when_they_are_built() -> None:
    files = [path for path in BUILT.rglob("*") if path.suffix in {".css", ".html", ".js"}]
    large = [path for path in files if path.stat().st_size > 2000 and "_wasm" not in path.name]
    assert len(large) > 30
    for path in large:
        for suffix in ENCODINGS.values():
            smaller = path.with_name(path.name + suffix).stat().st_size
            assert smaller < path.stat().st_size, path.name


def test_no_test_of_a_script_is_built() -> None:
    maps = [json.loads(path.read_text(encoding="utf-8")) for path in BUILT.rglob("*.map")]
    sources = {source for each in maps for source in each["sources"]}
    assert any(source.endswith("src/live/backoff.ts") for source in sources)
    assert not {each for each in sources if each.endswith(".test.js") or "src/testing/" in each}


@pytest.mark.parametrize("address", MOST_KB)
def test_a_page_needs_few_requests_and_little_data(
    server: PlatformServer, new_page: NewPage, filmed_session: str, address: str
) -> None:
    """Without the pose model, and without the video and landmarks of a session."""
    page = new_page(server.url)
    sent: list[Request] = []
    page.on("requestfinished", lambda request: sent.append(request))  # noqa: PLW0108  it sets attributes of the function
    page.goto(address.format(session=filmed_session), wait_until="networkidle")
    loaded = [each for each in sent if each.resource_type != "media" and "/frames?" not in each.url]
    assert len(loaded) <= MOST_REQUESTS, "\n".join(each.url for each in loaded)
    files = [each for each in loaded if "/static/" in each.url or each.url == page.url]
    assert sum(each.sizes()["responseBodySize"] for each in files) < 1000 * MOST_KB[address]
