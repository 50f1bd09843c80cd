"""Exports of an athlete's completed sessions: a file of all of them, and a signed statement.

The ZIP file has `sessions.csv` or `sessions.json`, and the manifest.
"""

import io
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO, Literal
from zipfile import ZIP_DEFLATED, ZipFile

from application.custom_exercises.lookup import ExerciseLookup
from application.exports.exported_sessions import exported_sessions
from application.exports.manifest import (
    member,
    records_of,
    write_manifest,
)
from application.exports.merkle import MerkleTree
from application.exports.scope import ExportScope
from application.kernel.ports import Clock
from application.kernel.read_models import ReadModels
from application.privacy.data_archive import Archive
from application.privacy.ports import CertificateSigner
from application.sessions.session_export import Exported, as_csv
from domain.ids import TenantId

Format = Literal["csv", "json"]


@dataclass(frozen=True)
class SessionsFile:
    """Writes exports of sessions in a format, page by page.

    `to_json` returns a session as one line of JSON. `require_current` raises ReadModelsStale unless
    `read` has every event.
    """

    format: Format
    read: ReadModels
    exercises: ExerciseLookup
    signer: CertificateSigner
    to_json: Callable[[Exported], str]
    require_current: Callable[[], None]
    clock: Clock

    def write_into(self, tenant_id: TenantId, scope: ExportScope, output: BinaryIO) -> Archive:
        """Write an export into an empty file.

        Raises ReadModelsStale, StorageUnavailable and KmsUnavailable.
        """
        made_at = self.clock()  # before any session is read: none of an earlier time is missing
        self.require_current()
        counted = _Counted(exported_sessions(self.read, self.exercises, tenant_id, scope))
        pieces = as_csv(counted) if self.format == "csv" else _as_json(counted, self.to_json)
        name, tree, digest, size = f"sessions.{self.format}", MerkleTree(), sha256(), 0
        with ZipFile(output, "w", ZIP_DEFLATED) as archive:
            with archive.open(member(name), "w", force_zip64=True) as file:
                for piece in pieces:
                    content = piece.encode()
                    file.write(content)
                    digest.update(content)
                    for record in records_of(name, io.StringIO(piece, newline=""), begun=size > 0):
                        tree.add(record)
                    size += len(content)
            statement = {
                "tenant": tenant_id,
                **scope.statement(),
                "madeAt": made_at.isoformat(),
                "sessions": counted.sessions,
                "records": tree.count,
                "root": tree.root(),
                "file": {"name": name, "bytes": size, "sha256": digest.hexdigest()},
            }
            write_manifest(archive, statement, self.signer)
        return Archive(2, output.seek(0, os.SEEK_END))


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
