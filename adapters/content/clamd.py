"""Virus scanner: a client of ClamAV's clamd by its command INSTREAM.

A file is sent in windows that overlap, each a scan of its own, because clamd refuses streams that
are longer than its StreamMaxLength (25 MiB in Debian's settings) and reports files beyond its
MaxFileSize as clean without a look at them.
"""

import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import BinaryIO, Final

from application.content.virus_scanner import DefinitionsOutdated, ScannerUnavailable
from application.kernel.ports import Clock

WINDOW_BYTES: Final = 24 * 2**20
OVERLAP_BYTES: Final = 2**20
SEND_BYTES: Final = 2**18
TIMEOUT_S: Final = 180.0
"""Longer than MaxScanTime, which is 120 s by default."""
CONNECT_S: Final = 5.0
MAX_REPLY_BYTES: Final = 4096
END: Final = b"\0"
FOUND: Final = " FOUND"
DATE: Final = "%a %b %d %H:%M:%S %Y"


@dataclass(frozen=True)
class ClamdScanner:
    """A `VirusScanner` by TCP. `lasts` is how long virus definitions are current."""

    host: str
    port: int
    lasts: timedelta
    clock: Clock
    window_bytes: int = WINDOW_BYTES
    overlap_bytes: int = OVERLAP_BYTES

    def require_ready(self) -> None:
        self.check_definitions()

    def scan(self, file: BinaryIO, proceed: Callable[[], None]) -> str | None:
        self.check_definitions()
        start = file.tell()
        while True:
            proceed()
            file.seek(start)
            finding, sent = self._scan_window(file, proceed)
            if finding is not None or sent < self.window_bytes:
                return finding
            start += self.window_bytes - self.overlap_bytes

    def check_definitions(self) -> str:
        """Return the version of the scanner. Raises ScannerUnavailable and DefinitionsOutdated.

        clamd gives the date of its definitions in the zone of its machine, without the zone. It is
        read as UTC, so their age may be wrong by some hours.
        """
        with self._connected() as connection:
            connection.sendall(b"zVERSION" + END)
            version = _reply(connection)
        _, _, date = version.rpartition("/")
        try:
            made_at = datetime.strptime(date, DATE).replace(tzinfo=UTC)
        except ValueError:
            raise DefinitionsOutdated(
                "The virus scanner has no definitions with a date. Run freshclam."
            ) from None
        if self.clock() - made_at > self.lasts:
            raise DefinitionsOutdated(
                f"The virus definitions are of {made_at:%Y-%m-%d}, which is too old. Run freshclam."
            )
        return version

    def _scan_window(self, file: BinaryIO, proceed: Callable[[], None]) -> tuple[str | None, int]:
        """Scan up to a window of bytes; return the name of malware, and the number of bytes."""
        left = self.window_bytes
        with self._connected() as connection:
            connection.sendall(b"zINSTREAM" + END)
            while left and (chunk := file.read(min(SEND_BYTES, left))):
                proceed()
                connection.sendall(len(chunk).to_bytes(4) + chunk)
                left -= len(chunk)
            connection.sendall(bytes(4))
            reply = _reply(connection)
        sent = self.window_bytes - left
        result = reply.removeprefix("stream: ")
        if result == "OK":
            return None, sent
        if result.endswith(FOUND):
            return result.removesuffix(FOUND), sent
        raise ScannerUnavailable(f"The virus scanner did not scan a file: {reply[:200]}.")

    @contextmanager
    def _connected(self) -> Generator[socket.socket]:
        try:
            with socket.create_connection((self.host, self.port), CONNECT_S) as connection:
                connection.settimeout(TIMEOUT_S)
                yield connection
        except OSError as failed:
            obstacle = failed.strerror or type(failed).__name__
            raise ScannerUnavailable(
                f"The virus scanner at {self.host}:{self.port} is not available: {obstacle}."
            ) from failed


def _reply(connection: socket.socket) -> str:
    """Return a reply up to its end. Raises ScannerUnavailable if it is cut off."""
    content = b""
    while not content.endswith(END):
        part = connection.recv(MAX_REPLY_BYTES)
        content += part
        if not part or len(content) > MAX_REPLY_BYTES:
            raise ScannerUnavailable("The virus scanner ended the connection without a reply.")
    return content[:-1].decode(errors="replace").strip()
