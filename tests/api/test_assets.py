"""Files of the pages: compressed forms, and caching by browsers."""

import gzip
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from bootstrap.embedded import embedded
from bootstrap.settings import Settings
from tests.data_folders import prepared

SCRIPT = "/static/assets/index-B1x.js"
TEXT = b"export const many = 'words';"
PRESSED = gzip.compress(TEXT)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    """A client of a server whose script has compressed forms; the page has none."""
    assets = tmp_path / "pages" / "assets"
    assets.mkdir(parents=True)
    (assets / "index-B1x.js").write_bytes(TEXT)
    (assets / "index-B1x.js.gz").write_bytes(PRESSED)
    (assets / "index-B1x.js.br").write_bytes(b"as Brotli")
    (assets.parent / "index.html").write_text("<!doctype html>")
    with embedded(Settings(home=prepared(tmp_path), cache=tmp_path)) as platform:
        yield TestClient(build_app(platform, web=assets.parent), base_url="http://localhost")


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.000, gzip;q=0", None),
        ("identity", None),
        ("", None),
    ],
)
def test_a_file_is_sent_in_the_smallest_encoding_that_the_client_accepts(
    client: TestClient, accepted: str, encoding: str | None
) -> None:
    """They are compressed when the pages are built, not by each request."""
    with client.stream("GET", SCRIPT, headers={"Accept-Encoding": accepted}) as answer:
        sent = b"".join(answer.iter_raw())
    assert answer.headers.get("Content-Encoding") == encoding
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert int(answer.headers["Content-Length"]) == len(sent)
    assert sent == {"br": b"as Brotli", "gzip": PRESSED, None: TEXT}[encoding]


def test_files_named_by_their_content_are_never_revalidated(client: TestClient) -> None:
    assert client.get(SCRIPT).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for document in ("/", "/sessions/any"):
        page = client.get(document)
        assert page.headers["Cache-Control"] == "no-cache"
        assert page.headers["Content-Type"] == "text/html; charset=utf-8"


def test_an_unchanged_page_is_not_sent_again(client: TestClient, tmp_path: Path) -> None:
    state = {"If-None-Match": client.get("/").headers["ETag"]}
    again = client.get("/", headers=state)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["Cache-Control"] == "no-cache"
    os.utime(tmp_path / "pages" / "index.html", (1, 1))
    assert client.get("/", headers=state).status_code == 200


def test_encodings_have_different_entity_tags(client: TestClient) -> None:
    tags = [
        client.get(SCRIPT, headers={"Accept-Encoding": each}).headers["ETag"]
        for each in ("identity", "gzip")
    ]
    assert tags[0] != tags[1]


def test_a_page_that_is_missing_returns_404(client: TestClient) -> None:
    assert client.get("/sign_in.html").status_code == 404
    assert client.get("/static/assets/none.js").status_code == 404
