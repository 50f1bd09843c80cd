"""Heads of requests are bounded: nobody can send headers until the memory is used up."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from bootstrap.http_protocol import MAX_HEAD_BYTES
from tests.api.server_process import serving

BEGIN = b"GET /v1/exercises HTTP/1.1\r\nHost: 127.0.0.1\r\n"
FAR_TOO_MUCH = 64 * MAX_HEAD_BYTES


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run `kinelog serve`; return its URL."""
    with serving(tmp_path_factory.mktemp("home")) as (_, url):
        yield url


def send_and_read(url: str, *parts: bytes) -> tuple[int, bytes]:
    """Send parts until the server closes; return how many bytes it took, and its answer."""
    host, port = urlsplit(url).netloc.split(":")
    sent = 0
    with socket.create_connection((host, int(port)), timeout=30) as client:
        try:
            for part in parts:
                client.sendall(part)
                sent += len(part)
        except (BrokenPipeError, ConnectionResetError):
            pass
        try:
            return sent, client.recv(4096)
        except ConnectionResetError:
            return sent, b""


@pytest.mark.parametrize(
    "part",
    [b"X-More: " + b"a" * 1000 + b"\r\n", b"a" * 1024],
    ids=["many headers", "one long header"],
)
def test_a_head_without_an_end_is_refused(url: str, part: bytes) -> None:
    """Before the server knows who sends it."""
    parts = [part] * (FAR_TOO_MUCH // len(part))
    sent, answer = send_and_read(url, BEGIN, b"X-Long: a", *parts)
    assert sent < FAR_TOO_MUCH
    assert not answer or answer.startswith(b"HTTP/1.1 400 ")
    _, answer = send_and_read(url, BEGIN + b"\r\n")
    assert answer.startswith(b"HTTP/1.1 200 ")


def test_bodies_do_not_count_as_heads(url: str) -> None:
    body = b"a" * (4 * MAX_HEAD_BYTES)
    head = f"POST /v1/sessions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n\r\n"
    _, answer = send_and_read(url, head.encode(), body)
    assert answer.startswith(b"HTTP/1.1 4")
    assert b"headers of the request" not in answer


def test_trailers_without_an_end_are_refused(url: str) -> None:
    """They follow a body in chunks."""
    head = b"POST /v1/sessions HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    part = b"a" * 1024
    parts = [part] * (FAR_TOO_MUCH // len(part))
    sent, _ = send_and_read(url, head, b"2\r\n{}\r\n0\r\nX-Long: ", *parts)
    assert sent < FAR_TOO_MUCH
