"""Events of a content item: a trainer's video, from the upload to the published lesson.

An item has numbered versions of its file, counted from 1. Every event about a file names its
version. A trainer wrote title and description, so they are encrypted with the trainer's key.
"""

from datetime import datetime
from typing import Literal

from domain.ids import PlanId, UserId
from domain.kernel import event, value
from domain.personal import Personal

UploadEnd = Literal["cancelled", "expired"]
"""Reason why a file never arrived: the trainer stopped the upload, or did not finish it in time."""

Rejection = Literal[
    "size_differs",
    "checksum_differs",
    "format_not_supported",
    "format_differs",
    "contains_other_data",
    "malware_found",
    "damaged",
    "no_video",
    "too_short",
    "too_long",
    "too_many_pixels",
    "not_encodable",
]
"""Reason why a file that arrived is not published."""

DraftProblem = Literal[
    "no_sound", "no_speech", "not_readable", "too_long", "unavailable", "off", "failed"
]
"""Reason why the speech of a video could not be recognized. `off`: no service is set up."""

TakeDownReason = Literal["copyright", "privacy", "safety", "illegal", "terms"]

VideoCodec = Literal["h264", "hevc", "vp9", "av1"]


@value
class DeclaredFile:
    """What the trainer's device says about the file: bytes, media type, and SHA-256."""

    size: int
    media_type: str
    digest: str


@value
class RejectionDetails:
    """Particulars of a rejection.

    `at_ms`: the time in the video where it is damaged; `finding`: the name of the malware;
    `size` and `media_type`: what was found instead of what was declared.
    """

    at_ms: int | None = None
    finding: str | None = None
    size: int | None = None
    media_type: str | None = None


@value
class Rendition:
    """One encoding of the ladder; `bitrate` is the average in bits per second."""

    width: int
    height: int
    codec: VideoCodec
    bitrate: int


@value
class Encoding:
    """Result of encoding: its duration, its renditions, and the digest of its manifest."""

    duration_ms: int
    renditions: tuple[Rendition, ...]
    digest: str


@value
class Audience:
    """Athletes who may watch a published item: those with access to one of `plans`, or all."""

    is_free: bool = False
    plans: tuple[PlanId, ...] = ()


@event("content.upload_requested")
class UploadRequested:
    """A trainer began a content item with the upload of version 1."""

    trainer_id: UserId
    title: Personal[str]
    description: Personal[str]
    file: DeclaredFile
    at: datetime


@event("content.replacement_requested")
class ReplacementRequested:
    """The trainer began to upload a new version. The published one stays until it is replaced."""

    number: int
    file: DeclaredFile
    at: datetime


@event("content.described")
class ContentDescribed:
    title: Personal[str]
    description: Personal[str]
    at: datetime


@event("content.upload_ended")
class UploadEnded:
    """The upload ended without a file."""

    number: int
    reason: UploadEnd
    at: datetime


@event("content.uploaded")
class ContentUploaded:
    """The store has the whole object; `size` is in bytes."""

    number: int
    size: int
    at: datetime


@event("content.checks_passed")
class ChecksPassed:
    """Size, format, checksum, malware and decodability are in order."""

    number: int
    media_type: str
    duration_ms: int
    at: datetime


@event("content.rejected")
class ContentRejected:
    number: int
    reason: Rejection
    details: RejectionDetails
    at: datetime


@event("content.quarantined")
class FileQuarantined:
    """A rejected file is kept for audits, and no user can read it."""

    number: int
    at: datetime


@event("content.quarantine_removed")
class QuarantineRemoved:
    """The retention of a quarantined file ended, and it was removed."""

    number: int
    at: datetime


@event("content.encoded")
class ContentEncoded:
    number: int
    encoding: Encoding
    at: datetime


@event("content.ready")
class ContentReady:
    """A version was published; it replaces the version published before.

    What the trainer withdrew stays withdrawn until they offer it again.
    """

    number: int
    duration_ms: int
    bitrates: tuple[int, ...]
    at: datetime


@event("content.unpublished")
class ContentUnpublished:
    """The trainer withdrew the item."""

    at: datetime


@event("content.republished")
class ContentRepublished:
    """The trainer offers again what was published before."""

    at: datetime


@event("content.taken_down")
class ContentTakenDown:
    """An administrator withdrew the item; its trainer cannot publish it again."""

    reason: TakeDownReason
    at: datetime


@event("content.audience_changed")
class AudienceChanged:
    """The trainer changed the athletes who may watch the item."""

    audience: Audience
    at: datetime


@event("content.captions_added")
class CaptionsAdded:
    """Captions in a language, by the digest of their WebVTT; they replace earlier ones."""

    language: str
    digest: str
    at: datetime


@event("content.captions_removed")
class CaptionsRemoved:
    language: str
    at: datetime


@event("content.caption_draft_requested")
class CaptionDraftRequested:
    """The trainer requested a draft of captions of the published version, in its language."""

    number: int
    language: str
    at: datetime


@event("content.caption_part_recognized")
class CaptionPartRecognized:
    """The phrases of a part of the sound, from 0, are stored; `digest` is that of their file."""

    number: int
    part: int
    digest: str
    at: datetime


@event("content.captions_drafted")
class CaptionsDrafted:
    """The draft is complete; `digest` is that of its WebVTT. No viewer gets it."""

    number: int
    digest: str
    at: datetime


@event("content.caption_draft_failed")
class CaptionDraftFailed:
    number: int
    problem: DraftProblem
    at: datetime


@event("content.caption_draft_discarded")
class CaptionDraftDiscarded:
    """The trainer does not want the draft, or no longer waits for it."""

    number: int
    at: datetime


@event("content.deleted")
class ContentDeleted:
    at: datetime


CaptionDraftEvent = (
    CaptionDraftRequested
    | CaptionPartRecognized
    | CaptionsDrafted
    | CaptionDraftFailed
    | CaptionDraftDiscarded
)

ContentEvent = (
    UploadRequested
    | ReplacementRequested
    | ContentDescribed
    | UploadEnded
    | ContentUploaded
    | ChecksPassed
    | ContentRejected
    | FileQuarantined
    | QuarantineRemoved
    | ContentEncoded
    | ContentReady
    | ContentUnpublished
    | ContentRepublished
    | ContentTakenDown
    | AudienceChanged
    | CaptionsAdded
    | CaptionsRemoved
    | CaptionDraftEvent
    | ContentDeleted
)
