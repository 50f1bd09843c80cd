"""A trainer's video that is published, with a few bytes in place of each file."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Final
from uuid import uuid4

from application.content.manifest import (
    HLS_TYPE,
    JPEG_TYPE,
    VIDEO_TYPE,
    VTT_TYPE,
    Manifest,
    ManifestFile,
    captions_prefix,
    media_prefix,
)
from application.kernel.command_handler import Request
from application.platform import Platform
from domain.catalog import commands as catalog
from domain.catalog.events import PlanTerms
from domain.catalog.plan import PLAN
from domain.content import commands
from domain.content.commands import ContentCommand
from domain.content.events import Audience, DeclaredFile, Encoding, Rendition
from domain.content.item import CONTENT
from domain.ids import DEFAULT_TENANT, ContentId, PlanId, TenantId, UserId, WorkoutId
from domain.kernel import Origin
from domain.money import Money, Price

AT: Final = datetime(2030, 1, 1, tzinfo=UTC)
LESSON: Final = ContentId("lesson")
PAID_PLAN: Final = PlanId("paid-plan")
DECLARED: Final = DeclaredFile(1000, "video/mp4", "ab" * 32)
CAPTIONS: Final = b"WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nDown\n"
FILES: Final = {
    "master.m3u8": (b"#EXTM3U\nh264-480.m3u8\n", HLS_TYPE),
    "manifest.mpd": (b"<MPD/>", "application/dash+xml"),
    "h264-480.m3u8": (b"#EXTM3U\nh264-480.mp4\n", HLS_TYPE),
    "h264-480.mp4": (bytes(range(256)) * 10, VIDEO_TYPE),
    "poster.jpg": (b"\xff\xd8poster", JPEG_TYPE),
    "storyboard.vtt": (b"WEBVTT\n", VTT_TYPE),
}


def execute(
    platform: Platform,
    trainer: UserId,
    *wanted: ContentCommand,
    key: ContentId = LESSON,
    tenant: TenantId = DEFAULT_TENANT,
) -> None:
    """Execute commands of a video."""
    origin = Origin(tenant_id=tenant, actor=trainer, correlation_id=uuid4())
    platform.commands.execute(Request(CONTENT, key, wanted), origin=origin, command_id=uuid4())


def publish(
    platform: Platform,
    trainer: UserId,
    audience: Audience | None = None,
    *,
    key: ContentId = LESSON,
    tenant: TenantId = DEFAULT_TENANT,
) -> None:
    """Publish a video that has captions, for an audience or for nobody."""
    request = commands.RequestUpload(
        trainer_id=trainer, title="Squats", description="Slowly.", file=DECLARED, at=AT
    )
    execute(platform, trainer, request, key=key, tenant=tenant)
    finish(platform, trainer, 1, key=key, tenant=tenant)
    digest = platform.media.put(tenant, CAPTIONS, prefix=captions_prefix(key), subject=trainer)
    add = commands.AddCaptions(language="en", digest=digest, at=AT)
    execute(platform, trainer, add, key=key, tenant=tenant)
    if audience is not None:
        change = commands.ChangeAudience(audience=audience, at=AT)
        execute(platform, trainer, change, key=key, tenant=tenant)


def replace(platform: Platform, trainer: UserId) -> None:
    """Publish version 2 of the video."""
    execute(platform, trainer, commands.ReplaceFile(file=DECLARED, at=AT))
    finish(platform, trainer, 2)


def finish(
    platform: Platform,
    trainer: UserId,
    number: int,
    *,
    key: ContentId = LESSON,
    tenant: TenantId = DEFAULT_TENANT,
) -> None:
    """Store the files of a version, and publish it."""
    prefix = media_prefix(key, number)

    def put(content: bytes) -> str:
        return platform.media.put(tenant, content, prefix=prefix, subject=trainer)

    files = {
        name: ManifestFile(put(content), media_type, len(content))
        for name, (content, media_type) in FILES.items()
    }
    digest = put(Manifest(settings=1, duration_ms=10_000, files=files).to_bytes())
    assert len(digest) == len(sha256().hexdigest())
    encoding = Encoding(10_000, (Rendition(854, 480, "h264", 1_400_000),), digest)
    execute(
        platform,
        trainer,
        commands.NoteUploaded(number=number, size=1000, at=AT),
        commands.PassChecks(number=number, media_type="video/mp4", duration_ms=10_000, at=AT),
        commands.NoteEncoded(number=number, encoding=encoding, at=AT),
        commands.PublishContent(number=number, at=AT),
        key=key,
        tenant=tenant,
    )


def offer_plan(platform: Platform, trainer: UserId, *prices: int, key: PlanId = PAID_PLAN) -> None:
    """Let a trainer offer a plan at a price in cents, or without one."""
    terms = PlanTerms(
        level="beginner",
        weeks=1,
        sessions_per_week=1,
        workouts=(WorkoutId("w1"),),
        prices=tuple(Price("EU", Money(price, "EUR")) for price in prices),
    )
    draft = catalog.DraftPlan(trainer_id=trainer, title="Legs", description="", terms=terms, at=AT)
    origin = Origin(tenant_id=DEFAULT_TENANT, actor=trainer, correlation_id=uuid4())
    platform.commands.execute(
        Request(PLAN, key, [draft, catalog.PublishPlan(at=AT)]), origin=origin, command_id=uuid4()
    )
