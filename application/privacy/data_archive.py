"""Archive of a person's data: one portable ZIP file, written to disk.

Files are JSON or JSON Lines, media are as recorded. `manifest.json` has the SHA-256 of every file,
and `schema.json` describes their content.
"""

import json
import os
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from itertools import chain
from typing import Any, BinaryIO, Final, Protocol, cast
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import structlog

from application.assignments.texts import without_texts_of_erased, written_by
from application.comments.service import readable_comments
from application.kernel.media_file import MediaFile
from application.kernel.ports import EventLog, MediaCorrupt, MediaMissing, MediaStore
from application.kernel.projection_store import ProjectionStore, RowKey, Table
from application.privacy.subject_data import SubjectData
from application.privacy.uploaded_videos import UploadedVideos
from application.users.accounts import Accounts
from domain.assignments.assignments import ASSIGNMENTS
from domain.comments.comments import COMMENTS
from domain.comments.events import CommentWritten
from domain.ids import TenantId, UserId
from domain.kernel import Projection, Recorded, Rejected
from domain.personal import Erased, Personal
from domain.recordings.events import (
    FramesAppended,
    ImagesAppended,
    RecordingMediaRemoved,
    VideoAttached,
)
from domain.recordings.recording import RECORDING
from domain.users.user import Registered

logger = structlog.get_logger(__name__)

PIECE: Final = 1 << 20
PAGE: Final = 1000
EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""Time of every file in an archive, so that equal content gives equal archives."""

ABOUT: Final = {
    "profile.json": "The account: address, name, date of birth, units, time zone, language.",
    "consents.json": "Consents of the person, with the version of each text.",
    "identities.json": "Identities of the person with other providers.",
    "sign_ins.jsonl": "Sign-ins of the person: begin, expiry, end.",
    "comments.jsonl": "Comments that the person wrote on sessions of others, and did not delete.",
    "assignments.jsonl": "Workouts that the person assigned to athletes as their trainer.",
    "events.jsonl": "All events of the person's streams in order, with their envelopes.",
    "lessons.jsonl": "Exercises in the videos that the person uploaded, with their corrections.",
    "media/": "Videos and landmarks: <session>/<SHA-256 of the content>.",
    "videos/": "Files that the person uploaded: <video>/<version>, and their captions:"
    " <video>/captions.<language>.vtt, drafts: captions-draft. Files in quarantine are left out.",
    "rows/": "Read models built from the events: one file each, one row per line.",
    "manifest.json": "Every other file with its size in bytes and its SHA-256."
    " `damaged`: it is lost, could not be read completely, or is not what was stored.",
}


class NoSubjectData(Rejected):
    """No data of this person exists, or it has been erased."""

    code = "export.nothing_known"
    kind = "not_found"


class SignInRecords(Protocol):
    """Reads the sign-ins of a user."""

    def __call__(self, tenant_id: TenantId, user_id: UserId) -> Iterator[Mapping[str, Any]]: ...


@dataclass(frozen=True, slots=True)
class Archive:
    """A finished archive: number of files, size in bytes."""

    files: int
    size: int


@dataclass(frozen=True)
class ArchiveWriter:
    """Writes archives in bounded memory: rows, events and media go to disk one by one."""

    log: EventLog
    tables: ProjectionStore
    projections: Sequence[Projection[Any]]
    media: MediaStore
    accounts: Accounts
    sign_ins: SignInRecords
    subject_data: Callable[[TenantId, UserId], SubjectData]
    videos: UploadedVideos

    def write_into(self, tenant_id: TenantId, user_id: UserId, output: BinaryIO) -> Archive:
        """Write an archive into an empty file.

        Raises NoSubjectData and StorageUnavailable, and OSError if the file cannot be written.
        """
        user = self.accounts.user(tenant_id, user_id)
        if not isinstance(user, Registered):
            raise NoSubjectData
        subject = self.subject_data(tenant_id, user_id)
        with ZipFile(output, "w", ZIP_DEFLATED) as archive:
            files = self._fill(_ArchiveFile(archive), subject, user)
        return Archive(files, output.seek(0, os.SEEK_END))

    def _fill(self, output: "_ArchiveFile", subject: SubjectData, user: Registered) -> int:
        """Write all files and return their number."""
        tenant_id, user_id = subject.tenant_id, subject.user_id
        output.document("profile.json", _profile(tenant_id, user_id, user))
        output.document("consents.json", to_plain(user.consents))
        output.document("identities.json", to_plain(user.identities))
        output.lines("sign_ins.jsonl", self.sign_ins(tenant_id, user_id))
        output.lines("comments.jsonl", self._comments(subject))
        output.lines("assignments.jsonl", self._assignments(subject))
        output.lines("events.jsonl", self._events(subject))
        for projection in self.projections:
            output.lines(f"rows/{projection.name}.jsonl", self._rows(projection, subject))
        self._add_media(output, subject)
        output.lines("lessons.jsonl", self.videos.lessons(subject))
        for name, opened in self.videos.files(subject):
            output.media(f"videos/{name}", opened)
        output.document("schema.json", self._schema())
        output.document("manifest.json", output.manifest)
        return len(output.manifest)

    def _comments(self, subject: SubjectData) -> Iterator[Any]:
        """Yield the comments that the person wrote, and that somebody can still read."""
        for session_id in subject.commented:
            history = self.log.load(subject.tenant_id, f"{COMMENTS.category}-{session_id}")
            for comment in readable_comments(self.log, subject.tenant_id, history):
                if comment.trainer_id == subject.user_id:
                    yield {
                        "session": session_id,
                        "athlete": comment.text.subject,
                        "at": comment.at,
                        "place": comment.place,
                        "text": comment.text,
                    }

    def _assignments(self, subject: SubjectData) -> Iterator[Any]:
        """Yield what the person assigned to athletes, as it was written at each change."""
        for athlete_id in subject.assigned_to:
            history = self.log.load(subject.tenant_id, f"{ASSIGNMENTS.category}-{athlete_id}")
            for each in written_by(history, subject.user_id):
                yield {
                    "athlete": athlete_id,
                    "at": each.at,
                    "dueOn": each.due_on,
                    "name": each.name,
                    "note": each.note,
                    "exercises": each.exercises,
                    "notes": each.notes,
                }

    def _events(self, subject: SubjectData) -> Iterator[Any]:
        for stream in subject.streams:
            for recorded in self._history(subject.tenant_id, stream):
                yield {
                    "stream": recorded.stream,
                    "version": recorded.version,
                    "name": recorded.event.event_name,
                    "schemaVersion": recorded.event.schema_version,
                    "recordedAt": recorded.recorded_at,
                    "actor": recorded.origin.actor,
                    "correlationId": recorded.origin.correlation_id,
                    "event": recorded.event,
                }

    def _history(self, tenant_id: TenantId, stream: str) -> Iterable[Recorded[Any]]:
        """Return the events of a stream, without texts of comments that nobody can read.

        Nor of workouts that trainers assigned who were erased.
        """
        history = self.log.load(tenant_id, stream)
        if stream.startswith(f"{ASSIGNMENTS.category}-"):
            return without_texts_of_erased(self.log, tenant_id, history)
        if not stream.startswith(f"{COMMENTS.category}-"):
            return history
        readable = {each.id for each in readable_comments(self.log, tenant_id, history)}
        return [
            replace(each, event=replace(each.event, text=Personal(each.event.athlete_id, Erased())))
            if isinstance(each.event, CommentWritten) and each.event.comment_id not in readable
            else each
            for each in history
        ]

    def _rows(self, projection: Projection[Any], subject: SubjectData) -> Iterator[Any]:
        table = self.tables.served(projection)
        yielded: set[str] = set()
        for stream in subject.streams if table is not None else ():
            keys: dict[RowKey, Recorded[Any]] = {
                (subject.tenant_id, key): recorded
                for recorded in self.log.load(subject.tenant_id, stream)
                for key in projection.keys(recorded)
                if key not in yielded
            }
            yielded |= {key for _, key in keys}
            yield from self.tables.rows(cast("Table", table), keys).values()

    def _add_media(self, output: "_ArchiveFile", subject: SubjectData) -> None:
        for prefix in sorted({*subject.sessions, *subject.recordings}):
            recorded = self._recorded_media(subject.tenant_id, prefix)
            stored, after = set[str](), ""
            while page := self.media.list_media(subject.tenant_id, prefix, after=after, limit=PAGE):
                after = page[-1].digest
                stored |= {each.digest for each in page}
                for each in page:
                    opened = self._open_media(subject.tenant_id, each.digest, prefix)
                    output.media(f"media/{prefix}/{each.digest}", opened, each.digest)
            lost = recorded - stored
            if lost:  # unless they were removed meanwhile
                lost &= self._recorded_media(subject.tenant_id, prefix)
            for digest in sorted(lost):
                output.lost(f"media/{prefix}/{digest}")

    def _recorded_media(self, tenant_id: TenantId, recording_id: str) -> set[str]:
        """Return the digests of what a recording has stored, unless that was removed."""
        history = self.log.load(tenant_id, f"{RECORDING.category}-{recording_id}")
        digests = set[str]()
        for recorded in history:
            match recorded.event:
                case FramesAppended(digest=digest) | VideoAttached(digest=digest):
                    digests.add(digest)
                case ImagesAppended(digest=digest):
                    digests |= {digest, *self._images(tenant_id, recording_id, digest)}
                case RecordingMediaRemoved():
                    return set()
                case _:
                    pass
        return digests

    def _images(self, tenant_id: TenantId, recording_id: str, digest: str) -> set[str]:
        """Return the digests of the images in a list of them, none if the list is lost."""
        try:
            listed = self.media.get(tenant_id, digest, prefix=recording_id)
        except (MediaMissing, MediaCorrupt):
            return set()
        return {each for each in json.loads(listed) if each is not None}

    @contextmanager
    def _open_media(self, tenant_id: TenantId, digest: str, prefix: str) -> Generator[BinaryIO]:
        yield cast("BinaryIO", MediaFile(self.media, tenant_id, digest, prefix=prefix))

    def _schema(self) -> dict[str, Any]:
        rows = {
            f"rows/{each.name}.jsonl": {
                "about": " ".join((each.row.__doc__ or "").split()),
                "fields": {field.name: str(field.type) for field in fields(each.row)},
            }
            for each in self.projections
        }
        return {"files": ABOUT, "rows": rows}


class _ArchiveFile:
    """An archive being written, and its manifest so far."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self.manifest: dict[str, dict[str, int | str]] = {}

    def document(self, name: str, content: Any) -> None:
        self._add(name, [_json(content, indent=2)])

    def lines(self, name: str, content: Iterator[Any]) -> None:
        self._add(name, (_json(each) for each in content))

    def media(
        self, name: str, opened: AbstractContextManager[BinaryIO], digest: str | None = None
    ) -> None:
        """Add media of this digest, unless they were deleted after they were listed.

        Of damaged media, the archive has what can be read; the manifest says so.
        """
        pieces = _pieces(opened)
        try:
            first = next(pieces, b"")
        except MediaMissing:
            return
        except MediaCorrupt:
            self._add(name, [])
            is_damaged = True
        else:
            is_damaged = not self._add(name, chain([first], pieces), ZIP_STORED)
        if is_damaged or digest not in {None, self.manifest[name]["sha256"]}:
            self._mark_damaged(name)

    def lost(self, name: str) -> None:
        """Add an empty file for media that the store has lost."""
        self._add(name, [])
        self._mark_damaged(name)

    def _mark_damaged(self, name: str) -> None:
        self.manifest[name]["damaged"] = True
        logger.error("export.media_damaged", file=name)

    def _add(self, name: str, pieces: Iterable[bytes], kind: int = ZIP_DEFLATED) -> bool:
        """Add a file; return whether it was read to its end."""
        info = ZipInfo(name, EPOCH)
        info.compress_type = kind
        digest, size, is_whole = sha256(), 0, True
        with self._archive.open(info, "w", force_zip64=True) as file:
            try:
                for piece in pieces:
                    file.write(piece)
                    digest.update(piece)
                    size += len(piece)
            except (MediaCorrupt, MediaMissing):
                is_whole = False
        self.manifest[name] = {"bytes": size, "sha256": digest.hexdigest()}
        return is_whole


def _pieces(opened: AbstractContextManager[BinaryIO]) -> Iterator[bytes]:
    with opened as file:
        while piece := file.read(PIECE):
            yield piece


def _profile(tenant_id: TenantId, user_id: UserId, user: Registered) -> dict[str, Any]:
    profile = {"id": user_id, "tenant": tenant_id, **to_plain(user)}
    return {name: profile[name] for name in profile if name not in {"consents", "identities"}}


def _json(content: Any, *, indent: int | None = None) -> bytes:
    return (json.dumps(to_plain(content), ensure_ascii=False, indent=indent) + "\n").encode()


def to_plain(content: Any) -> Any:
    """Convert any content of the archive to JSON values."""
    match content:
        case Personal(value=personal):  # pyright: ignore[reportUnknownVariableType]  # of any type
            return to_plain(personal)
        case Erased():
            return None
        case datetime():
            return content.isoformat().replace("+00:00", "Z")
        case date() | UUID():
            return str(content)
        case Mapping():
            mapping = cast("Mapping[object, object]", content)
            return {str(key): to_plain(each) for key, each in mapping.items()}
        case list() | tuple() | set() | frozenset():
            return [to_plain(each) for each in cast("Sequence[object]", content)]
        case _ if is_dataclass(content) and not isinstance(content, type):
            return {field.name: to_plain(getattr(content, field.name)) for field in fields(content)}
        case _:
            return content
