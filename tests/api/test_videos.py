"""Range requests for videos (RFC 9110, 14)."""

import asyncio
import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from adapters.media.filesystem import FolderMediaStore
from api.http import byte_ranges
from api.http.byte_ranges import StoredFile
from application.kernel.ports import MediaCorrupt, MediaReader
from domain.ids import DEFAULT_TENANT, TenantId

CONTENT = bytes(range(256)) * 8


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(byte_ranges, "BLOCK", 100)
    media = FolderMediaStore(tmp_path)
    digest = media.put(DEFAULT_TENANT, CONTENT, prefix="s1")
    video = StoredFile(media, DEFAULT_TENANT, "s1", digest, {"ETag": '"video"'}, "video/mp4")

    def answer(request: Request) -> Response:
        return video.to_response(request.headers.get("range", ""))

    with TestClient(Starlette(routes=[Route("/video", answer)])) as client:
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
    part = client.get("/video", headers={"Range": query})
    assert part.status_code == 206
    assert part.content == CONTENT[start:end]
    assert part.headers["Content-Range"] == f"bytes {start}-{end - 1}/2048"
    assert part.headers["Content-Length"] == str(end - start)
    assert part.headers["Content-Type"] == "video/mp4"


@pytest.mark.parametrize("query", ["", "bytes=-", "frames=1-2", "bytes=1-2,5-6", "bytes=a-b", "x"])
def test_unsupported_ranges_return_the_whole_file(client: TestClient, query: str) -> None:
    whole = client.get("/video", headers={"Range": query})
    assert (whole.status_code, whole.content) == (200, CONTENT)
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert whole.headers["ETag"] == '"video"'


@pytest.mark.parametrize("query", ["bytes=2048-", "bytes=9-8", "bytes=-0"])
def test_a_part_that_the_video_does_not_have_is_refused(client: TestClient, query: str) -> None:
    refused = client.get("/video", headers={"Range": query})
    assert (refused.status_code, refused.content) == (416, b"")
    assert refused.headers["Content-Range"] == "bytes */2048"


class CountedReads:
    """Media of three blocks that notes the blocks read. The block `corrupt` cannot be read."""

    def __init__(self, corrupt: int | None = None) -> None:
        self.corrupt = corrupt
        self.started: list[int] = []
        self.second = threading.Event()

    def size(self, tenant_id: TenantId, digest: str, *, prefix: str = "") -> int:
        return 300

    def part(
        self,
        tenant_id: TenantId,
        digest: str,
        start: int,
        end: int,
        *,
        prefix: str = "",
    ) -> bytes:
        self.started.append(start // 100)
        if len(self.started) == 2:
            self.second.set()
        if self.corrupt == start // 100:
            raise MediaCorrupt
        return bytes(end - start)


def blocks_of(media: CountedReads, monkeypatch: pytest.MonkeyPatch) -> StreamingResponse:
    monkeypatch.setattr(byte_ranges, "BLOCK", 100)
    video = StoredFile(cast("MediaReader", media), DEFAULT_TENANT, "s1", "", {}, None)
    response = video.to_response("")
    assert isinstance(response, StreamingResponse)
    return response


def test_one_block_is_read_while_the_one_before_it_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """R-RPL-15, R-TEN-09: decryption takes no time of a download, and one block of memory."""
    media = CountedReads()
    response = blocks_of(media, monkeypatch)

    async def first_block() -> list[int]:
        async for _ in response.body_iterator:
            assert await asyncio.to_thread(media.second.wait, 60)
            return list(media.started)
        return []

    assert asyncio.run(first_block()) == [0, 1]


def test_a_client_that_leaves_causes_no_error(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """R-RPL-15: also if the next block, which nobody needs, cannot be read."""
    media = CountedReads(corrupt=1)
    response = blocks_of(media, monkeypatch)

    async def leave() -> None:
        async for _ in response.body_iterator:
            assert await asyncio.to_thread(media.second.wait, 60)
            return

    with caplog.at_level(logging.ERROR):
        asyncio.run(leave())
    assert caplog.records == []


def test_a_corrupt_block_ends_the_download(monkeypatch: pytest.MonkeyPatch) -> None:
    """R-TEN-09"""
    response = blocks_of(CountedReads(corrupt=2), monkeypatch)

    async def download() -> list[bytes]:
        return [cast("bytes", block) async for block in response.body_iterator]

    with pytest.raises(MediaCorrupt):
        asyncio.run(download())
