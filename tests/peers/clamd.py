"""Virus scanner that speaks the protocol of clamd: INSTREAM, VERSION, and their limits.

It tells what it was sent. `tools.local_services.clamd` is the real scanner.
"""

import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import BinaryIO

from tools.local_services.clamd import EICAR


@dataclass
class Clamd:
    """A scanner on a port of this machine, which finds EICAR anywhere in a stream.

    `made_at` is the date of its definitions, None for none. `streams` are the lengths of those that
    it has scanned; longer ones than `max_bytes` are refused.
    """

    made_at: datetime | None = field(default_factory=lambda: datetime.now(UTC))
    max_bytes: int = 25 * 2**20
    streams: list[int] = field(default_factory=list)
    port: int = 0

    @contextmanager
    def running(self) -> Generator["Clamd"]:
        """Answer until the end of the block; later blocks have the same port."""
        with socket.create_server(("127.0.0.1", self.port)) as listener:
            self.port = listener.getsockname()[1]
            thread = threading.Thread(target=self._serve, args=(listener,), daemon=True)
            thread.start()
            try:
                yield self
            finally:
                listener.shutdown(socket.SHUT_RDWR)
                thread.join()

    def _serve(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream:
                connection.sendall(self._answer(stream).encode() + b"\0")

    def _answer(self, stream: BinaryIO) -> str:
        command = b""
        while not command.endswith(b"\0"):
            command += stream.read(1)
        if command == b"zVERSION\0":
            made_at = "" if self.made_at is None else f"/27800/{self.made_at:%a %b %e %H:%M:%S %Y}"
            return f"ClamAV 1.4.3{made_at}"
        assert command == b"zINSTREAM\0"
        content = bytearray()
        while length := int.from_bytes(stream.read(4)):
            content += stream.read(length)
            if len(content) > self.max_bytes:
                return "INSTREAM size limit exceeded. ERROR"
        self.streams.append(len(content))
        return "stream: Eicar-Test-Signature FOUND" if EICAR in content else "stream: OK"
