"""Exports of an athlete's completed sessions: a file of all of them, and a signed statement.

The ZIP file has `sessions.csv` or `sessions.json`, and `manifest.json`. The manifest states how
many sessions and records there are, and the root of the Merkle tree over the records in order. The
platform signs it, so whoever gets the file can verify that nothing is missing or changed.
"""

import csv
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import IO, Any, BinaryIO, Final, Literal
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from application.exports.merkle import MerkleTree
from application.kernel.ports import Clock
from application.kernel.read_models import ReadModels
from application.privacy.data_archive import EPOCH, PIECE, Archive
from application.privacy.erasure_certificate import InvalidCertificate
from application.privacy.ports import CertificateSigner
from application.sessions.session_export import Exported, as_csv, sessions_of
from domain.ids import TenantId, UserId
from domain.kernel import Rejected

KIND: Final = "kinelog.export/1"
MANIFEST: Final = "manifest.json"
LARGEST_MANIFEST: Final = 64 * 1024
"""Bytes of a manifest; ours are below one kilobyte."""
LONGEST_RECORD: Final = 16 * 1024 * 1024
"""Bytes of a record, so that a file made to exhaust memory does not."""

Format = Literal["csv", "json"]


class ExportChanged(Rejected):
    """The export was not signed by this platform, or was changed afterwards."""

    code = "export.changed"
    kind = "invalid"


@dataclass(frozen=True)
class SessionsFile:
    """Writes exports of sessions in a format, page by page.

    `to_json` returns a session as one line of JSON.
    """

    format: Format
    read: ReadModels
    signer: CertificateSigner
    to_json: Callable[[Exported], str]
    clock: Clock

    def write_into(self, tenant_id: TenantId, user_id: UserId, output: BinaryIO) -> Archive:
        """Write an export into an empty file. Raises StorageUnavailable and KmsUnavailable."""
        counted = _Counted(sessions_of(self.read, tenant_id, user_id))
        pieces = as_csv(counted) if self.format == "csv" else _as_json(counted, self.to_json)
        name, tree, digest, size = f"sessions.{self.format}", MerkleTree(), sha256(), 0
        with ZipFile(output, "w", ZIP_DEFLATED) as archive:
            with archive.open(_file(name), "w", force_zip64=True) as file:
                for piece in pieces:
                    content = piece.encode()
                    file.write(content)
                    digest.update(content)
                    for record in _records(name, io.StringIO(piece, newline=""), begun=size > 0):
                        tree.add(record)
                    size += len(content)
            statement = {
                "type": KIND,
                "tenant": tenant_id,
                "athlete": user_id,
                "madeAt": self.clock().isoformat(),
                "sessions": counted.sessions,
                "records": tree.count,
                "root": tree.root(),
                "file": {"name": name, "bytes": size, "sha256": digest.hexdigest()},
            }
            signed = {"manifest": statement, "jws": self.signer.sign(statement)}
            archive.writestr(_file(MANIFEST), json.dumps(signed, indent=2) + "\n")
        return Archive(2, output.seek(0, os.SEEK_END))


def verify(
    path: Path, signer: CertificateSigner, keys: Mapping[str, Any] | None = None
) -> Mapping[str, Any]:
    """Return the statement of an export that is complete and unchanged.

    With `keys`, a JSON Web Key Set, only those are trusted. Raises ExportChanged.
    """
    try:
        with ZipFile(path) as archive:
            statement = _statement(archive, signer, keys)
            _compare(archive, statement)
    except (BadZipFile, KeyError, TypeError, ValueError, OSError, csv.Error) as broken:
        raise ExportChanged("The file is not an export, or is damaged.") from broken
    return statement


def _statement(
    archive: ZipFile, signer: CertificateSigner, keys: Mapping[str, Any] | None
) -> Mapping[str, Any]:
    with archive.open(MANIFEST) as file:
        signed = json.loads(file.read(LARGEST_MANIFEST))
    try:
        statement = signer.read(signed["jws"], keys)
    except InvalidCertificate:
        raise ExportChanged from None
    if statement != signed["manifest"] or statement.get("type") != KIND:
        raise ExportChanged("The manifest differs from what was signed.")
    return statement


def _compare(archive: ZipFile, statement: Mapping[str, Any]) -> None:
    """Compare the records of an archive with its statement. Raises ExportChanged."""
    expected = statement["file"]
    if archive.namelist() != [expected["name"], MANIFEST]:  # two files may have one name
        raise ExportChanged("The archive has other files than those that were signed.")
    name, size = str(expected["name"]), int(expected["bytes"])
    digest, read = sha256(), 0
    with archive.open(name) as file:
        while piece := file.read(min(PIECE, size - read + 1)):
            digest.update(piece)
            read += len(piece)
            if read > size:
                break
    tree = MerkleTree()
    if read == size:
        with archive.open(name) as file:
            for record in _records(name, _text(file)):
                tree.add(record)
    found = (tree.count, tree.root(), digest.hexdigest())
    if found != (statement["records"], statement["root"], expected["sha256"]):
        raise ExportChanged("Records were added, removed, changed or moved.")


def _text(file: IO[bytes]) -> io.TextIOWrapper:
    return io.TextIOWrapper(file, encoding="utf-8", newline="")


def _records(name: str, text: io.TextIOBase, *, begun: bool = False) -> Iterator[bytes]:
    """Yield the records of a file, or of a part that goes on with it.

    They are the rows of CSV below the headings, or the sessions of JSON, one a line.
    """
    if name.endswith(".csv"):
        rows = csv.reader(text)
        yield from (_row(each) for each in islice(rows, 0 if begun else 1, None))
        return
    while line := text.readline(LONGEST_RECORD):
        session = line.strip().strip(",")
        if session not in {"[", "]", "[]", ""}:
            yield session.encode()


def _row(fields: Iterable[str]) -> bytes:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow(fields)
    return written.getvalue().encode()


def _file(name: str) -> ZipInfo:
    info = ZipInfo(name, EPOCH)
    info.compress_type = ZIP_DEFLATED
    return info


def _as_json(
    pages: Iterable[Iterable[Exported]], to_json: Callable[[Exported], str]
) -> Iterator[str]:
    """Yield one JSON array of sessions, one session per line."""
    before = "[\n"
    for page in pages:
        for session in page:
            yield before + to_json(session)
            before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


class _Counted:
    """Pages of sessions, counted while they are read."""

    def __init__(self, pages: Iterator[tuple[Exported, ...]]) -> None:
        self._pages = pages
        self.sessions = 0

    def __iter__(self) -> Iterator[tuple[Exported, ...]]:
        for page in self._pages:
            self.sessions += len(page)
            yield page
