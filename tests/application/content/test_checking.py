"""Second check of an upload: each fault has its reason, and each file one outcome."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from threading import Event
from typing import Any, BinaryIO

import pytest

from adapters.content.isolated import IsolatedContentEncoder
from application.content import file_format
from application.content.checking import ContentChecker
from application.content.encoding import EncodingFailed, VideoTooLong, VideoTooShort
from application.content.virus_scanner import (
    DefinitionsOutdated,
    NoScanner,
    ScannerRequired,
    ScannerUnavailable,
)
from application.content.workers import content_worker
from application.kernel.leased_jobs import MAX_ATTEMPTS
from application.kernel.ports import StorageUnavailable
from application.kernel.video import DecoderUnavailable, VideoEmpty, VideoTooLarge, VideoTruncated
from domain.content import commands, events
from domain.content.events import RejectionDetails
from domain.kernel import Rejected
from tests.adapters.content.archives import in_zip
from tests.adapters.content.videos import lesson
from tests.application.content.publishing import (
    ADA,
    FILE,
    NOW,
    CrashError,
    PublishingFixture,
    StubEncoder,
)
from tools.local_services.clamd import EICAR

MP4 = b"\0\0\0\x18ftypisom\0\0\0\0isommp41"
MOV = b"\0\0\0\x14ftypqt  \0\0\0\0qt  "
WEBM = b"\x1a\x45\xdf\xa3\x8b\x42\x86\x81\x01\x42\x82\x84webm"
SEGMENT = b"\x18\x53\x80\x67\x01" + b"\xff" * 7
CLUSTER = b"\x1f\x43\xb6\x75\xff\xe7\x81\x00\xa3\x84film"
DATA = b"\0\0\0\x0cmdatfilm"
IS_WEBM = {"media_type": "video/webm"}
MAX_PARTS = 50


@dataclass
class StubScanner:
    """Scanner that finds EICAR; `ready` is called before each check, `before` at each scan."""

    before: Callable[[], None] = lambda: None
    ready: Callable[[], None] = lambda: None
    scans: int = 0

    def require_ready(self) -> None:
        self.ready()

    def scan(self, file: BinaryIO, proceed: Callable[[], None]) -> str | None:
        proceed()
        self.before()
        self.scans += 1
        return "Win.Test/EICAR HDB-1" if EICAR in file.read() else None


@dataclass
class Arrival:
    """A file that arrived, and its checker."""

    base: PublishingFixture
    scanner: Any = field(default_factory=StubScanner)

    def arrive(self, content: bytes, **declared: Any) -> None:
        assert self.base.video is not None
        self.base.video.write_bytes(content)
        digest = sha256(content).hexdigest()
        file = replace(FILE, **{"size": len(content), "digest": digest, **declared})
        self.base.execute(
            commands.RequestUpload(
                trainer_id=ADA, title="Squats", description="", file=file, at=NOW
            ),
        )
        self.base.execute(commands.NoteUploaded(number=1, size=len(content), at=NOW))

    def work(self, stop: Event | None = None) -> None:
        checker = ContentChecker(
            log=self.base.log,
            commands=self.base.commands,
            uploads=self.base,
            scanner=self.scanner,
            encoder=self.base.encoder,
            clock=lambda: NOW,
        )
        worker = content_worker(
            "check",
            self.base.jobs,
            self.base.log,
            checker.check_file,
            checker.give_up,
            checker.abandon,
        )
        self.base.run(worker, stop or Event())

    def outcomes(self) -> list[Any]:
        return self.base.events()[2:]

    def reason(self) -> tuple[str, RejectionDetails]:
        rejected, quarantined = self.outcomes()
        assert isinstance(rejected, events.ContentRejected)
        assert isinstance(quarantined, events.FileQuarantined)
        return rejected.reason, rejected.details


@pytest.fixture
def arrival(tmp_path: Path) -> Arrival:
    return Arrival(PublishingFixture(tmp_path, StubEncoder()))


@pytest.mark.parametrize(
    ("content", "declared", "expected"),
    [
        (MP4 + DATA, "video/mp4", "video/mp4"),
        (MOV + DATA, "video/mp4", "video/quicktime"),
        (DATA, "video/quicktime", "video/quicktime"),
        (MP4 + DATA + bytes(100), "video/mp4", "video/mp4"),
        (MP4 + b"\0\0\0\0mdatfilm", "video/mp4", "video/mp4"),
        (MP4 + b"\0\0\0\x01mdat" + (21).to_bytes(8) + b"video", "video/mp4", "video/mp4"),
        (WEBM, "video/x-matroska", "video/webm"),
        (WEBM + SEGMENT + CLUSTER + CLUSTER + bytes(20), "video/webm", "video/webm"),
    ],
)
def test_a_file_in_order_passes_with_the_format_that_was_found(
    arrival: Arrival, content: bytes, declared: str, expected: str
) -> None:
    """R-CON-01, R-CON-08: `content.uploaded` causes the checks."""
    arrival.arrive(content, media_type=declared)
    arrival.work()
    assert arrival.outcomes() == [
        events.ChecksPassed(number=1, media_type=expected, duration_ms=10_000, at=NOW)
    ]


@pytest.mark.parametrize(
    ("content", "declared", "reason", "details"),
    [
        (MP4, {"size": 99}, "size_differs", {"size": len(MP4)}),
        (MP4, {"digest": "ab" * 32}, "checksum_differs", {}),
        (EICAR, {}, "malware_found", {"finding": "Win.Test-EICAR-HDB-1"}),
        (MP4 + DATA + EICAR, {}, "malware_found", {"finding": "Win.Test-EICAR-HDB-1"}),
        (b"This is a text file.", {}, "format_not_supported", {}),
        (in_zip(bytes(10_000_000)), {}, "format_not_supported", {}),
        (gzip.compress(bytes(10_000_000)), {}, "format_not_supported", {}),
        (MP4 + DATA + in_zip(bytes(10_000_000)), {}, "contains_other_data", {}),
        (b"\xff\xd8\xff\xe0<script>" + DATA, {}, "format_not_supported", {}),
        (b"GIF89a" + MP4 + DATA, {}, "format_not_supported", {}),
        (b"", {"size": 1}, "size_differs", {"size": 0}),
        (b"\0\0\0\x18ftypheic", {}, "format_not_supported", {}),
        (b"\x1a\x45\xdf\xa3" + bytes(50), {}, "format_not_supported", {}),
        (WEBM, {}, "format_differs", {"media_type": "video/webm"}),
        (MP4 + DATA[:-1], {}, "damaged", {}),
        (MP4 + b"\0\0\0\x01mdat" + (2**63).to_bytes(8), {}, "damaged", {}),
        (MP4 + b"\0\0\0\x07mdat", {}, "damaged", {}),
        (MP4 + DATA + b"PK\x03\x04\x14\0\0\0", {}, "contains_other_data", {}),
        (MP4 + DATA + b"<s>", {}, "contains_other_data", {}),
        (MP4 + DATA + bytes(100) + in_zip(b"video"), {}, "contains_other_data", {}),
        (MP4 + b"\0\0\0\x08free" * MAX_PARTS, {}, "contains_other_data", {}),
        (WEBM + in_zip(b"video"), IS_WEBM, "contains_other_data", {}),
        (WEBM + SEGMENT + CLUSTER + in_zip(b"video"), IS_WEBM, "contains_other_data", {}),
        (WEBM + SEGMENT + bytes(50) + b"<s>", IS_WEBM, "contains_other_data", {}),
        (WEBM + SEGMENT + b"\xec\x80" * MAX_PARTS, IS_WEBM, "contains_other_data", {}),
        (WEBM + SEGMENT + CLUSTER[:-1], IS_WEBM, "damaged", {}),
        (WEBM + SEGMENT + b"\xec\xff", IS_WEBM, "damaged", {}),
        (WEBM + SEGMENT[:5], IS_WEBM, "damaged", {}),
    ],
)
def test_a_file_with_a_fault_is_rejected_with_its_reason(
    arrival: Arrival,
    content: bytes,
    declared: Any,
    reason: str,
    details: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R-CON-01, C-25: and kept in quarantine; nothing of it is decoded."""
    monkeypatch.setattr(file_format, "MAX_PARTS", MAX_PARTS)
    arrival.arrive(content, **declared)
    arrival.work()
    assert arrival.reason() == (reason, RejectionDetails(**details))
    assert arrival.base.encoder.done == []


@pytest.mark.parametrize(
    ("refusal", "reason"),
    [
        (VideoTooShort(), "too_short"),
        (VideoTooLong(), "too_long"),
        (VideoTooLarge(), "too_many_pixels"),
        (VideoEmpty(), "no_video"),
        (VideoTruncated(), "damaged"),
    ],
)
def test_a_video_that_cannot_be_decoded_is_rejected(
    arrival: Arrival, refusal: Rejected, reason: str
) -> None:
    def refuse(_name: str) -> None:
        raise refusal

    arrival.base.encoder.before = refuse
    arrival.arrive(MP4 + DATA)
    arrival.work()
    assert arrival.reason() == (reason, RejectionDetails())


@pytest.mark.parametrize("failures", [1, 2])
def test_a_file_is_checked_again_if_its_process_was_ended_once(
    arrival: Arrival, failures: int
) -> None:
    """R-EVT-19: the system may have ended it for memory, which is no fault of the video."""
    left = [EncodingFailed() for _ in range(failures)]

    def refuse(_name: str) -> None:
        if left:
            raise left.pop()

    arrival.base.encoder.before = refuse
    arrival.arrive(MP4 + DATA)
    arrival.work()
    assert arrival.outcomes() == []
    arrival.work()
    if failures == 1:
        assert isinstance(arrival.outcomes()[0], events.ChecksPassed)
    else:
        assert arrival.reason() == ("not_encodable", RejectionDetails())


@pytest.mark.parametrize(
    "outage",
    [ScannerUnavailable(), DefinitionsOutdated(), StorageUnavailable(), DecoderUnavailable()],
)
def test_an_outage_keeps_the_file_waiting_until_it_is_over(
    arrival: Arrival, outage: Rejected
) -> None:
    """C-25, R-TEN-15: a scanner that is away or outdated lets nothing pass."""

    def fail() -> None:
        raise outage

    arrival.scanner.before = fail
    arrival.arrive(MP4 + DATA)
    for _ in range(MAX_ATTEMPTS + 1):
        arrival.work()
    assert arrival.outcomes() == []
    arrival.scanner.before = lambda: None
    arrival.work()
    assert isinstance(arrival.outcomes()[0], events.ChecksPassed)


def test_an_event_that_arrives_again_changes_nothing(arrival: Arrival) -> None:
    arrival.arrive(MP4 + DATA)
    arrival.work()
    arrival.work()
    assert len(arrival.outcomes()) == 1
    assert arrival.scanner.scans == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_around_the_append_leaves_one_outcome(arrival: Arrival, when: str) -> None:
    arrival.arrive(EICAR)
    append = arrival.base.log.append

    def crash(*arguments: Any, **named: Any) -> Any:
        if when == "after":
            append(*arguments, **named)
        raise CrashError

    arrival.base.log.append = crash  # type: ignore[method-assign]
    with pytest.raises(CrashError):
        arrival.work()
    arrival.base.log.append = append  # type: ignore[method-assign]
    arrival.work()
    assert arrival.reason()[0] == "malware_found"


def test_two_deliveries_at_once_have_one_outcome(arrival: Arrival) -> None:
    other = Arrival(arrival.base)
    arrival.scanner.before = other.work
    arrival.arrive(MP4 + DATA)
    arrival.work()
    assert len(arrival.outcomes()) == 1


def test_an_item_that_was_deleted_meanwhile_has_no_outcome(arrival: Arrival) -> None:
    arrival.scanner.before = lambda: arrival.base.execute(commands.DeleteContent(at=NOW))
    arrival.arrive(MP4 + DATA)
    arrival.work()
    assert [type(each) for each in arrival.outcomes()] == [events.ContentDeleted]


def test_checks_stop_at_shutdown(arrival: Arrival) -> None:
    stop = Event()
    arrival.scanner.ready = stop.set
    arrival.arrive(MP4 + DATA)
    arrival.work(stop)
    assert arrival.outcomes() == []
    arrival.scanner.ready = lambda: None
    arrival.work()
    assert len(arrival.outcomes()) == 1


def test_without_a_scanner_files_pass_only_where_none_is_required(arrival: Arrival) -> None:
    arrival.arrive(MP4 + DATA)
    arrival.scanner = ScannerRequired()
    with pytest.raises(ScannerUnavailable, match="KINELOG_CLAMD"):
        arrival.scanner.require_ready()
    arrival.work()
    assert arrival.outcomes() == []
    arrival.scanner = NoScanner()
    arrival.work()
    assert isinstance(arrival.outcomes()[0], events.ChecksPassed)


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("video")
    return lesson(folder / "video.mp4", size=(160, 120), seconds=1.0).read_bytes()


def test_a_real_video_passes(tmp_path: Path, video: bytes) -> None:
    """R-CON-01: decoded by the child process with limits."""
    arrival = Arrival(PublishingFixture(tmp_path, IsolatedContentEncoder()))
    arrival.arrive(video)
    arrival.work()
    (passed,) = arrival.outcomes()
    assert passed == events.ChecksPassed(number=1, media_type="video/mp4", duration_ms=1000, at=NOW)


@pytest.mark.parametrize("kept", [0.5, 0.99])
def test_a_truncated_video_is_damaged(tmp_path: Path, video: bytes, kept: float) -> None:
    """R-CON-01."""
    arrival = Arrival(PublishingFixture(tmp_path, IsolatedContentEncoder()))
    arrival.arrive(video[: int(len(video) * kept)])
    arrival.work()
    assert arrival.reason()[0] == "damaged"
