"""Client of clamd against the real scanner, whose definitions know EICAR."""

import gzip
import io
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from adapters.content.clamd import ClamdScanner
from application.content.virus_scanner import DefinitionsOutdated, ScannerUnavailable
from tests.adapters.content.archives import in_zip
from tools.local_services.clamd import EICAR, LocalClamd

WEEK = timedelta(days=7)
FOUND = "Eicar-Test-Signature.UNOFFICIAL"


@pytest.fixture(scope="module")
def server() -> Iterator[LocalClamd]:
    with LocalClamd() as server:
        yield server


def scanner_of(server: LocalClamd, **windows: int) -> ClamdScanner:
    return ClamdScanner("127.0.0.1", server.port, WEEK, lambda: datetime.now(UTC), **windows)


def scan(server: LocalClamd, content: bytes, **windows: int) -> str | None:
    return scanner_of(server, **windows).scan(io.BytesIO(content), lambda: None)


def in_tar(content: bytes) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        entry = tarfile.TarInfo("squats.mp4")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return file.getvalue()


def in_box(content: bytes) -> bytes:
    """Return an MP4 that has this in a box that players skip."""
    brand = b"\0\0\0\x14ftypisom\0\0\0\0isom"
    return brand + (len(content) + 8).to_bytes(4) + b"free" + content


CONTAINERS = {
    "plain": EICAR,
    "zip": in_zip(EICAR),
    "zip in a zip": in_zip(in_zip(EICAR)),
    "tar.gz": in_tar(EICAR),
    "gzip": gzip.compress(EICAR),
    "box of an mp4": in_box(EICAR),
    "zip after a video": in_box(bytes(5000)) + in_zip(EICAR),
}


@pytest.mark.parametrize("name", CONTAINERS)
def test_malware_is_found_plain_and_in_containers(server: LocalClamd, name: str) -> None:
    """R-CON-01, R-TEN-15, C-25."""
    assert scan(server, CONTAINERS[name]) == FOUND


def test_clean_files_pass(server: LocalClamd) -> None:
    """Also one that is longer than a window."""
    assert scan(server, in_zip(b"A clean text.")) is None
    assert scan(server, bytes(300_000), window_bytes=100_000, overlap_bytes=1000) is None


def test_a_bomb_of_an_archive_is_scanned_within_the_limits(server: LocalClamd) -> None:
    """R-CON-01: 200 MB of zeros in 200 kB, five times over; the check of the format refuses it."""
    bomb = in_zip(in_zip(bytes(40_000_000)) * 5)
    assert scan(server, bomb) is None
    assert scan(server, EICAR) == FOUND


def test_a_file_longer_than_the_scanner_takes_is_scanned_to_its_end(server: LocalClamd) -> None:
    """R-CON-01: clamd refuses streams of more than 25 MiB."""
    assert scan(server, bytes(30 * 2**20) + EICAR) == FOUND


def test_outdated_definitions_let_nothing_pass(server: LocalClamd) -> None:
    """C-25: until freshclam has replaced them."""
    now = server.made_at
    server.replace_definitions(now - timedelta(days=8))
    try:
        with pytest.raises(DefinitionsOutdated, match="freshclam"):
            scan(server, b"video")
    finally:
        server.replace_definitions(now)
    assert scan(server, b"video") is None


def test_a_scanner_that_is_away_lets_nothing_pass(server: LocalClamd) -> None:
    """C-25."""
    server.kill()
    with pytest.raises(ScannerUnavailable):
        scan(server, EICAR)
    server.start()
    assert scan(server, EICAR) == FOUND
