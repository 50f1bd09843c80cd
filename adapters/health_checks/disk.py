"""Health check of this machine: free disk space."""

import shutil
from pathlib import Path
from typing import Final

from application.kernel.ports import StorageUnavailable
from application.operations.readiness import Check, Degraded

MEBIBYTE: Final = 1024 * 1024
LITTLE_BYTES: Final = 2048 * MEBIBYTE
"""Low-space limit: a few uploads of the largest size fill it."""
LEAST_BYTES: Final = 64 * MEBIBYTE


def disk(folder: Path) -> Check:
    """Check the free space of the data folder."""

    def probe() -> str:
        free = shutil.disk_usage(folder).free
        message = f"{free // MEBIBYTE} MiB are free in {folder}."
        if free < LEAST_BYTES:
            raise StorageUnavailable(message)
        if free < LITTLE_BYTES:
            raise Degraded(message)
        return message

    return Check("disk", probe)
