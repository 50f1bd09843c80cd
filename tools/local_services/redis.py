"""Local Redis."""

from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from tools.local_services import binaries
from tools.local_services.ports import LOOPBACK, Port
from tools.local_services.probes import redis_answers
from tools.local_services.server import LocalServer, write_private


class LocalRedis(LocalServer):
    """Redis with or without a password. Data are lost when it stops, unless `persistent`."""

    name: ClassVar[str] = "redis"

    def __init__(
        self,
        folder: Path | None = None,
        *,
        port: int | None = None,
        password: str | None = None,
        persistent: bool = False,
    ) -> None:
        self._program = binaries.redis_server()
        super().__init__(folder)
        self._port = Port(port)
        self.password = password
        self._persistent = persistent

    @property
    def url(self) -> str:
        """redis://, with the password, database 0."""
        login = "" if self.password is None else f":{quote(self.password, safe='')}@"
        return f"redis://{login}{LOOPBACK}:{self._port.number}/0"

    def prepare(self) -> None:
        settings = [
            f"bind {LOOPBACK}",
            f"port {self._port.number}",
            f"dir {_quoted(str(self.folder))}",
            'save ""',  # no snapshots
            f"appendonly {'yes' if self._persistent else 'no'}",
        ]
        if self.password is not None:
            settings.append(f"requirepass {_quoted(self.password)}")
        # A file, because every user of the machine can read command lines.
        write_private(self.folder / "redis.conf", "\n".join(settings) + "\n")

    def command(self) -> list[str]:
        return [str(self._program), str(self.folder / "redis.conf")]

    def answers(self) -> bool:
        return redis_answers(self.url)

    def close(self) -> None:
        super().close()
        self._port.release()


def _quoted(text: str) -> str:
    """Quote a string for redis.conf."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
