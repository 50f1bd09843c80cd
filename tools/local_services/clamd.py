"""Local clamd, the virus scanner of ClamAV, with definitions of its own that know one test file.

Debian ships no virus definitions. Those here are a `daily.cud`, the form of an unsigned database: a
header with the date, which clamd reports, and a compressed tar file of signatures.
"""

import io
import socket
import tarfile
import time
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import ClassVar, Final

from tools.local_services import binaries
from tools.local_services.ports import LOOPBACK, Port
from tools.local_services.probes import PATIENCE_S
from tools.local_services.server import ASK_EVERY_S, LocalServer

EICAR: Final = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The test file of the European Institute for Computer Antivirus Research, which is harmless."""

SIGNATURE: Final = "Eicar-Test-Signature"
HEADER_BYTES: Final = 512
DEFINITIONS: Final = "daily.cud"


class LocalClamd(LocalServer):
    """clamd on TCP with Debian's limits. `made_at` is the date of its definitions, None for now."""

    name: ClassVar[str] = "clamd"

    def __init__(self, folder: Path | None = None, *, made_at: datetime | None = None) -> None:
        self._program = binaries.clamd()
        super().__init__(folder)
        self._port = Port()
        self.made_at = made_at or datetime.now(UTC)

    @property
    def port(self) -> int:
        """The port of its protocol."""
        return self._port.number

    @property
    def address(self) -> str:
        """The value of KINELOG_CLAMD."""
        return f"{LOOPBACK}:{self.port}"

    def prepare(self) -> None:
        database = self.folder / "definitions"
        database.mkdir(exist_ok=True)
        self._write_definitions()
        settings = [
            f"DatabaseDirectory {database}",
            f"TemporaryDirectory {self.folder}",
            f"TCPAddr {LOOPBACK}",
            f"TCPSocket {self.port}",
            "Foreground yes",
            "StreamMaxLength 25M",
            "MaxThreads 2",
        ]
        (self.folder / "clamd.conf").write_text("\n".join([*settings, ""]))

    def command(self) -> list[str]:
        return [str(self._program), f"--config-file={self.folder / 'clamd.conf'}"]

    def answers(self) -> bool:
        return self._ask("PING") == "PONG"

    def replace_definitions(self, made_at: datetime) -> None:
        """Let the running server load definitions of this date, as after freshclam."""
        self.made_at = made_at
        self._write_definitions()
        self._ask("RELOAD")
        version = f"/{_version(made_at)}/"
        while version not in self._ask("VERSION"):  # it loads them in the background
            time.sleep(ASK_EVERY_S)

    def close(self) -> None:
        super().close()
        self._port.release()

    def _write_definitions(self) -> None:
        file = self.folder / "definitions" / DEFINITIONS
        file.write_bytes(definitions(self.made_at))

    def _ask(self, command: str) -> str:
        """Return the reply to a command, or nothing if the server is away."""
        try:
            with socket.create_connection((LOOPBACK, self.port), PATIENCE_S) as connection:
                connection.settimeout(PATIENCE_S)
                connection.sendall(f"z{command}\0".encode())
                return connection.makefile("rb").read().rstrip(b"\0").decode()
        except OSError:
            return ""


def _version(made_at: datetime) -> int:
    """Return the version of definitions of that date, which rises by one a minute."""
    return int(made_at.timestamp()) // 60


def definitions(made_at: datetime) -> bytes:
    """Return a database of that date, which finds EICAR anywhere in a file of any type."""
    signature = f"{SIGNATURE}:0:*:{EICAR.hex()}\n".encode()
    date = made_at.strftime("%d %b %Y %H-%M +0000")
    header = f"ClamAV-VDB:{date}:{_version(made_at)}:1:90:x:x:kinelog:{int(made_at.timestamp())}"
    digest = sha256(signature).hexdigest()
    info = f"{header}\ndaily.ndb:{len(signature)}:{digest}\n".encode()
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz", format=tarfile.USTAR_FORMAT) as archive:
        for name, file in (("daily.info", info), ("daily.ndb", signature)):
            entry = tarfile.TarInfo(name)
            entry.size = len(file)
            archive.addfile(entry, io.BytesIO(file))
    return header.encode().ljust(HEADER_BYTES) + content.getvalue()
