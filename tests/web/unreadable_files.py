"""Ways in which a file on disk becomes unreadable for a browser after a user has chosen it."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final


def _change(path: Path) -> None:
    """Change a file; browsers compare the time of the change, some of them in whole seconds."""
    before = path.stat().st_mtime
    path.write_bytes(path.read_bytes() + b"more")
    os.utime(path, (before + 60, before + 60))


UNREADABLE: Final[dict[str, Callable[[Path], None]]] = {"changed": _change, "removed": Path.unlink}
