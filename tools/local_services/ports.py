"""Port reservation, so that parallel test runs do not use the same port."""

import errno
import fcntl
import os
import random
import socket
import tempfile
from pathlib import Path

LOOPBACK = "127.0.0.1"
LEASABLE = range(20_000, 30_000)
"""Ports below those that Linux uses for outgoing connections (32768 and up), one of which could
otherwise take the port of a server that is being restarted."""


class Port:
    """TCP port on the loopback address: the given one, or one that no other `Port` has.

    The second kind is held by a file lock, so it is free again when the process ends; `release`
    frees it earlier. The port is kept while its server is down.
    """

    def __init__(self, number: int | None = None) -> None:
        self._lock: int | None = None
        if number is None:
            number, self._lock = _lease()
        self.number = number

    def release(self) -> None:
        """Release the port. Repeating it is harmless."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _lease() -> tuple[int, int]:
    """Return a free port and the descriptor of the lock that holds it."""
    folder = Path(tempfile.gettempdir(), f"kinelog-ports-{os.geteuid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    for number in random.sample(LEASABLE, len(LEASABLE)):
        lock = _locked(folder / str(number))
        if lock is not None:
            if _is_free(number):
                return number, lock
            os.close(lock)
    raise OSError(errno.EADDRINUSE, f"No port from {LEASABLE.start} on is free.")


def _locked(path: Path) -> int | None:
    lock = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


def _is_free(number: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, number))
        except OSError:
            return False
    return True
