"""Erasure and PII scan targets in the data folder: files and SQLite tables."""

import sqlite3
import time
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Final

from adapters.mail.folder import clear_mails, stored_mails
from application.kernel.ports import StorageUnavailable
from application.privacy.pii_scan import Part
from application.privacy.subject_data import SubjectData
from domain.erasures.events import Step

PIECE: Final = 1 << 20
ROWS: Final = 500
SUFFIX: Final = ".sqlite3"

LOCK_TIMEOUT_S: Final = 30.0
LOCK_PAUSE_S: Final = 0.05


@dataclass(frozen=True)
class Folder:
    """Scan target: all bytes of all files in a folder, including freed database pages."""

    name: str
    root: Path

    def parts(self) -> Iterator[Part]:
        with _readable(self.root):
            for path in sorted(self.root.rglob("*")):
                if path.is_file():
                    name = str(path.relative_to(self.root))
                    yield Part(name, _pieces(path), has_events=SUFFIX in path.name)


def _pieces(path: Path) -> Iterator[bytes]:
    """Read a file; a file deleted meanwhile is empty."""
    try:
        with path.open("rb") as file:
            yield from iter(lambda: file.read(PIECE), b"")
    except FileNotFoundError:
        return


@dataclass(frozen=True)
class SqliteTables:
    """Scan target: the rows of all SQLite databases in a folder, not split across pages."""

    name: str
    root: Path

    def parts(self) -> Iterator[Part]:
        for path in sorted(self.root.glob(f"*{SUFFIX}")):
            with _open(path) as connection:
                tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
                for (table,) in tables.fetchall():
                    name = f"{path.name}: {table}"
                    yield Part(name, _rows(connection, table), has_records=True)


def _rows(connection: sqlite3.Connection, table: str) -> Iterator[bytes]:
    quoted = table.replace('"', '""')
    cursor = connection.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608  a table name from the schema
    while rows := cursor.fetchmany(ROWS):
        yield from (b"\n".join(map(_bytes, row)) for row in rows)


def _bytes(cell: object) -> bytes:
    return cell if isinstance(cell, bytes) else str(cell).encode(errors="replace")


@dataclass(frozen=True)
class MailFolder:
    """Erasure target: a person's e-mails in the mail folder."""

    folder: Path
    step: Step = "mails"

    def count(self, subject: SubjectData) -> int:
        return len(self._find(subject))

    def remove(self, subject: SubjectData) -> int:
        paths = self._find(subject)
        for path in paths:
            path.unlink(missing_ok=True)
        return len(paths)

    def _find(self, subject: SubjectData) -> list[Path]:
        """Find e-mails to the person, without decrypting them.

        Those of earlier versions are not encrypted, and have an address of the person.
        """
        addresses = {term.text.lower() for term in subject.terms}
        owner = subject.tenant_id, subject.user_id
        with _readable(self.folder):
            mails = stored_mails(self.folder)
            return [
                *(each.path for each in mails if (each.tenant_id, each.user_id) == owner),
                *(
                    path
                    for path in clear_mails(self.folder)
                    if _recipient(path.read_bytes()) in addresses
                ),
            ]


def _recipient(message: bytes) -> str:
    return str(message_from_bytes(message, policy=default)["To"] or "").strip().lower()


@dataclass(frozen=True)
class SqliteCompaction:
    """Erasure target: rewrites SQLite databases, so that no page contains deleted rows.

    `rewritten` are patterns of the databases from which rows are deleted; of the others, only the
    write-ahead log is truncated. The count is 0, because the rows were deleted before. Raises
    StorageUnavailable if a reader holds a write-ahead log.
    """

    root: Path
    rewritten: frozenset[str]
    step: Step = "compaction"

    def count(self, subject: SubjectData) -> int:
        del subject
        return 0

    def remove(self, subject: SubjectData) -> int:
        del subject
        for path in sorted(self.root.glob(f"*{SUFFIX}")):
            with _open(path) as connection:
                if any(path.match(pattern) for pattern in self.rewritten):
                    connection.execute("VACUUM")
                _truncate_log(path, connection)
        return 0


def _truncate_log(path: Path, connection: sqlite3.Connection) -> None:
    """Truncate the write-ahead log. SQLite itself does not wait for another checkpoint."""
    until = time.monotonic() + LOCK_TIMEOUT_S
    while True:
        (is_busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if not is_busy:
            return
        if time.monotonic() >= until:
            raise StorageUnavailable(f"{path} is in use: its deleted rows are not removed yet.")
        time.sleep(LOCK_PAUSE_S)


@contextmanager
def _open(path: Path) -> Generator[sqlite3.Connection]:
    try:
        opened = sqlite3.connect(path, timeout=LOCK_TIMEOUT_S, isolation_level=None)
        with closing(opened) as connection:
            yield connection
    except sqlite3.Error as refused:
        raise StorageUnavailable(f"{path} cannot be scanned: {refused}.") from refused


@contextmanager
def _readable(folder: Path) -> Generator[None]:
    try:
        yield
    except OSError as refused:
        raise StorageUnavailable(f"{folder} cannot be scanned: {refused.strerror}.") from refused
