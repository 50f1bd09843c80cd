"""Videos that a trainer uploaded are erased with the trainer, and views with the viewer."""

import json
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from uuid import uuid4
from zipfile import ZipFile

from application.content.manifest import media_prefix
from application.kernel.command_handler import Request
from application.kernel.ports import MediaMissing
from application.platform import Platform
from application.privacy.erasure import NotCertified
from bootstrap.settings import Settings
from domain.content import commands
from domain.content.events import DeclaredFile
from domain.content.item import CONTENT, Deleted
from domain.content.lesson import LESSON as LESSONS
from domain.content.lesson_commands import BeginAnalysis, CompleteAnalysis, LessonCommand
from domain.content.lesson_events import LessonExercise, Targets
from domain.content.viewing import VIEWING, NotePosition, view_id
from domain.ids import DEFAULT_TENANT, ContentId, ExerciseId, UserId
from domain.kernel import Origin
from domain.values import Span
from projections.content_item import CONTENT_ITEM
from projections.content_view import CONTENT_VIEW
from tests.api.published import LESSON as PUBLISHED
from tests.api.published import execute, publish
from tests.privacy.person import settle, write_archive

VIDEO = b"a lesson of Ida"
FILE = DeclaredFile(len(VIDEO), "video/mp4", sha256(VIDEO).hexdigest())
LESSON = ContentId("lesson")
SQUATS = LessonExercise(
    exercise_id=ExerciseId("squat"),
    span=Span(0, 9000),
    repetitions=3,
    held_s=None,
    targets=Targets(),
)


def send(platform: Platform) -> None:
    """Send the file of the upload that is in progress."""
    assert platform.part_receiver is not None
    (link,) = platform.content_uploads.progress(DEFAULT_TENANT, LESSON).links
    platform.part_receiver.receive(link.url.rpartition("/")[2], [VIDEO])


def upload(platform: Platform, trainer: UserId, origin: Origin) -> None:
    """Upload a version that is encoded and rejected, and begin another one."""
    uploads, at = platform.content_uploads, platform.clock()
    request = commands.RequestUpload(
        trainer_id=trainer, title="Ida", description="", file=FILE, at=at
    )
    uploads.request(LESSON, request, origin, uuid4())
    send(platform)
    uploads.complete(LESSON, origin, uuid4())
    platform.media.put(DEFAULT_TENANT, VIDEO, prefix=media_prefix(LESSON, 1), subject=trainer)
    reject = commands.RejectFile(number=1, reason="damaged", at=at)
    platform.commands.execute(Request(CONTENT, LESSON, [reject]), origin=origin, command_id=uuid4())
    uploads.replace(LESSON, FILE, origin, uuid4())
    send(platform)


def test_videos_are_erased_with_their_trainer(
    settings: Settings, platform: Platform, origin: Origin
) -> None:
    """C-24, R-TEN-12: uploaded files, which are not encrypted with the person's key, and media."""
    person = settle(platform)
    upload(platform, person.id, origin)
    media = settings.home / "media"
    before = [each for each in media.rglob("*") if each.is_file() and VIDEO in each.read_bytes()]
    assert len(before) == 2
    erasure = platform.privacy().erasure
    erasure.request(person.id, origin=origin, at_once=True)
    assert not isinstance(erasure.run(person.id, origin=origin), NotCertified)
    after = [each for each in media.rglob("*") if each.is_file() and VIDEO in each.read_bytes()]
    assert after == []
    assert not platform.media.list_media(DEFAULT_TENANT, media_prefix(LESSON, 1))
    history = platform.log.load(DEFAULT_TENANT, f"{CONTENT.category}-{LESSON}")
    assert isinstance(CONTENT.fold(each.event for each in history), Deleted)
    assert platform.read.get(CONTENT_ITEM, DEFAULT_TENANT, LESSON) is None


def test_the_archive_has_the_videos_and_lessons_of_a_trainer(
    platform: Platform, origin: Origin, tmp_path: Path
) -> None:
    """C-24, R-TEN-12: but no file in quarantine, which may contain malware."""
    person = settle(platform)
    upload(platform, person.id, origin)
    platform.content_uploads.complete(LESSON, origin, uuid4())
    text = "WEBVTT\n\n00:00.000 --> 00:01.000\nIda says: down\n"
    platform.content.add_captions(LESSON, "en", text, origin, uuid4())
    at = platform.clock()
    analyzed: list[LessonCommand] = [
        BeginAnalysis(content_id=LESSON, number=2, model="model 1", at=at),
        CompleteAnalysis(beginning=1, segments=(SQUATS,), at=at),
    ]
    request = Request(LESSONS, f"{LESSON}.2", analyzed)
    platform.commands.execute(request, origin=origin, command_id=uuid4())
    path = tmp_path / "archive.zip"
    write_archive(platform, person.id, path)
    with ZipFile(path) as archive:
        names = {name for name in archive.namelist() if name.startswith("videos/")}
        assert names == {f"videos/{LESSON}/2", f"videos/{LESSON}/captions.en.vtt"}
        assert archive.read(f"videos/{LESSON}/2") == VIDEO
        assert b"Ida says: down" in archive.read(f"videos/{LESSON}/captions.en.vtt")
        (line,) = archive.read("lessons.jsonl").splitlines()
    lesson = json.loads(line)
    assert (lesson["video"], lesson["version"]) == (LESSON, 2)
    (segment,) = lesson["segments"]
    assert segment["content"]["exercise_id"] == "squat"


def test_a_draft_of_captions_is_exported_sealed_and_erased(
    settings: Settings, platform: Platform, origin: Origin, tmp_path: Path
) -> None:
    """C-24, R-TEN-12: it repeats what the trainer says."""
    person = settle(platform)
    publish(platform, person.id)
    spoken = "Ida says: down slowly"
    text = f"WEBVTT\n\n00:00:00.000 --> 00:00:01.000\n{spoken}\n"
    prefix = media_prefix(PUBLISHED, 1)
    digest = platform.media.put(DEFAULT_TENANT, text.encode(), prefix=prefix, subject=person.id)
    at = platform.clock()
    execute(
        platform,
        person.id,
        commands.RequestCaptionDraft(language="en", at=at),
        commands.CompleteCaptionDraft(number=1, requested_at=at, digest=digest, at=at),
    )
    path = tmp_path / "archive.zip"
    write_archive(platform, person.id, path)
    with ZipFile(path) as archive:
        exported = archive.read(f"videos/{PUBLISHED}/captions-draft.en.vtt")
    assert exported.decode() == text
    files = [each for each in settings.home.rglob("*") if each.is_file()]
    assert not [each for each in files if spoken.encode() in each.read_bytes()]
    erasure = platform.privacy().erasure
    erasure.request(person.id, origin=origin, at_once=True)
    assert not isinstance(erasure.run(person.id, origin=origin), NotCertified)
    assert not platform.media.list_media(DEFAULT_TENANT, prefix)


def test_an_archive_leaves_out_a_video_that_is_deleted_meanwhile(
    platform: Platform, origin: Origin
) -> None:
    """R-TEN-12: deleting an own video does not fail an archive that is being written."""
    person = settle(platform)
    upload(platform, person.id, origin)
    platform.content_uploads.complete(LESSON, origin, uuid4())
    for language in ("en", "es"):
        text = f"WEBVTT\n\n00:00.000 --> 00:01.000\n{language}\n"
        platform.content.add_captions(LESSON, language, text, origin, uuid4())
    archives = platform.privacy().exports.writer
    files = archives.videos.files(archives.subject_data(DEFAULT_TENANT, person.id))
    names = []
    for name, opened in files:
        with suppress(MediaMissing), opened:
            names.append(name)
        if name.endswith("en.vtt"):
            platform.content.delete(LESSON, origin, uuid4())
    assert names == [f"{LESSON}/2", f"{LESSON}/captions.en.vtt"]


def test_views_are_erased_with_the_viewer(platform: Platform, origin: Origin) -> None:
    """C-24, R-TEN-12: what somebody watched, and how far, is part of their data."""
    person = settle(platform)
    note = NotePosition(
        content_id=LESSON,
        user_id=person.id,
        position_ms=0,
        duration_ms=1000,
        at=platform.clock(),
    )
    key = view_id(LESSON, person.id)
    platform.commands.execute(Request(VIEWING, key, [note]), origin=origin, command_id=uuid4())
    assert platform.read.get(CONTENT_VIEW, DEFAULT_TENANT, key) is not None
    erasure = platform.privacy().erasure
    erasure.request(person.id, origin=origin, at_once=True)
    assert not isinstance(erasure.run(person.id, origin=origin), NotCertified)
    assert platform.read.get(CONTENT_VIEW, DEFAULT_TENANT, key) is None
