"""Stored files of uploads."""

import os
import stat
from pathlib import Path

from bootstrap.settings import Settings


def shelves(settings: Settings) -> list[Path]:
    """Return the stored files of uploads."""
    return [each for each in (settings.home / "media").rglob("*/shelves/*/*") if each.is_file()]


def files_with(marker: bytes, *folders: Path) -> list[str]:
    """Return the files on disk that contain the marker: those in folders, and all open ones."""
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    for link in Path("/proc/self/fd").iterdir():
        try:
            is_file = stat.S_ISREG(link.stat().st_mode)
            is_on_disk = not os.readlink(link).startswith("/memfd:")  # noqa: PTH115  not a path
        except OSError:  # closed meanwhile
            continue
        files += [link] * (is_file and is_on_disk)
    return [str(path) for path in files if marker in path.read_bytes()]
