"""Malicious headers cause neither malformed responses nor server errors."""

import socket
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hostile.conftest import Besieged

NAMES = (
    "X-Tenant-ID",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "traceparent",
    "Request-ID",
    "X-Correlation-ID",
    "After-Position",
    "Last-Event-ID",
    "Authorization",
    "Cookie",
    "Origin",
    "Accept",
    "Content-Type",
    "Range",
)

CONTROLS = tuple(
    bytes([each]) for each in (0x00, 0x01, 0x07, 0x08, 0x0B, 0x0C, 0x1B, 0x7F, 0x80, 0xFF)
)

many = settings(max_examples=25, derandomize=True, database=None, deadline=None)


def raw(besieged: Besieged, request: bytes) -> bytes:
    """Send raw bytes, which no client library would send; return the whole response."""
    parts = urlsplit(besieged.url)
    assert parts.hostname is not None
    with socket.create_connection((parts.hostname, parts.port or 80), timeout=60) as line:
        line.sendall(request)
        line.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := line.recv(65_536):
            answer += piece
    return answer


def head(name: str, value: bytes, *, method: str = "GET", path: str = "/v1/exercises") -> bytes:
    return (
        f"{method} {path} HTTP/1.1\r\nHost: site\r\nConnection: close\r\n{name}: ".encode()
        + value
        + b"\r\n\r\n"
    )


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize("name", NAMES)
def test_a_header_with_control_characters_breaks_nothing(besieged: Besieged, name: str) -> None:
    """R-API-04: and no header of the response contains it."""
    for control in CONTROLS:
        for value in (control, b"a" + control + b"b", control * 20):
            answer = raw(besieged, head(name, value))
            headers, _, _ = answer.partition(b"\r\n\r\n")
            assert status(answer) < 500, (name, value)
            if control < b"\x20":
                assert control not in headers, (name, value)


@pytest.mark.parametrize("name", NAMES)
def test_random_headers_cause_no_server_error(besieged: Besieged, name: str) -> None:
    """R-API-04"""
    latin = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"))

    @many
    @given(latin)
    def is_answered(value: str) -> None:
        answer = raw(besieged, head(name, value.strip().encode("latin-1")))
        # `After-Position` waits; everything else is answered or rejected
        assert status(answer) < 500 or name == "After-Position", value

    is_answered()


@pytest.mark.parametrize(
    "value",
    [
        "", "x", "0" * 32, "00-" + "0" * 32 + "-" + "0" * 16 + "-00",
        "ff-" + "a" * 32 + "-" + "b" * 16 + "-01",
        "00-" + "a" * 32 + "-" + "b" * 16, "00-" + "A" * 32 + "-" + "b" * 16 + "-01", "0" * 5000,
        "00-" + "g" * 32 + "-" + "b" * 16 + "-01", "{12345678-1234-5678-1234-567812345678}",
        "urn:uuid:12345678-1234-5678-1234-567812345678",
    ],
)  # fmt: skip
def test_an_invalid_request_id_is_replaced(besieged: Besieged, value: str) -> None:
    """R-API-04: `Request-ID` is always a UUID."""
    for name in ("traceparent", "Request-ID", "X-Correlation-ID"):
        answer = besieged.session.get(besieged.url + "/healthz", headers={name: value}, timeout=60)
        assert answer.status_code == 200
        assert str(UUID(answer.headers["Request-ID"])) == answer.headers["Request-ID"]


def test_an_invalid_tenant_is_refused(besieged: Besieged) -> None:
    """R-TEN-01"""
    member = besieged.headers("member")
    for tenant in ("../default", "a/b", "*", "x" * 500, "default\\", "'--", "%00", "dé"):
        answer = besieged.session.get(
            besieged.url + "/v1/sessions",
            headers={**member, "X-Tenant-ID": tenant.encode("latin-1")},
            timeout=60,
        )
        assert answer.status_code in {403, 422}, tenant


def test_similar_keys_are_distinct(besieged: Besieged) -> None:
    """R-API-04: any text is a key, and another text is another key."""
    member = besieged.headers("member")
    keys = ("a", "A", "a ", "a,a", '"a"', "x" * 255, "1", "01", "a\x1fb", "é")
    seen: set[str] = set()
    athlete = besieged.session.get(besieged.url + "/v1/auth/me", headers=member, timeout=60).json()[
        "id"
    ]
    for key in keys[:2] + keys[3:]:
        headers: Any = {**member, "Idempotency-Key": key.encode("latin-1")}
        answer = besieged.session.post(
            besieged.url + "/v1/sessions", json={"athleteId": athlete}, headers=headers, timeout=60
        )
        if answer.status_code == 201:
            assert answer.json()["sessionId"] not in seen, key
            seen.add(answer.json()["sessionId"])
        else:
            assert answer.status_code < 500, key
    too_long: Any = {**member, "Idempotency-Key": "x" * 256}
    answer = besieged.session.post(
        besieged.url + "/v1/sessions", json={"athleteId": athlete}, headers=too_long, timeout=60
    )
    assert answer.status_code == 422
