"""Range requests for videos (RFC 9110, 14)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from adapters.media.filesystem import FolderMediaStore
from api.http import byte_ranges
from api.http.byte_ranges import StoredFile
from domain.ids import DEFAULT_TENANT

CONTENT = bytes(range(256)) * 8


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(byte_ranges, "BLOCK", 100)
    media = FolderMediaStore(tmp_path)
    digest = media.put(DEFAULT_TENANT, CONTENT, prefix="s1")
    film = StoredFile(media, DEFAULT_TENANT, "s1", digest, {"ETag": '"film"'}, "video/mp4")

    def answer(request: Request) -> Response:
        return film.to_response(request.headers.get("range", ""))

    with TestClient(Starlette(routes=[Route("/film", answer)])) as client:
        yield client


@pytest.mark.parametrize(
    ("query", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-", 0, 2048),
        ("bytes=150-349", 150, 350),
        ("bytes=2000-9999", 2000, 2048),
        ("bytes=-48", 2000, 2048),
        ("bytes=-9999", 0, 2048),
        (" bytes=7-7 ", 7, 8),
    ],
)
def test_the_requested_range_is_returned(
    client: TestClient, query: str, start: int, end: int
) -> None:
    """R-RPL-15"""
    part = client.get("/film", headers={"Range": query})
    assert part.status_code == 206
    assert part.content == CONTENT[start:end]
    assert part.headers["Content-Range"] == f"bytes {start}-{end - 1}/2048"
    assert part.headers["Content-Length"] == str(end - start)
    assert part.headers["Content-Type"] == "video/mp4"


@pytest.mark.parametrize("query", ["", "bytes=-", "frames=1-2", "bytes=1-2,5-6", "bytes=a-b", "x"])
def test_unsupported_ranges_return_the_whole_file(client: TestClient, query: str) -> None:
    whole = client.get("/film", headers={"Range": query})
    assert (whole.status_code, whole.content) == (200, CONTENT)
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert whole.headers["ETag"] == '"film"'


@pytest.mark.parametrize("query", ["bytes=2048-", "bytes=9-8", "bytes=-0"])
def test_a_part_that_the_film_does_not_have_is_refused(client: TestClient, query: str) -> None:
    refused = client.get("/film", headers={"Range": query})
    assert (refused.status_code, refused.content) == (416, b"")
    assert refused.headers["Content-Range"] == "bytes */2048"
