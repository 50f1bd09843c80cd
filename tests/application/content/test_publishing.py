"""The handler `encode_video` encodes and publishes videos (R-EVT-05, R-CON-04, R-CON-06)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.content.isolated import IsolatedContentEncoder
from application.caller import ID_PATTERN
from application.content import publishing
from application.content.encoding import (
    SETTINGS_VERSION,
    EncodingFailed,
    HdrNotSupported,
    VideoTooShort,
    plan_units,
)
from application.content.manifest import Manifest, media_prefix
from application.kernel.command_handler import Request
from application.kernel.ports import StorageUnavailable
from application.kernel.video import DecoderUnavailable, VideoTruncated
from domain.content import commands, events
from domain.content.encoding import CONTENT_ENCODING, BeginEncoding, EncodingBegun, SourceFacts
from domain.ids import DEFAULT_TENANT
from domain.kernel import Rejected
from tests.adapters.content.videos import lesson
from tests.application.content.publishing import (
    NOW,
    SOURCE,
    SQUATS,
    UNITS,
    CrashError,
    PublishingFixture,
    StubEncoder,
)

FACTS = SourceFacts(1280, 720, 30, 1, 10_000, has_audio=True)


@pytest.fixture
def fixture(tmp_path: Path) -> PublishingFixture:
    return PublishingFixture(tmp_path, StubEncoder())


def manifest_of(fixture: PublishingFixture, number: int = 1) -> Manifest:
    live = fixture.item().live
    assert live is not None
    prefix = media_prefix(SQUATS, number)
    content = fixture.media.get(DEFAULT_TENANT, live.encoding.digest, prefix=prefix)
    return Manifest.of_bytes(content)


def text_of(fixture: PublishingFixture, name: str) -> str:
    digest = manifest_of(fixture).files[name].digest
    return fixture.media.get(DEFAULT_TENANT, digest, prefix=media_prefix(SQUATS, 1)).decode()


def test_a_checked_video_is_encoded_and_published_in_one_append(
    fixture: PublishingFixture,
) -> None:
    fixture.upload()
    fixture.work()
    history = fixture.log.load(DEFAULT_TENANT, f"content-{SQUATS}")
    encoded, ready = history[-2:]
    assert isinstance(encoded.event, events.ContentEncoded)
    assert isinstance(ready.event, events.ContentReady)
    assert encoded.position + 1 == ready.position
    assert ready.event.duration_ms == 10_000
    assert len(ready.event.bitrates) == 4
    assert fixture.units() == list(UNITS)
    assert (fixture.job().state, fixture.job().progress) == ("finished", 1.0)


def test_an_event_that_arrives_again_encodes_nothing(fixture: PublishingFixture) -> None:
    fixture.upload()
    fixture.work()
    before = len(fixture.encoder.done), fixture.log.head()
    fixture.work()
    assert (len(fixture.encoder.done), fixture.log.head()) == before


@pytest.mark.parametrize("unit", UNITS)
def test_after_a_crash_only_the_unit_in_progress_is_done_again(
    fixture: PublishingFixture, unit: str
) -> None:
    def crash(name: str) -> None:
        if name == unit:
            raise CrashError

    fixture.upload()
    fixture.encoder.before = crash
    with pytest.raises(CrashError):
        fixture.work()
    assert fixture.item().offer == "none"
    pixels = [each.pixels for each in plan_units(SOURCE)]
    done = UNITS.index(unit)
    share = (sum(pixels[:done]) + pixels[done] / 2) / sum(pixels)
    assert fixture.job().progress == pytest.approx(share, abs=0.011)
    fixture.encoder.before = lambda _name: None
    fixture.work()
    assert fixture.encoder.done == ["inspect", *UNITS]
    assert fixture.item().offer == "published"


def test_a_video_is_published_after_a_rollback_of_the_encoder(
    fixture: PublishingFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-CON-04: what one version of the settings began is begun again after another one."""

    def crash(name: str) -> None:
        if name == "h264-480":
            raise CrashError

    fixture.upload()
    fixture.encoder.before = crash
    for settings in (1, 2):
        monkeypatch.setattr(publishing, "SETTINGS_VERSION", settings)
        with pytest.raises(CrashError):
            fixture.work()
    monkeypatch.setattr(publishing, "SETTINGS_VERSION", 1)
    fixture.encoder.before = lambda _name: None
    fixture.encoder.done.clear()
    fixture.work()
    assert fixture.encoder.done == ["inspect", *UNITS]
    assert fixture.item().offer == "published"


def test_no_unit_is_noted_into_the_encoding_of_another_version(
    fixture: PublishingFixture,
) -> None:
    """R-CON-04: a worker of an older version may go on after it has lost its job."""

    def begin_again(name: str) -> None:
        if name == "h264-480":
            begin = BeginEncoding(
                content_id=SQUATS,
                number=1,
                source=FACTS,
                settings=SETTINGS_VERSION + 1,
                at=NOW,
            )
            fixture.execute_in(Request(CONTENT_ENCODING, f"{SQUATS}.1", [begin]))

    fixture.upload()
    fixture.encoder.before = begin_again
    fixture.work()
    *_, last = fixture.log.load(DEFAULT_TENANT, f"{CONTENT_ENCODING.category}-{SQUATS}.1")
    assert isinstance(last.event, EncodingBegun)
    assert fixture.job().state == "queued"
    fixture.encoder.before = lambda _name: None
    fixture.work()
    assert fixture.item().offer == "published"


@pytest.mark.parametrize("crash_at", range(1, 14))
def test_a_crash_at_any_append_or_write_ends_in_the_same_manifest(
    fixture: PublishingFixture, tmp_path: Path, crash_at: int
) -> None:
    (tmp_path / "other").mkdir()
    whole = PublishingFixture(tmp_path / "other", StubEncoder())
    whole.upload()
    whole.work()
    fixture.upload()
    count = 0
    put, append = fixture.media.put, fixture.log.append

    def counted(real: Any) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            nonlocal count
            count += 1
            result = real(*arguments, **named)
            if count == crash_at:
                raise CrashError  # after the effect: the caller does not learn of it
            return result

        return call

    fixture.media.put = counted(put)  # type: ignore[method-assign]
    fixture.log.append = counted(append)  # type: ignore[method-assign]
    with pytest.raises(CrashError):
        fixture.work()
    fixture.work()
    assert fixture.item().live == whole.item().live
    ready = [each for each in fixture.events() if isinstance(each, events.ContentReady)]
    assert len(ready) == 1


def test_a_file_that_was_replaced_after_its_checks_is_rejected(
    fixture: PublishingFixture,
) -> None:
    """C-25: what is encoded is what was scanned."""
    fixture.upload()
    assert fixture.video is not None
    fixture.video.write_bytes(b"other video")
    fixture.work()
    assert fixture.encoder.done == []
    rejected, quarantined = fixture.events()[-2:]
    assert isinstance(rejected, events.ContentRejected)
    assert rejected.reason == "checksum_differs"
    assert isinstance(quarantined, events.FileQuarantined)


def test_no_id_of_a_client_leads_to_the_media_of_a_video() -> None:
    """R-CON-05: media of sessions, whose ids clients choose, are exported and deleted."""
    assert not ID_PATTERN.fullmatch(media_prefix(SQUATS, 1))


def test_work_stops_within_a_unit(fixture: PublishingFixture) -> None:
    fixture.upload()
    stop = Event()
    fixture.encoder.before = lambda name: stop.set() if name == "audio" else None
    fixture.work(stop)
    assert fixture.units() == ["pictures", "audio"]
    assert (fixture.job().state, fixture.job().attempts) == ("queued", 0)


@pytest.mark.parametrize(
    ("refusal", "reason"),
    [
        (VideoTooShort(), "too_short"),
        (VideoTruncated(), "damaged"),
        (HdrNotSupported(), "not_encodable"),
    ],
)
def test_a_video_that_cannot_be_encoded_is_rejected_with_a_reason(
    fixture: PublishingFixture, refusal: Rejected, reason: str
) -> None:
    def refuse(_name: str) -> None:
        raise refusal

    fixture.upload()
    fixture.encoder.before = refuse
    fixture.work()
    rejected, quarantined = fixture.events()[-2:]
    assert isinstance(rejected, events.ContentRejected)
    assert rejected.reason == reason
    assert isinstance(quarantined, events.FileQuarantined)


@pytest.mark.parametrize(("failures", "stage"), [(1, "published"), (2, "rejected")])
def test_a_video_is_encoded_again_if_its_process_was_ended_once(
    fixture: PublishingFixture, failures: int, stage: str
) -> None:
    """R-EVT-18, R-EVT-19: the system may have ended it, as for memory."""
    left = [EncodingFailed() for _ in range(failures)]

    def refuse(_name: str) -> None:
        if left:
            raise left.pop()

    fixture.upload()
    fixture.encoder.before = refuse
    with capture_logs() as logs:
        fixture.work()
    assert [entry["log_level"] for entry in logs] == ["warning"], "no error: it is repeated"
    assert fixture.item().newest.stage == "checked"
    assert fixture.job().state == "queued"
    fixture.work()
    assert fixture.item().newest.stage == stage
    if stage == "rejected":
        rejected, quarantined = fixture.events()[-2:]
        assert isinstance(rejected, events.ContentRejected)
        assert rejected.reason == "not_encodable"
        assert isinstance(quarantined, events.FileQuarantined)


@pytest.mark.parametrize("outage", [StorageUnavailable(), DecoderUnavailable()])
def test_an_outage_keeps_the_video_waiting(fixture: PublishingFixture, outage: Rejected) -> None:
    def fail(_name: str) -> None:
        raise outage

    fixture.upload()
    fixture.encoder.before = fail
    fixture.work()
    assert fixture.item().newest.stage == "checked"
    assert (fixture.job().state, fixture.job().attempts) == ("queued", 0)


def test_a_video_that_was_deleted_meanwhile_is_not_published(fixture: PublishingFixture) -> None:
    def delete(name: str) -> None:
        if name == "h264-720":
            fixture.execute(commands.DeleteContent(at=NOW))

    fixture.upload()
    fixture.encoder.before = delete
    fixture.work()
    assert isinstance(fixture.events()[-1], events.ContentDeleted)
    assert fixture.encoder.done[-1] == "h264-720"


def test_a_video_that_is_deleted_as_it_is_published_leaves_no_files(
    fixture: PublishingFixture,
) -> None:
    """R-CON-04: the files were written after the deletion had removed those of before."""

    def clock() -> datetime:
        if len(fixture.units()) == len(UNITS) and isinstance(
            fixture.events()[-1], events.ChecksPassed
        ):
            fixture.execute(commands.DeleteContent(at=NOW))
        return NOW

    fixture.upload()
    fixture.publisher = replace(fixture.publisher, clock=clock)
    fixture.work()
    assert isinstance(fixture.events()[-1], events.ContentDeleted)
    assert fixture.job().state == "finished"
    assert [path for path in (fixture.folder / "media").rglob("*") if path.is_file()] == []


def test_a_replacement_of_what_was_taken_down_is_not_published(
    fixture: PublishingFixture,
) -> None:
    fixture.upload()
    fixture.work()
    fixture.upload(2)
    fixture.execute(commands.TakeDownContent(reason="copyright", at=NOW))
    fixture.work()
    assert fixture.item().offer == "taken_down"
    assert fixture.units(2) == []
    assert fixture.job().state == "finished"


def test_a_replacement_is_offered_once_it_is_encoded(fixture: PublishingFixture) -> None:
    fixture.upload()
    fixture.work()
    fixture.upload(2)
    live = fixture.item().live
    assert live is not None
    assert live.number == 1
    fixture.work()
    live = fixture.item().live
    assert live is not None
    assert live.number == 2


@contextmanager
def opened(fixture: PublishingFixture) -> Iterator[Manifest]:
    fixture.upload()
    fixture.work()
    yield manifest_of(fixture)


def test_all_segments_of_a_real_video_are_stored(tmp_path: Path) -> None:
    """Each file that a playlist names exists, with all the bytes that it names."""
    video = lesson(tmp_path / "video.mp4", size=(160, 120), seconds=1.0)
    fixture = PublishingFixture(tmp_path, IsolatedContentEncoder(), video=video)
    with opened(fixture) as manifest:
        master = text_of(fixture, "master.m3u8")
    names = re.findall(r'^[a-z0-9-]+\.m3u8$|URI="([^"]+)"', master, re.MULTILINE)
    playlists = [name for name in manifest.files if name.endswith(".m3u8")]
    assert len(names) == 3
    assert sorted(playlists) == ["audio.m3u8", "av1-120.m3u8", "h264-120.m3u8", "master.m3u8"]
    for name in playlists:
        if name != "master.m3u8":
            track = manifest.files[name.replace(".m3u8", ".mp4")]
            ranges = re.findall(r"(\d+)@(\d+)", text_of(fixture, name))
            assert sum(int(size) for size, _ in ranges) == track.size
            stored = fixture.media.get(DEFAULT_TENANT, track.digest, prefix=media_prefix(SQUATS, 1))
            assert len(stored) == track.size
    assert {"poster.jpg", "thumbnail-1.jpg", "storyboard.jpg", "storyboard.vtt"} < set(
        manifest.files
    )
    assert "manifest.mpd" in manifest.files
