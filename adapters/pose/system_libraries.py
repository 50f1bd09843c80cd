"""System libraries that MediaPipe and OpenCV need, even without a display."""

import ctypes
import sys
from typing import Final

from domain.kernel import Rejected

LIBRARIES: Final = ("libGL.so.1", "libgthread-2.0.so.0", "libEGL.so.1", "libGLESv2.so.2")
"""The first two are OpenCV's, the others MediaPipe's own; Linux only, other wheels need none."""

INSTALL: Final = "apt-get install -y libgl1 libglib2.0-0 libegl1 libgles2"


class SystemLibraryMissing(Rejected):
    """A library of the operating system that pose estimation needs is not installed."""

    code = "pose_model.system_library_missing"
    kind = "unavailable"


def require_libraries(names: tuple[str, ...] = LIBRARIES) -> None:
    """Load the libraries by name. Raises SystemLibraryMissing with install instructions."""
    if not sys.platform.startswith("linux"):
        return
    for name in names:
        try:
            ctypes.CDLL(name)
        except OSError as failed:
            raise SystemLibraryMissing(
                f"Pose estimation needs {name}, which this system lacks; "
                f"on Debian or Ubuntu run: {INSTALL}"
            ) from failed
