"""Client of clamd: findings, windows of large files, outages and outdated definitions."""

import io
from datetime import UTC, datetime, timedelta

import pytest

from adapters.content.clamd import ClamdScanner
from adapters.health_checks.virus_scanner import virus_scanner
from application.content.virus_scanner import DefinitionsOutdated, ScannerUnavailable
from application.kernel.outages import is_transient
from application.kernel.subscription import Stopped
from application.operations.readiness import Degraded
from tests.peers.clamd import Clamd
from tools.local_services.clamd import EICAR

NOW = datetime(2030, 2, 28, 23, 59, tzinfo=UTC)
WEEK = timedelta(days=7)


def scanner_of(clamd: Clamd, window: int = 1000, overlap: int = 100) -> ClamdScanner:
    return ClamdScanner("127.0.0.1", clamd.port, WEEK, lambda: NOW, window, overlap)


def go_on() -> None:
    """Let the scan go on."""


def scan(clamd: Clamd, content: bytes) -> str | None:
    return scanner_of(clamd).scan(io.BytesIO(content), go_on)


@pytest.mark.parametrize(
    ("before", "after", "streams"),
    [(0, 0, [68]), (500, 0, [568]), (970, 30, [1000, 168]), (5000, 10, [1000] * 5 + [578])],
)
def test_malware_is_found_wherever_it_is(before: int, after: int, streams: list[int]) -> None:
    """R-CON-01, C-25: also at the border of two windows."""
    with Clamd(NOW).running() as clamd:
        found = scan(clamd, bytes(before) + EICAR + bytes(after))
    assert found == "Eicar-Test-Signature"
    assert clamd.streams == streams


@pytest.mark.parametrize("size", [0, 1, 999, 1000, 1001, 3000])
def test_all_of_a_clean_file_is_scanned(size: int) -> None:
    with Clamd(NOW, max_bytes=1000).running() as clamd:
        assert scan(clamd, bytes(size)) is None
    overlaps = 100 * (len(clamd.streams) - 1)
    assert sum(clamd.streams) - overlaps == size


def test_a_scanner_that_is_away_lets_nothing_pass_until_it_is_back() -> None:
    """C-25, R-TEN-15: fails closed."""
    clamd = Clamd(NOW)
    with clamd.running():
        pass
    with pytest.raises(ScannerUnavailable) as outage:
        scan(clamd, b"video")
    assert is_transient(outage.value)
    with pytest.raises(ScannerUnavailable):
        scanner_of(clamd).require_ready()
    with clamd.running():
        assert scan(clamd, b"video") is None


def test_a_stream_that_the_scanner_refuses_has_not_passed() -> None:
    with Clamd(NOW, max_bytes=10).running() as clamd, pytest.raises(ScannerUnavailable):
        scan(clamd, bytes(900))


@pytest.mark.parametrize("made_at", [None, NOW - WEEK - timedelta(seconds=1)])
def test_outdated_definitions_let_nothing_pass(made_at: datetime | None) -> None:
    """C-25: and definitions without a date."""
    with Clamd(made_at).running() as clamd:
        with pytest.raises(DefinitionsOutdated) as outage:
            scan(clamd, b"video")
        assert is_transient(outage.value)
        with pytest.raises(DefinitionsOutdated):
            scanner_of(clamd).require_ready()
        assert clamd.streams == []
        clamd.made_at = NOW - WEEK
        assert scan(clamd, b"video") is None


def test_a_scan_stops_between_two_parts() -> None:
    def stop() -> None:
        raise Stopped

    with Clamd(NOW).running() as clamd, pytest.raises(Stopped):
        scanner_of(clamd).scan(io.BytesIO(b"video"), stop)


def test_doctor_reports_the_scanner() -> None:
    """R-OPS-06: what is not scanned, an outage, and outdated definitions."""
    clamd = Clamd(NOW)
    with clamd.running():
        assert "ClamAV 1.4.3" in virus_scanner(scanner_of(clamd), required=True).probe()
        clamd.made_at = None
        with pytest.raises(Degraded, match="freshclam"):
            virus_scanner(scanner_of(clamd), required=True).probe()
    with pytest.raises(Degraded, match="not available"):
        virus_scanner(scanner_of(clamd), required=False).probe()
    with pytest.raises(Degraded, match="not scanned"):
        virus_scanner(None, required=False).probe()
    with pytest.raises(Degraded, match="no video of a trainer is published"):
        virus_scanner(None, required=True).probe()
