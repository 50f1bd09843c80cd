"""Content of trainers: its view, its uploads, and commands with inputs and writes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID, uuid5

from pydantic import Field

from api.views.base import Body, StrictBody, documented, write
from api.views.owned_rows import find_visible, newest_page
from api.views.session_commands import ATHLETE
from application.caller import ANONYMOUS, Caller, checked_id
from application.content.jobs import ContentJob, Step
from application.content.quotas import VIDEO_TYPES
from application.content.uploads import UploadProgress
from application.kernel.ports import AppendResult
from application.kernel.read_models import Page, Window
from application.users.authorization import Act
from domain.content import commands
from domain.content.events import DeclaredFile
from domain.ids import ContentId, UserId
from domain.values import within
from projections.content_item import CONTENT_ITEM
from projections.content_item import ContentItem as Row
from projections.published_content import PUBLISHED_CONTENT, PublishedContent

TAKEN_DOWN: Final = "taken_down"

ContentStatus = Literal[
    "draft", "uploading", "scanning", "rejected", "processing", "ready", "failed"
]  # fmt: skip


class ContentItem(Body):
    """A video of a trainer."""

    content_id: str
    user_id: str = Field(description="The trainer.")
    title: str
    description: str
    status: ContentStatus = Field(
        description="Of the newest version. `failed`: its upload was cancelled or expired. `draft`:"
        " its trainer withdrew it."
    )
    number: int = Field(description="The newest version, counted from 1.")
    live_number: int | None = Field(description="The published version.")
    media_type: str
    bytes: float = Field(description="Size of the newest version.")
    rejection: str | None = Field(
        description="Reason of a rejection, such as `damaged`, or `taken_down` by an administrator."
    )
    rejection_detail: str | None = Field(description="The reason in a sentence.")
    damaged_at_ms: int | None = Field(description="Position in a rejected file that is damaged.")
    ended_reason: Literal["cancelled", "expired"] | None
    duration_ms: int | None
    bitrates: tuple[int, ...] = Field(description="Bits per second of each rendition.")
    captions: tuple[str, ...] = Field(description="Languages.")
    revision: int = Field(
        description="Rises with each change of the title, the description or who may watch."
    )
    captions_revision: int = Field(description="Rises with each change of the captions.")
    is_published: bool = Field(description="The version `live_number` is offered to athletes.")
    is_free: bool = Field(description="Everybody in the organization may watch it.")
    plans: tuple[str, ...] = Field(description="Plans whose athletes may watch it.")
    progress: float | None = Field(
        description="Share of the check or of the encoding that is done, 0 to 1, while it lasts."
    )
    created_at: datetime
    changed_at: datetime

    @classmethod
    def of(
        cls, row: Row, offer: PublishedContent | None, progress: float | None = None
    ) -> "ContentItem":
        """Convert a row of the read model, with that of what athletes see."""
        details = row.details
        rejection = TAKEN_DOWN if row.offer == "taken_down" else row.rejection
        return cls(
            content_id=row.id,
            user_id=row.user_id,
            title=row.title,
            description=row.description,
            status=row.status,
            number=row.number,
            live_number=row.live_number,
            media_type=row.media_type,
            bytes=row.size,
            rejection=rejection,
            rejection_detail=None if rejection is None else rejection_sentence(row, rejection),
            damaged_at_ms=None if details is None else details.at_ms,
            ended_reason=row.ended,
            duration_ms=row.duration_ms,
            bitrates=row.bitrates,
            captions=row.captions,
            revision=row.revision,
            captions_revision=row.captions_revision,
            is_published=offer is not None and offer.listed_at is not None,
            is_free=offer is not None and offer.is_free,
            plans=() if offer is None else offer.plans,
            progress=progress,
            created_at=row.created_at,
            changed_at=row.changed_at,
        )


STEP_OF_STAGE: Final[dict[str, Step]] = {"scanning": "check", "processing": "encode"}

OVER: Final = frozenset({"ready", "rejected", "failed", "draft"})
"""Statuses that no work changes any more."""

SENTENCES = {
    "size_differs": "The file that arrived has another size. Upload it again.",
    "checksum_differs": "The file changed on its way. Upload it again.",
    "format_not_supported": "The file is not a video in MP4, MOV, WebM or MKV.",
    "format_differs": "The file has another format than its name says.",
    "contains_other_data": "The file contains other data besides the video. Export it again.",
    "malware_found": "The file contains malware.",
    "damaged": "The video is damaged.",
    "no_video": "The file has no pictures, only sound or text.",
    "too_short": "The video is shorter than one second.",
    "too_long": "The video is longer than the limit.",
    "too_many_pixels": "The pictures of the video are too large.",
    "not_encodable": "The video could not be converted.",
    TAKEN_DOWN: "An administrator took the video down.",
}
"""Reasons of rejections for trainers."""


def rejection_sentence(row: Row, rejection: str) -> str:
    """Return the reason of a rejection for the trainer."""
    details = row.details
    if rejection == "damaged" and details is not None and details.at_ms is not None:
        minutes, seconds = divmod(details.at_ms // 1000, 60)
        return f"The video is damaged at {minutes:02}:{seconds:02}."
    return SENTENCES[rejection]


class UploadPartLink(Body):
    """A part that is missing, and the signed URL that takes it by PUT."""

    number: int
    offset: float = Field(description="First byte of the part in the file.")
    bytes: int
    url: str = Field(description="A path without an origin leads to this server.")


class ContentUpload(Body):
    """Progress of an upload: what arrived, and the next missing parts."""

    content_id: str
    number: int = Field(description="The version.")
    bytes: float
    sha256: str = Field(description="Declared checksum of the file, to compare it before sending.")
    arrived_bytes: float
    part_bytes: int = Field(description="Size of all parts but the last one.")
    missing_parts: int
    parts: tuple[UploadPartLink, ...] = Field(
        description="The next missing parts, at most 100. Get this again for more."
    )
    expires_at: datetime = Field(description="End of the validity of the URLs.")

    @classmethod
    def of(cls, progress: UploadProgress) -> "ContentUpload":
        """Convert the progress of an upload."""
        return cls(
            content_id=progress.key.content_id,
            number=progress.key.number,
            bytes=progress.file.size,
            sha256=progress.file.digest,
            arrived_bytes=progress.arrived_bytes,
            part_bytes=progress.part_bytes,
            missing_parts=progress.missing,
            parts=tuple(
                UploadPartLink(
                    number=link.part.number,
                    offset=link.part.offset,
                    bytes=link.part.size,
                    url=link.url,
                )
                for link in progress.links
            ),
            expires_at=progress.links_expire_at,
        )


class ContentUsage(Body):
    """Bytes of a trainer's videos, and the limits of the next one."""

    used_bytes: float
    limit_bytes: float
    max_file_bytes: float = Field(description="Size of the largest file.")
    media_types: tuple[str, ...] = Field(description="Formats that can be uploaded.")


@dataclass(frozen=True, slots=True)
class ContentWritten:
    """Result of a command: the log has it up to `position`."""

    content_id: str
    position: int
    repeated: bool


class FileDeclaration(StrictBody):
    """The file that is going to be uploaded."""

    media_type: str = Field(max_length=100, examples=["video/mp4"])
    bytes: Annotated[float, documented(minimum=1)] = Field(examples=[734003200])
    sha256: str = Field(max_length=64, description="Checksum in hexadecimal.")


class RequestContentUpload(FileDeclaration):
    """New video."""

    title: Annotated[str, documented(minLength=1, maxLength=commands.MAX_TITLE_LENGTH)]
    description: Annotated[str, documented(maxLength=commands.MAX_DESCRIPTION_LENGTH)] = ""


class ReplaceContentFile(FileDeclaration):
    """New version of the file of a video."""


def find_content(caller: Caller, keys: Collection[str]) -> dict[str, ContentItem]:
    """Return the videos that the caller may manage, by id."""
    rows = find_visible(caller, CONTENT_ITEM, keys)
    return content_views(caller, rows.values())


def require_content(caller: Caller, key: str) -> ContentItem:
    """Return a video that the caller may manage. Raises ContentNotFound."""
    found = find_content(caller, [checked_id(key)]).get(key)
    if found is None:
        raise commands.ContentNotFound
    return found


def content_page(caller: Caller, wanted: Window) -> Page[Row]:
    """Return a page of the caller's videos, newest first."""
    return newest_page(caller, CONTENT_ITEM, wanted)


def content_views(caller: Caller, rows: Iterable[Row]) -> dict[str, ContentItem]:
    """Return the views of rows by id, with the progress of their jobs."""
    rows = list(rows)
    working = [row.id for row in rows if row.stage in STEP_OF_STAGE]
    jobs = caller.platform.content_queue.jobs.newest(caller.tenant_id, working)
    offers = caller.platform.read.get_many(
        PUBLISHED_CONTENT, caller.tenant_id, [row.id for row in rows]
    )
    return {
        row.id: ContentItem.of(row, offers.get(row.id), _progress(row, jobs.get(row.id)))
        for row in rows
    }


def _progress(row: Row, job: ContentJob | None) -> float | None:
    """Return the share that is done; 0 while no worker has begun the step of the row."""
    step = STEP_OF_STAGE.get(row.stage)
    if step is None:
        return None
    has_begun = job is not None and (job.number, job.step) == (row.number, step)
    return job.progress if job is not None and has_begun else 0.0


def content_upload(caller: Caller, content_id: str) -> ContentUpload:
    """Return the progress of an upload. Raises ContentNotFound and UploadOver."""
    key = own_content(caller, content_id)
    return ContentUpload.of(caller.platform.content_uploads.progress(caller.tenant_id, key))


def content_usage(caller: Caller) -> ContentUsage:
    """Return the bytes that the caller uses of the quota."""
    trainer = _trainer(caller)
    caller.require("read", "content", trainer)
    usage = caller.platform.content_uploads.usage(caller.tenant_id, trainer)
    return ContentUsage(
        used_bytes=usage.used,
        limit_bytes=usage.limit,
        max_file_bytes=caller.platform.content_uploads.limits.file,
        media_types=VIDEO_TYPES,
    )


@write
def request_content_upload(
    caller: Caller, body: RequestContentUpload, command_id: UUID
) -> ContentWritten:
    """Begin a video with the upload of its file. Nobody else sees it before it is published."""
    trainer = _trainer(caller)
    caller.require("write", "content", trainer)
    content_id = ContentId(str(uuid5(command_id, "content")))
    command = commands.RequestUpload(
        trainer_id=trainer,
        title=body.title,
        description=body.description,
        file=_file(body),
        at=caller.platform.clock(),
    )
    origin = caller.origin(ANONYMOUS)
    uploads = caller.platform.content_uploads
    return written(content_id, uploads.request(content_id, command, origin, command_id))


@write
def replace_content_file(
    caller: Caller, content_id: str, body: ReplaceContentFile, command_id: UUID
) -> ContentWritten:
    """Begin the upload of a new version. The published version stays until it is replaced."""
    key = own_content(caller, content_id)
    uploads, origin = caller.platform.content_uploads, caller.origin(ANONYMOUS)
    return written(key, uploads.replace(key, _file(body), origin, command_id))


@write
def complete_content_upload(caller: Caller, content_id: str, command_id: UUID) -> ContentWritten:
    """Complete an upload whose parts have all arrived. The file is then checked."""
    key = own_content(caller, content_id)
    uploads, origin = caller.platform.content_uploads, caller.origin(ANONYMOUS)
    return written(key, uploads.complete(key, origin, command_id))


@write
def cancel_content_upload(caller: Caller, content_id: str, command_id: UUID) -> ContentWritten:
    """Cancel an upload, and remove the parts that arrived."""
    key = own_content(caller, content_id)
    uploads, origin = caller.platform.content_uploads, caller.origin(ANONYMOUS)
    return written(key, uploads.cancel(key, origin, command_id))


def _trainer(caller: Caller) -> UserId:
    return UserId(ATHLETE if caller.claims is None else caller.claims.user_id)


def own_content(caller: Caller, content_id: str, act: Act = "write") -> ContentId:
    """Return the id of a video that the caller may change or read. Raises ContentNotFound."""
    key = ContentId(checked_id(content_id))
    owner = caller.platform.owners.of_content(caller.tenant_id, key)
    if owner is None or not caller.is_allowed(act, "content", owner):
        raise commands.ContentNotFound
    return key


def _file(body: FileDeclaration) -> DeclaredFile:
    """Convert a declaration. Raises InvalidValue."""
    size = within("number of bytes", body.bytes, 1, commands.MAX_BYTES)
    return DeclaredFile(int(size), body.media_type, body.sha256)


def written(content_id: ContentId, appended: AppendResult) -> ContentWritten:
    """Convert the result of a command."""
    return ContentWritten(content_id, appended.position, appended.repeated)
