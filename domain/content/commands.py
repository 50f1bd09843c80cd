"""Commands of a content item, and their refusals."""

import re
from datetime import datetime
from typing import Final

from domain.content.events import (
    Audience,
    DeclaredFile,
    DraftProblem,
    Encoding,
    Rejection,
    RejectionDetails,
    TakeDownReason,
    UploadEnd,
)
from domain.ids import UserId
from domain.kernel import Rejected, command
from domain.texts import is_blank, is_one_line
from domain.values import InvalidValue, within

MAX_TITLE_LENGTH: Final = 200
MAX_DESCRIPTION_LENGTH: Final = 4000
MAX_DURATION_MS: Final = 6 * 3600 * 1000
MAX_CAPTIONS: Final = 20
DRAFT_LANGUAGES: Final = ("en", "es", "ru")
"""Languages of the pages, in which drafts are edited."""

MAX_PLANS: Final = 100
MAX_BYTES: Final = 5 * 2**40
"""Largest object of an S3 store."""

SHA256: Final = re.compile(r"[0-9a-f]{64}")
LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@command
class RequestUpload:
    trainer_id: UserId
    title: str
    description: str
    file: DeclaredFile
    at: datetime

    def __post_init__(self) -> None:
        _check_texts(self.title, self.description)
        _check_file(self.file)


@command
class ReplaceFile:
    file: DeclaredFile
    at: datetime

    def __post_init__(self) -> None:
        _check_file(self.file)


@command
class DescribeContent:
    """Change the texts. `revision` is that of the item that the trainer read; None is any."""

    title: str
    description: str
    revision: int | None = None
    at: datetime

    def __post_init__(self) -> None:
        _check_texts(self.title, self.description)


@command
class EndUpload:
    """End an upload that did not finish."""

    number: int
    reason: UploadEnd
    at: datetime


@command
class NoteUploaded:
    number: int
    size: int
    at: datetime

    def __post_init__(self) -> None:
        within("size", self.size, 0, MAX_BYTES)


@command
class PassChecks:
    number: int
    media_type: str
    duration_ms: int
    at: datetime

    def __post_init__(self) -> None:
        within("duration_ms", self.duration_ms, 1, MAX_DURATION_MS)


@command
class RejectFile:
    """Reject and quarantine a file that failed a check, or that cannot be encoded."""

    number: int
    reason: Rejection
    details: RejectionDetails = RejectionDetails()
    at: datetime


@command
class RemoveQuarantined:
    number: int
    at: datetime


@command
class NoteEncoded:
    number: int
    encoding: Encoding
    at: datetime

    def __post_init__(self) -> None:
        within("duration_ms", self.encoding.duration_ms, 1, MAX_DURATION_MS)
        within("number of renditions", len(self.encoding.renditions), 1, 100)
        _check_digest(self.encoding.digest)


@command
class PublishContent:
    number: int
    at: datetime


@command
class UnpublishContent:
    at: datetime


@command
class RepublishContent:
    at: datetime


@command
class TakeDownContent:
    reason: TakeDownReason
    at: datetime


@command
class ChangeAudience:
    """Change who may watch. `revision` is that of the item that was read; None is any."""

    audience: Audience
    revision: int | None = None
    at: datetime

    def __post_init__(self) -> None:
        within("number of plans", len(self.audience.plans), 0, MAX_PLANS)
        if len(set(self.audience.plans)) < len(self.audience.plans):
            raise InvalidValue("A plan is named twice.")


@command
class AddCaptions:
    """Add or replace captions. `revision` is that of all captions; None is any."""

    language: str
    digest: str
    revision: int | None = None
    at: datetime

    def __post_init__(self) -> None:
        check_language(self.language)
        _check_digest(self.digest)


@command
class RemoveCaptions:
    """Remove captions. `revision` is that of all captions; None is any."""

    language: str
    revision: int | None = None
    at: datetime


@command
class RequestCaptionDraft:
    """Draft captions of the published version, in which this language is spoken."""

    language: str
    at: datetime

    def __post_init__(self) -> None:
        if self.language not in DRAFT_LANGUAGES:
            languages = ", ".join(DRAFT_LANGUAGES)
            raise InvalidValue(f"Captions are drafted in these languages: {languages}.")


@command
class NoteCaptionPart:
    """Record that the phrases of part number `part`, from 0, of the sound are stored."""

    number: int
    requested_at: datetime
    part: int
    digest: str
    at: datetime

    def __post_init__(self) -> None:
        _check_digest(self.digest)


@command
class CompleteCaptionDraft:
    number: int
    requested_at: datetime
    digest: str
    at: datetime

    def __post_init__(self) -> None:
        _check_digest(self.digest)


@command
class FailCaptionDraft:
    number: int
    requested_at: datetime
    problem: DraftProblem
    at: datetime


@command
class DiscardCaptionDraft:
    """Discard the draft, also one that is underway."""

    at: datetime


@command
class DeleteContent:
    at: datetime


FileCommand = (
    EndUpload
    | NoteUploaded
    | PassChecks
    | RejectFile
    | RemoveQuarantined
    | NoteEncoded
    | PublishContent
)
"""Commands about one version of the file."""

OfferCommand = UnpublishContent | RepublishContent | TakeDownContent
CaptionCommand = AddCaptions | RemoveCaptions
RecognitionCommand = NoteCaptionPart | CompleteCaptionDraft | FailCaptionDraft
"""Results of the draft of version `number` that was requested at `requested_at`."""

DraftCommand = RequestCaptionDraft | RecognitionCommand | DiscardCaptionDraft

ContentCommand = (
    RequestUpload
    | ReplaceFile
    | DescribeContent
    | FileCommand
    | OfferCommand
    | ChangeAudience
    | CaptionCommand
    | DraftCommand
    | DeleteContent
)


class ContentNotFound(Rejected):
    """There is no video with this id."""

    code = "content.unknown"
    kind = "not_found"


class ContentChanged(Rejected):
    """The video has changed since you read it. Read it again before you change it."""

    code = "content.changed"
    kind = "stale"


class ContentAlreadyRequested(Rejected):
    """This content item exists already. Replace its file instead."""

    code = "content.already_requested"


class VersionNotFound(Rejected):
    """This is not the newest version of the file."""

    code = "content.version_unknown"


class VersionUnderway(Rejected):
    """A version is still being uploaded or processed. Wait until it is live or rejected."""

    code = "content.version_underway"


class UploadOver(Rejected):
    """This upload was canceled or has expired. Start a new one."""

    code = "content.upload_over"


class UploadComplete(Rejected):
    """The file has arrived already, so its upload cannot be canceled."""

    code = "content.upload_complete"


class NotUploaded(Rejected):
    """The file has not arrived yet."""

    code = "content.not_uploaded"


class NotChecked(Rejected):
    """The file has not passed its checks."""

    code = "content.not_checked"


class NotEncoded(Rejected):
    """The file is not encoded."""

    code = "content.not_encoded"


class NotPublished(Rejected):
    """The content item was never published."""

    code = "content.not_published"


class NotQuarantined(Rejected):
    """The file is not in quarantine."""

    code = "content.not_quarantined"


class TakenDown(Rejected):
    """The content item was taken down. Contact the administrators of your organization."""

    code = "content.taken_down"


class TooManyCaptions(Rejected):
    """The content item has captions in twenty languages, which is the limit."""

    code = "content.too_many_captions"


class CaptionDraftUnderway(Rejected):
    """Captions are being drafted in another language. Wait until that draft is complete."""

    code = "content.caption_draft_underway"


class CaptionDraftNotFound(Rejected):
    """No draft of captions was requested for the published version of this video."""

    code = "content.caption_draft_unknown"
    kind = "not_found"


def check_language(language: str) -> None:
    """Require the code of a language. Raises InvalidValue."""
    if not LANGUAGE.fullmatch(language):
        raise InvalidValue(f"{language!r} is not the code of a language, such as `en`.")


def _check_texts(title: str, description: str) -> None:
    if is_blank(title):
        raise InvalidValue("The title is empty.")
    if not is_one_line(title):
        raise InvalidValue("The title has a line break or another control character.")
    within("length of the title", len(title), 1, MAX_TITLE_LENGTH)
    within("length of the description", len(description), 0, MAX_DESCRIPTION_LENGTH)


def _check_file(file: DeclaredFile) -> None:
    within("size", file.size, 1, MAX_BYTES)
    _check_digest(file.digest)


def _check_digest(digest: str) -> None:
    if not SHA256.fullmatch(digest):
        raise InvalidValue(f"{digest!r} is not a SHA-256 in hexadecimal.")
