"""Everything in the data folder: files as they lie on the disk, and the tables within them."""

import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Final

from application.kernel.ports import StorageUnavailable
from application.privacy.pii_scan import Part
from application.privacy.subject_data import SubjectData
from domain.erasures.events import Step

PIECE: Final = 1 << 20
ROWS: Final = 500
SUFFIX: Final = ".sqlite3"

PATIENCE_S: Final = 30.0
"""How long to wait for whoever is writing."""


@dataclass(frozen=True)
class Folder:
    """A `Place`: all files beneath a folder, byte by byte; also what a database has let go of."""

    name: str
    root: Path

    def parts(self) -> Iterator[Part]:
        with _readable(self.root):
            for path in sorted(self.root.rglob("*")):
                if path.is_file():
                    yield Part(str(path.relative_to(self.root)), _pieces(path))


def _pieces(path: Path) -> Iterator[bytes]:
    """Read a file; one that is gone meanwhile is empty."""
    try:
        with path.open("rb") as file:
            yield from iter(lambda: file.read(PIECE), b"")
    except FileNotFoundError:
        return


@dataclass(frozen=True)
class SqliteTables:
    """A `Place`: the rows of all SQLite databases in a folder, whole where pages cut them up."""

    name: str
    root: Path

    def parts(self) -> Iterator[Part]:
        for path in sorted(self.root.glob(f"*{SUFFIX}")):
            with _opened(path) as connection:
                tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
                for (table,) in tables.fetchall():
                    yield Part(f"{path.name}: {table}", _cells(connection, table))


def _cells(connection: sqlite3.Connection, table: str) -> Iterator[bytes]:
    quoted = table.replace('"', '""')
    cursor = connection.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608  a name of the schema
    while rows := cursor.fetchmany(ROWS):
        yield b"\n".join(_bytes(cell) for row in rows for cell in row) + b"\n"


def _bytes(cell: object) -> bytes:
    return cell if isinstance(cell, bytes) else str(cell).encode(errors="replace")


@dataclass(frozen=True)
class MailFolder:
    """Messages to a person that were put into a folder, where there is no mail server."""

    folder: Path
    step: Step = "mails"

    def count(self, whose: SubjectData) -> int:
        return len(self._to(whose))

    def remove(self, whose: SubjectData) -> int:
        found = self._to(whose)
        for path in found:
            path.unlink(missing_ok=True)
        return len(found)

    def _to(self, whose: SubjectData) -> list[Path]:
        """Find messages that are to an address of theirs; what words they hold says nothing."""
        addresses = {term.text.lower() for term in whose.terms}
        with _readable(self.folder):
            return [
                path
                for path in self.folder.glob("*.eml")
                if _recipient(path.read_bytes()) in addresses
            ]


def _recipient(message: bytes) -> str:
    return str(message_from_bytes(message, policy=default)["To"] or "").strip().lower()


@dataclass(frozen=True)
class SqliteCompaction:
    """Lets SQLite write anew what it keeps, so that what was deleted is in no page any more.

    `rewritten` are the databases from which rows go; of the others only the write-ahead log is
    emptied. Nothing is counted: rows are gone before.
    """

    root: Path
    rewritten: frozenset[str]
    step: Step = "compaction"

    def count(self, whose: SubjectData) -> int:
        del whose
        return 0

    def remove(self, whose: SubjectData) -> int:
        del whose
        for path in sorted(self.root.glob(f"*{SUFFIX}")):
            with _opened(path) as connection:
                if path.name in self.rewritten:
                    connection.execute("VACUUM")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return 0


@contextmanager
def _opened(path: Path) -> Generator[sqlite3.Connection]:
    try:
        opened = sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None)
        with closing(opened) as connection:
            yield connection
    except sqlite3.Error as refused:
        raise StorageUnavailable(f"{path} cannot be read through: {refused}.") from refused


@contextmanager
def _readable(folder: Path) -> Generator[None]:
    try:
        yield
    except OSError as refused:
        raise StorageUnavailable(
            f"{folder} cannot be read through: {refused.strerror}."
        ) from refused
