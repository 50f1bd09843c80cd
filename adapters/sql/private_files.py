"""Files and folders that only their owner may read: databases, and the data folder."""

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

OWNER_FILE: Final = 0o600
OWNER_FOLDER: Final = 0o700
OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO

CONTENT: Final = ("*.sqlite3", "*.sqlite3-*", "mail", "media", "media/*", "workers")
"""Databases with their journals, and folders, of a data folder."""


def make_private_folder(folder: Path) -> None:
    """Create a folder and its missing parents, readable by their owner only. Raises OSError."""
    if not folder.is_dir():
        make_private_folder(folder.parent)  # mkdir(parents=True) would let others read them
        folder.mkdir(mode=OWNER_FOLDER, exist_ok=True)


def make_private_file(path: Path) -> None:
    """Create an empty file for a database, unless there is one. Raises OSError.

    SQLite gives its journals the same permissions. An existing file is not opened: closing it would
    end the locks that this process holds on it (https://www.sqlite.org/howtocorrupt.html, 2.2).
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, OWNER_FILE))


def make_private(home: Path) -> None:
    """Take everybody else's access from a data folder, its databases and its folders.

    Those of another user are left as they are: the operator shares them on purpose. So is a data
    folder that the whole machine uses, such as /tmp or /proc. Raises OSError.
    """
    if not _is_shared(home):
        _restrict(home)
    for pattern in CONTENT:
        for path in home.glob(pattern):
            _restrict(path)


def _is_shared(folder: Path) -> bool:
    """Return whether all users share a folder: it has the sticky bit, or its owner cannot write."""
    mode = folder.stat().st_mode
    return bool(mode & stat.S_ISVTX) or not mode & stat.S_IWUSR


def _restrict(path: Path) -> None:
    try:
        status = path.lstat()
    except FileNotFoundError:  # a journal that SQLite has deleted meanwhile
        return
    if stat.S_ISLNK(status.st_mode) or status.st_uid != os.geteuid():
        return
    if status.st_mode & OTHERS:
        path.chmod(stat.S_IMODE(status.st_mode) & ~OTHERS)
