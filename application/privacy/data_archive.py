"""What is known of a person, in files that they can take elsewhere: one archive, made on the disk.

Each file is JSON or JSON Lines, media are as they were recorded; `manifest.json` has the SHA-256 of
each of them, and `schema.json` says what is in which.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp
from typing import Any, BinaryIO, Final, Protocol, cast
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from application.kernel.ports import EventLog, MediaStore
from application.kernel.projection_store import ProjectionStore, RowKey, Table
from application.privacy.subject_data import SubjectData
from application.users.accounts import Accounts
from domain.ids import TenantId, UserId
from domain.kernel import Projection, Recorded, Rejected
from domain.personal import Erased, Personal
from domain.users.user import Registered

PIECE: Final = 1 << 20
PAGE: Final = 1000
EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The time of every file in an archive, so that equal content makes equal archives."""

ABOUT: Final = {
    "profile.json": "The account: address, name, date of birth, units, time zone, language.",
    "consents.json": "What the person agreed to, and which version of the text they read.",
    "identities.json": "How other providers know the person.",
    "sign_ins.jsonl": "Devices on which the person signed in: since when, until when, ended when.",
    "events.jsonl": "Every fact of the person's own streams in order, with its envelope.",
    "media/": "Films and landmarks: <session>/<SHA-256 of the content>.",
    "rows/": "What was made of the facts, one file for each read model, one row a line.",
    "manifest.json": "Every other file with its size in bytes and its SHA-256.",
}


class NoSubjectData(Rejected):
    """Nothing is known of this person, or not any more."""

    code = "export.nothing_known"
    kind = "not_found"


class SignInRecords(Protocol):
    """Tells when somebody was signed in."""

    def __call__(self, tenant_id: TenantId, user_id: UserId) -> Iterator[Mapping[str, Any]]: ...


@dataclass(frozen=True, slots=True)
class Archive:
    """A finished archive: how many files are in it, and how many bytes it has."""

    files: int
    size: int


@dataclass(frozen=True)
class ArchiveWriter:
    """Writes archives. Memory has a bound: rows, facts and media go to the disk one by one."""

    log: EventLog
    tables: ProjectionStore
    projections: Sequence[Projection[Any]]
    media: MediaStore
    accounts: Accounts
    sign_ins: SignInRecords
    belongings: Callable[[TenantId, UserId], SubjectData]

    def write(self, tenant_id: TenantId, user_id: UserId, path: Path) -> Archive:
        """Write an archive to a file, which appears whole or not at all.

        Raises NoSubjectData, StorageUnavailable, MediaMissing and MediaCorrupt, and OSError where
        the file cannot be written.
        """
        user = self.accounts.user(tenant_id, user_id)
        if not isinstance(user, Registered):
            raise NoSubjectData
        whose = self.belongings(tenant_id, user_id)
        descriptor, name = mkstemp(prefix=f"{path.stem}.", suffix=".part", dir=path.parent)
        draft = Path(name)  # nobody else's, also where somebody writes the same archive
        try:
            with (
                os.fdopen(descriptor, "wb") as file,
                ZipFile(file, "w", ZIP_DEFLATED) as archive,
            ):
                files = self._fill(_Written(archive), whose, user)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        return Archive(files, path.stat().st_size)

    def _fill(self, written: "_Written", whose: SubjectData, user: Registered) -> int:
        """Write all there is; gives the number of files."""
        tenant_id, user_id = whose.tenant_id, whose.user_id
        written.document("profile.json", _profile(tenant_id, user_id, user))
        written.document("consents.json", plain(user.consents))
        written.document("identities.json", plain(user.identities))
        written.lines("sign_ins.jsonl", self.sign_ins(tenant_id, user_id))
        written.lines("events.jsonl", self._facts(whose))
        for projection in self.projections:
            written.lines(f"rows/{projection.name}.jsonl", self._rows(projection, whose))
        self._add_media(written, whose)
        written.document("schema.json", self._schema())
        written.document("manifest.json", written.manifest)
        return len(written.manifest)

    def _facts(self, whose: SubjectData) -> Iterator[Any]:
        for stream in whose.streams:
            for fact in self.log.load(whose.tenant_id, stream):
                yield {
                    "stream": fact.stream,
                    "version": fact.version,
                    "name": fact.event.event_name,
                    "schemaVersion": fact.event.schema_version,
                    "recordedAt": fact.recorded_at,
                    "actor": fact.origin.actor,
                    "correlationId": fact.origin.correlation_id,
                    "event": fact.event,
                }

    def _rows(self, projection: Projection[Any], whose: SubjectData) -> Iterator[Any]:
        table = self.tables.served(projection)
        told: set[str] = set()
        for stream in whose.streams if table is not None else ():
            keys: dict[RowKey, Recorded[Any]] = {
                (whose.tenant_id, key): fact
                for fact in self.log.load(whose.tenant_id, stream)
                for key in projection.keys(fact)
                if key not in told
            }
            told |= {key for _, key in keys}
            yield from self.tables.rows(cast("Table", table), keys).values()

    def _add_media(self, written: "_Written", whose: SubjectData) -> None:
        for prefix in sorted({*whose.sessions, *whose.recordings}):
            after = ""
            while page := self.media.list_media(whose.tenant_id, prefix, after=after, limit=PAGE):
                after = page[-1].digest
                for each in page:
                    with (
                        self.media.local(whose.tenant_id, each.digest, prefix=prefix) as path,
                        path.open("rb") as file,
                    ):
                        written.media(f"media/{prefix}/{each.digest}", file)

    def _schema(self) -> dict[str, Any]:
        rows = {
            f"rows/{each.name}.jsonl": {
                "about": " ".join((each.row.__doc__ or "").split()),
                "fields": {field.name: str(field.type) for field in fields(each.row)},
            }
            for each in self.projections
        }
        return {"files": ABOUT, "rows": rows}


class _Written:
    """An archive that is being written, and what is in it so far."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self.manifest: dict[str, dict[str, int | str]] = {}

    def document(self, name: str, content: Any) -> None:
        self._add(name, [_json(content, indent=2)])

    def lines(self, name: str, content: Iterator[Any]) -> None:
        self._add(name, (_json(each) for each in content))

    def media(self, name: str, file: BinaryIO) -> None:
        self._add(name, iter(lambda: file.read(PIECE), b""), ZIP_STORED)

    def _add(
        self, name: str, pieces: Iterator[bytes] | Sequence[bytes], kind: int = ZIP_DEFLATED
    ) -> None:
        info = ZipInfo(name, EPOCH)
        info.compress_type = kind
        digest, size = sha256(), 0
        with self._archive.open(info, "w", force_zip64=True) as file:
            for piece in pieces:
                file.write(piece)
                digest.update(piece)
                size += len(piece)
        self.manifest[name] = {"bytes": size, "sha256": digest.hexdigest()}


def _profile(tenant_id: TenantId, user_id: UserId, user: Registered) -> dict[str, Any]:
    told = {"id": user_id, "tenant": tenant_id, **plain(user)}
    return {name: told[name] for name in told if name not in {"consents", "identities"}}


def _json(content: Any, *, indent: int | None = None) -> bytes:
    return (json.dumps(plain(content), ensure_ascii=False, indent=indent) + "\n").encode()


def plain(content: Any) -> Any:
    """Make anything that is told to the person themselves what JSON can hold."""
    match content:
        case Personal(value=said):  # pyright: ignore[reportUnknownVariableType]  # anything may be said
            return plain(said)
        case Erased():
            return None
        case datetime():
            return content.isoformat().replace("+00:00", "Z")
        case date() | UUID():
            return str(content)
        case Mapping():
            mapping = cast("Mapping[object, object]", content)
            return {str(key): plain(each) for key, each in mapping.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(each) for each in cast("Sequence[object]", content)]
        case _ if is_dataclass(content) and not isinstance(content, type):
            return {field.name: plain(getattr(content, field.name)) for field in fields(content)}
        case _:
            return content
