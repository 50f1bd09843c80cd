"""Manifests of exports: what is in a file, signed, and their verification.

The last file in an export is `manifest.json`. It states how many sessions and records there are,
and the root of the Merkle tree over the records in order. The platform signs it, so its recipient
can verify that nothing is missing or changed.

A record is a session of `sessions.json`, a row of `sessions.csv`, or the file of a workout.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from application.exports.merkle import MerkleTree
from application.kernel.zip_errors import DAMAGED_ZIP
from application.privacy.data_archive import EPOCH, PIECE
from application.privacy.erasure_certificate import InvalidCertificate
from application.privacy.ports import CertificateSigner
from domain.kernel import Rejected

KIND: Final = "kinelog.export/1"
MANIFEST: Final = "manifest.json"
LARGEST_MANIFEST: Final = 64 * 1024
"""Bytes of a manifest; ours are below one kilobyte."""
LONGEST_RECORD: Final = 16 * 1024 * 1024
"""Bytes of a record, so that a file made to exhaust memory does not."""


class ExportChanged(Rejected):
    """The export was not signed by this platform, or was changed afterwards."""

    code = "export.changed"
    kind = "invalid"


def member(name: str) -> ZipInfo:
    """Return a file of an archive, without the time at which it was made."""
    info = ZipInfo(name, EPOCH)
    info.compress_type = ZIP_DEFLATED
    return info


def write_manifest(
    archive: ZipFile, statement: Mapping[str, Any], signer: CertificateSigner
) -> None:
    """Add the manifest as the last file. Raises KmsUnavailable."""
    whole = {"type": KIND, **statement}
    signed = {"manifest": whole, "jws": signer.sign(whole)}
    archive.writestr(member(MANIFEST), json.dumps(signed, indent=2) + "\n")


def file_record(name: str, content: bytes) -> bytes:
    """Return the record of the file of a workout."""
    return f"{name} {sha256(content).hexdigest()}".encode()


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
    except (KeyError, TypeError, ValueError, OSError, csv.Error, *DAMAGED_ZIP) as broken:
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
    if "file" in statement:
        _compare_file(archive, statement)
    else:
        _compare_workouts(archive, statement)


def _compare_workouts(archive: ZipFile, statement: Mapping[str, Any]) -> None:
    *names, last = archive.namelist()
    if last != MANIFEST or len(set(names)) != len(names):
        raise ExportChanged("The archive has other files than those that were signed.")
    tree = MerkleTree()
    for name in names:
        with archive.open(name) as file:
            tree.add(file_record(name, file.read(LONGEST_RECORD)))
    if (tree.count, tree.root()) != (statement["records"], statement["root"]):
        raise ExportChanged("Workouts were added, removed, changed or moved.")


def _compare_file(archive: ZipFile, statement: Mapping[str, Any]) -> None:
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
            for record in records_of(name, _text(file)):
                tree.add(record)
    found = (tree.count, tree.root(), digest.hexdigest())
    if found != (statement["records"], statement["root"], expected["sha256"]):
        raise ExportChanged("Records were added, removed, changed or moved.")


def _text(file: IO[bytes]) -> io.TextIOWrapper:
    return io.TextIOWrapper(file, encoding="utf-8", newline="")


def records_of(name: str, text: io.TextIOBase, *, begun: bool = False) -> Iterator[bytes]:
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
