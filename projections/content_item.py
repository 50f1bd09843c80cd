"""Content item read model: one row per video of a trainer, with its status in words."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from domain.content import events
from domain.content.events import RejectionDetails, UploadEnd
from domain.ids import ContentId, UserId
from domain.kernel import Projection, Recorded
from domain.personal import text_of
from projections.kernel import fast_replace, stream_id

Stage = Literal["uploading", "scanning", "processing", "ready", "rejected", "failed"]
"""Progress of the newest version. `failed`: its upload was cancelled or expired."""

Offer = Literal["none", "published", "unpublished", "taken_down"]
"""`none` until the first version is published."""

Status = Literal[Stage, "draft"]

HOLDING: Final[frozenset[Stage]] = frozenset({"uploading", "scanning", "processing", "ready"})
"""Stages in which the file counts toward the quota."""


@dataclass(frozen=True)
class ContentItem:
    """A content item. `number` is that of the newest version, `live_number` of the published one.

    `stage` and `offer` change independently: a new version may be encoded of what was taken down.
    `revision` rises with each change of the texts or of the audience, `captions_revision` with each
    of the captions.
    `status` is the stage, but `draft` for a ready version that its trainer withdrew, and `rejected`
    for what an administrator took down.
    `held_bytes` count toward the quota of the trainer. `duration_ms` and `bitrates` are those of
    the published version; `captions` are languages.
    """

    id: ContentId
    user_id: UserId
    title: str
    description: str
    stage: Stage
    status: Status
    number: int
    media_type: str
    size: int
    held_bytes: int
    created_at: datetime
    changed_at: datetime
    offer: Offer = "none"
    rejection: str | None = None
    details: RejectionDetails | None = None
    ended: UploadEnd | None = None
    rejected_at: datetime | None = None
    quarantined: bool = False
    live_number: int | None = None
    live_bytes: int = 0
    duration_ms: int | None = None
    bitrates: tuple[int, ...] = ()
    captions: tuple[str, ...] = ()
    revision: int = 1
    captions_revision: int = 1


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by content item."""
    return (stream_id(recorded),) if isinstance(recorded.event, events.ContentEvent) else ()


def evolve(row: ContentItem | None, recorded: Recorded[Any]) -> ContentItem | None:
    """Apply one event to the item."""
    match recorded.event, row:
        case events.UploadRequested() as requested, _:
            return ContentItem(
                id=ContentId(stream_id(recorded)),
                user_id=requested.trainer_id,
                title=text_of(requested.title),
                description=text_of(requested.description),
                stage="uploading",
                status="uploading",
                number=1,
                media_type=requested.file.media_type,
                size=requested.file.size,
                held_bytes=requested.file.size,
                created_at=requested.at,
                changed_at=requested.at,
            )
        case events.ContentDeleted(), _:
            return None
        case _, ContentItem():
            changed = _changed(row, recorded.event)
            return fast_replace(changed, held_bytes=_held(changed), status=_status(changed))
        case _:
            return row


def _changed(row: ContentItem, event: Any) -> ContentItem:
    match event:
        case events.ReplacementRequested(number=number, file=file, at=at):
            return fast_replace(
                row,
                stage="uploading",
                number=number,
                media_type=file.media_type,
                size=file.size,
                rejection=None,
                details=None,
                ended=None,
                rejected_at=None,
                quarantined=False,
                changed_at=at,
            )
        case events.ContentDescribed(title=title, description=text, at=at):
            return fast_replace(
                row,
                title=text_of(title),
                description=text_of(text),
                revision=row.revision + 1,
                changed_at=at,
            )
        case events.AudienceChanged():
            return fast_replace(row, revision=row.revision + 1)
        case events.UploadEnded(reason=reason, at=at):
            return fast_replace(row, stage="failed", ended=reason, changed_at=at)
        case events.ContentUploaded(size=size, at=at):
            return fast_replace(row, stage="scanning", size=size, changed_at=at)
        case events.ChecksPassed(media_type=media_type, at=at):
            return fast_replace(row, stage="processing", media_type=media_type, changed_at=at)
        case events.ContentRejected(reason=reason, details=details, at=at):
            return fast_replace(
                row,
                stage="rejected",
                rejection=reason,
                details=details,
                rejected_at=at,
                changed_at=at,
            )
        case events.FileQuarantined():
            return fast_replace(row, quarantined=True)
        case events.QuarantineRemoved(number=number) if number == row.number:
            return fast_replace(row, quarantined=False)
        case _:
            return _offered(row, event)


def _offered(row: ContentItem, event: Any) -> ContentItem:
    match event:
        case events.ContentReady(number=number, duration_ms=duration, bitrates=bitrates, at=at):
            return fast_replace(
                row,
                stage="ready",
                offer="unpublished" if row.offer == "unpublished" else "published",
                live_number=number,
                live_bytes=row.size,
                duration_ms=duration,
                bitrates=bitrates,
                changed_at=at,
            )
        case events.ContentUnpublished(at=at):
            return fast_replace(row, offer="unpublished", changed_at=at)
        case events.ContentRepublished(at=at):
            return fast_replace(row, offer="published", changed_at=at)
        case events.ContentTakenDown(at=at):
            return fast_replace(row, offer="taken_down", changed_at=at)
        case events.CaptionsAdded(language=language):
            return _with_captions(row, {*row.captions, language})
        case events.CaptionsRemoved(language=language):
            return _with_captions(row, {*row.captions} - {language})
        case _:
            return row


def _with_captions(row: ContentItem, languages: Collection[str]) -> ContentItem:
    return fast_replace(
        row, captions=tuple(sorted(languages)), captions_revision=row.captions_revision + 1
    )


def _status(row: ContentItem) -> Status:
    if row.offer == "taken_down":
        return "rejected"
    return "draft" if row.offer == "unpublished" and row.stage == "ready" else row.stage


def _held(row: ContentItem) -> int:
    newest = row.size if row.stage in HOLDING else 0
    return newest + (row.live_bytes if row.live_number != row.number else 0)


CONTENT_ITEM = Projection(
    name="content_item",
    version=5,
    row=ContentItem,
    keys=keys,
    evolve=evolve,
    indexes=(("user_id", "created_at"), ("status",)),
    kind="content",
)
