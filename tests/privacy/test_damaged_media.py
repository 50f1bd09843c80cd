"""An archive of a person's data is made also if some of their stored files are damaged."""

import json
from collections.abc import Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import pytest

from application.content.manifest import captions_prefix
from application.kernel.command_handler import Request
from application.kernel.ports import StoredMedia
from application.platform import Platform
from bootstrap.settings import Settings
from domain.content.commands import RequestUpload
from domain.ids import DEFAULT_TENANT, ContentId, RecordingId, SessionId, TenantId, UserId
from domain.kernel import Origin
from domain.recordings.commands import AppendFrames, AttachVideo, RemoveOldMedia, StartRecording
from domain.recordings.recording import RECORDING
from tests.api.published import AT, DECLARED, LESSON, execute, publish
from tests.privacy.person import settle, train, write_archive


def damage(folder: Path, digest: str) -> None:
    """Change the last bit of stored media."""
    (path,) = folder.rglob(digest)
    changed = bytearray(path.read_bytes())
    changed[-1] ^= 1
    path.write_bytes(changed)


def test_an_archive_marks_damaged_files_and_has_all_others(
    platform: Platform, settings: Settings, tmp_path: Path
) -> None:
    """R-TEN-12, C-29"""
    person = settle(platform)
    landmarks = platform.media.list_media(DEFAULT_TENANT, person.session)[0].digest
    damage(settings.home, landmarks)
    publish(platform, person.id)
    (captions,) = platform.media.list_media(DEFAULT_TENANT, captions_prefix(LESSON))
    damage(settings.home, captions.digest)

    write_archive(platform, person.id, tmp_path / "all.zip")
    with ZipFile(tmp_path / "all.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert {name for name, entry in manifest.items() if "damaged" in entry} == {
            f"media/{person.session}/{landmarks}",
            f"videos/{LESSON}/captions.en.vtt",
            f"videos/{LESSON}/1",  # the uploaded file is not stored
        }
        assert archive.testzip() is None
        assert all(archive.getinfo(name).file_size == manifest[name]["bytes"] for name in manifest)
        assert "rows/content_item.jsonl" in manifest


def record_pictures(platform: Platform, user_id: UserId) -> tuple[RecordingId, str, str]:
    """Record two chunks with an image each. Returns the digest of the list of the first one, too.

    The image and the landmarks of the second one, which have the returned digest, are lost.
    """
    session, lost, at = SessionId(str(uuid4())), sha256(b"lost").hexdigest(), platform.clock()
    put = partial(platform.media.put, DEFAULT_TENANT, prefix=session, subject=user_id)
    lists = [put(json.dumps([digest, None]).encode()) for digest in (put(b"image"), lost)]
    start = StartRecording(
        user_id=user_id, session_id=session, name="", description="", aspect_ratio=1.5, at=at
    )
    chunks = [
        AppendFrames(
            first_frame=2 * number, frames=2, start_ms=100 * number, end_ms=100 * number + 50,
            digest=digest, images=1, images_digest=lists[number],
        )
        for number, digest in enumerate((put(b"landmarks"), lost))
    ]  # fmt: skip
    request = Request(RECORDING, RecordingId(session), [start, *chunks])
    platform.commands.execute(request, origin=origin_of(user_id), command_id=uuid4())
    return RecordingId(session), lists[0], lost


def origin_of(user_id: UserId) -> Origin:
    return Origin(tenant_id=DEFAULT_TENANT, actor=user_id, correlation_id=uuid4())


def test_an_archive_marks_files_that_the_store_has_lost(
    platform: Platform, settings: Settings, tmp_path: Path
) -> None:
    """R-TEN-12, C-29: such as after a backup was restored; but none that were removed."""
    person = settle(platform)
    removed = train(platform, person.id, origin_of(person.id))
    platform.recorder.execute(
        RecordingId(removed), RemoveOldMedia(at=platform.clock()), origin=origin_of(person.id)
    )
    platform.media.clear(DEFAULT_TENANT, removed)
    (video,) = platform.media.list_media(DEFAULT_TENANT, person.session)
    next(settings.home.rglob(video.digest)).unlink()
    recording, listed, lost_digest = record_pictures(platform, person.id)
    next(settings.home.rglob(listed)).unlink()
    publish(platform, person.id)  # without the file that was uploaded
    request = RequestUpload(
        trainer_id=person.id, title="Next", description="", file=DECLARED, at=AT
    )
    execute(platform, person.id, request, key=ContentId("uploading"))

    write_archive(platform, person.id, tmp_path / "all.zip")
    with ZipFile(tmp_path / "all.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        lost = {
            f"media/{person.session}/{video.digest}",
            f"media/{recording}/{listed}",
            f"media/{recording}/{lost_digest}",
            f"videos/{LESSON}/1",
        }
        assert {name for name, entry in manifest.items() if "damaged" in entry} == lost
        assert all(archive.getinfo(name).file_size == 0 for name in lost)


@pytest.mark.parametrize("change", ["append", "remove"])
def test_an_archive_marks_no_file_of_a_recording_that_changes_meanwhile(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """R-TEN-12, C-29: a session is under way, or the time is over for which media are kept."""
    person, session, at = settle(platform), SessionId(str(uuid4())), platform.clock()
    origin, media, changes = origin_of(person.id), platform.media, iter([change])
    list_media = media.list_media

    def record(command: StartRecording | AttachVideo | RemoveOldMedia) -> None:
        request = Request(RECORDING, RecordingId(session), [command])
        platform.commands.execute(request, origin=origin, command_id=uuid4())

    def attach(content: bytes) -> None:
        digest = media.put(DEFAULT_TENANT, content, prefix=session, subject=person.id)
        record(AttachVideo(digest=digest, media_type="video/mp4"))

    def list_and_change(tenant: TenantId, prefix: str, **window: Any) -> Sequence[StoredMedia]:
        change = next(changes, None) if prefix == session else None
        if change == "remove":
            record(RemoveOldMedia(at=at))
            media.clear(tenant, prefix)
        listed = list_media(tenant, prefix, **window)
        if change == "append":
            attach(b"second")
        return listed

    start = StartRecording(
        user_id=person.id, session_id=session, name="", description="", aspect_ratio=1.5, at=at
    )
    record(start)
    attach(b"first")
    monkeypatch.setattr(media, "list_media", list_and_change)
    write_archive(platform, person.id, tmp_path / "all.zip")
    assert next(changes, None) is None
    with ZipFile(tmp_path / "all.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert not {name for name, entry in manifest.items() if "damaged" in entry}
