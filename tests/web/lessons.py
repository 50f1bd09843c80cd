"""A trainer's published video that browsers can play in two sizes and two codecs; its lesson."""

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import uuid4

from adapters.content.isolated import IsolatedContentEncoder
from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from application.content.encoding import EncodingUnit, Pictures, Track
from application.content.manifest import (
    captions_prefix,
    media_prefix,
    pictures_to_bytes,
    track_to_bytes,
)
from application.content.packaging import Packaging
from application.content.pose_track import piece_to_bytes
from application.kernel.command_handler import Request
from application.platform import Platform
from domain.content import commands, lesson_commands
from domain.content.commands import ContentCommand
from domain.content.encoding import UnitFiles
from domain.content.events import Audience, DeclaredFile
from domain.content.item import CONTENT
from domain.content.lesson import LESSON
from domain.content.lesson_events import LessonExercise, Targets
from domain.ids import DEFAULT_TENANT, ContentId, ExerciseId, UserId
from domain.kernel import Origin
from domain.values import Span, Tempo
from tests.adapters.content.videos import lesson

AT: Final = datetime(2030, 1, 1, tzinfo=UTC)
SECONDS: Final = 12.0
TRAINER: Final = UserId("athlete")
"""The user of a server without accounts."""

TEMPO: Final = Tempo(eccentric_s=1.2, bottom_pause_s=0.2, concentric_s=1.0, top_pause_s=0.2)
PERFORMED: Final = Performance(
    exercise="squat", repetitions=3, tempo=TEMPO, width=320, height=240, fps=15
)
"""What the trainer does in the video: three squats, in nine of its twelve seconds."""

SQUATS: Final = LessonExercise(
    ExerciseId("squat"), Span(1000, 8600), 3, targets=Targets(TEMPO, 100.0, 2.0)
)
PLANK: Final = LessonExercise(ExerciseId("plank"), Span(9500, 11500), None, held_s=2.0)

DECLARED: Final = DeclaredFile(1000, "video/mp4", "ab" * 32)
CAPTIONS: Final = b"WEBVTT\n\n00:00:00.000 --> 00:00:12.000\nDown slowly\n"
VIDEO: Final = EncodingUnit(
    name="", kind="video", codec="h264", width=160, height=120, rate=Fraction(10), seconds=SECONDS
)
UNITS: Final = (
    EncodingUnit(name="pictures", kind="pictures"),
    EncodingUnit(name="audio", kind="audio", seconds=SECONDS),
    replace(VIDEO, name="h264-120"),
    replace(VIDEO, name="h264-240", width=320, height=240),
    replace(VIDEO, name="av1-240", codec="av1", width=320, height=240),
)


def publish_lesson(
    platform: Platform, title: str, key: str = "lesson", video: Path | None = None
) -> str:
    """Publish an encoded video of `SECONDS` with English captions; return its id."""
    request = commands.RequestUpload(
        trainer_id=TRAINER,
        title=title,
        description="Feet as wide as the shoulders.",
        file=DECLARED,
        at=AT,
    )
    _execute(platform, key, request)
    _finish(platform, key, 1, video)
    captions = platform.media.put(
        DEFAULT_TENANT, CAPTIONS, prefix=captions_prefix(ContentId(key)), subject=TRAINER
    )
    _execute(
        platform,
        key,
        commands.AddCaptions(language="en", digest=captions, at=AT),
        commands.ChangeAudience(audience=Audience(is_free=True), at=AT),
    )
    return key


def publish_version(platform: Platform, key: str, number: int) -> None:
    """Publish another encoded version of a video."""
    _execute(platform, key, commands.ReplaceFile(file=DECLARED, at=AT))
    _finish(platform, key, number)


def _finish(platform: Platform, key: str, number: int, video: Path | None = None) -> None:
    """Publish an encoded version that was requested."""
    prefix = media_prefix(ContentId(key), number)

    def put(content: bytes) -> str:
        return platform.media.put(DEFAULT_TENANT, content, prefix=prefix, subject=TRAINER)

    done: dict[str, UnitFiles] = {}
    for name, content, made in _encoded(video):
        if isinstance(made, Track):
            done[name] = UnitFiles(put(content), put(track_to_bytes(made)))
            continue
        digests = {
            picture: put(content[start : start + size])
            for picture, (start, size) in made.files.items()
        }
        index = put(pictures_to_bytes(made, digests))
        done[name] = UnitFiles(index, index)
    encoding = Packaging(platform.media, DEFAULT_TENANT, prefix, TRAINER).package(
        UNITS, done, SECONDS
    )
    _execute(
        platform,
        key,
        commands.NoteUploaded(number=number, size=1000, at=AT),
        commands.PassChecks(number=number, media_type="video/mp4", duration_ms=12_000, at=AT),
        commands.NoteEncoded(number=number, encoding=encoding, at=AT),
        commands.PublishContent(number=number, at=AT),
    )


@cache
def _encoded(video: Path | None) -> tuple[tuple[str, bytes, Track | Pictures], ...]:
    """Encode a video, or one that is made for this; only once, because it takes seconds.

    Returns the name, the file and the description of each unit.
    """
    encoder = IsolatedContentEncoder()
    encoded: list[tuple[str, bytes, Track | Pictures]] = []
    with TemporaryDirectory() as folder:
        video = video or lesson(Path(folder) / "lesson.mp4", size=(320, 240), seconds=SECONDS)
        source = encoder.inspect(video)
        for unit in UNITS:
            with (
                encoder.make_pictures(video, source, lambda _: None)
                if unit.kind == "pictures"
                else encoder.encode_track(video, unit, lambda _: None)
            ) as (file, made):
                file.seek(0)
                encoded.append((unit.name, file.read(), made))
    return tuple(encoded)


def _execute(platform: Platform, key: str, *wanted: ContentCommand) -> None:
    platform.commands.execute(
        Request(CONTENT, ContentId(key), wanted),
        origin=Origin(tenant_id=DEFAULT_TENANT, actor=TRAINER, correlation_id=uuid4()),
        command_id=uuid4(),
    )


def analyze_lesson(
    platform: Platform,
    key: str = "lesson",
    found: tuple[LessonExercise, ...] = (SQUATS, PLANK),
    number: int = 1,
) -> None:
    """Store the poses and the segments of a published video, as its analysis does."""
    digest = platform.media.put(
        DEFAULT_TENANT,
        piece_to_bytes(landmarks(PERFORMED)),
        prefix=media_prefix(ContentId(key), number),
        subject=TRAINER,
    )
    begin = lesson_commands.BeginAnalysis(
        content_id=ContentId(key), number=number, model="blazepose-full 1.0", at=AT
    )
    wanted = (
        begin,
        lesson_commands.NotePiece(beginning=1, piece=0, digest=digest, at=AT),
        lesson_commands.CompleteAnalysis(beginning=1, segments=found, at=AT)
        if found
        else lesson_commands.FailAnalysis(beginning=1, problem="nothing_recognized", at=AT),
    )
    platform.commands.execute(
        Request(LESSON, f"{key}.{number}", wanted),
        origin=Origin(tenant_id=DEFAULT_TENANT, actor=TRAINER, correlation_id=uuid4()),
        command_id=uuid4(),
    )
