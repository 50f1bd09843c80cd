"""Life cycle of a local server: prepare, start, stop or kill, restart, remove."""

import os
import shutil
import signal
import tempfile
import time
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from tools.local_services.guarded_process import Account, GuardedProcess

READY_WITHIN_S = 180.0
"""Seconds a start may take on a machine that is busy with other things."""
ASK_EVERY_S = 0.05
LOG_LINES = 20


class ServerFailed(RuntimeError):  # noqa: N818  the name states the obstacle
    """A server did not start. The message has the reason and the end of its log."""


class Startable(ABC):
    """A service that runs within a `with` statement."""

    @abstractmethod
    def start(self, within_s: float = READY_WITHIN_S) -> Self:
        """Start, and wait until it answers; ServerFailed if it does not."""

    @abstractmethod
    def close(self) -> None:
        """Stop, and release all resources."""

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            self.close()
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class LocalServer(Startable):
    """Local server on the loopback address, in a folder of its own.

    Without a `folder` it gets a temporary one, which is removed by `close`, or when this process
    dies with the server running. With one, data stay, and a later object on the same folder
    continues with them. Ports stay the same for the life of the object. Not thread-safe.
    """

    name: ClassVar[str]
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM
    orphan_signal: ClassVar[signal.Signals] = signal.SIGKILL
    grace_s = 60.0
    temporary_folders: ClassVar[Path | None] = None
    """Folder of the temporary folders; None selects the system's, which is on a disk."""

    def __init__(self, folder: Path | None) -> None:
        self.temporary = folder is None
        if folder is None:
            prefix = f"kinelog-{self.name}-"
            self.folder = Path(tempfile.mkdtemp(prefix=prefix, dir=self.temporary_folders))
        else:
            self.folder = folder.absolute()
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._process: GuardedProcess | None = None

    @property
    def log(self) -> Path:
        """Return the standard output and error of the server."""
        return self.folder / "server.log"

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.running

    @property
    def guard_pid(self) -> int:
        """The process id of the running server's guard."""
        assert self._process is not None, "the server was started"  # noqa: S101
        return self._process.pid

    def start(self, within_s: float = READY_WITHIN_S) -> Self:
        """Start the server and wait until it answers; ServerFailed if it does not."""
        self.launch()
        self.wait_until_ready(within_s)
        return self

    def launch(self) -> None:
        """Start the server without waiting for it. A running server stays as it is."""
        if self.running:
            return
        self.stop()  # one that ended by itself leaves a pipe
        self.prepare()
        self._process = GuardedProcess(
            self.command(),
            folder=self.folder,
            log=self.log,
            account=self.account(),
            stop_signal=self.stop_signal,
            orphan_signal=self.orphan_signal,
            grace_s=self.grace_s,
            remove=self.folder if self.temporary else None,
        )

    def wait_until_ready(self, within_s: float = READY_WITHIN_S) -> None:
        """Probe the launched server until it answers."""
        deadline = time.monotonic() + within_s
        while not self.answers():
            if not self.running:
                raise self._failure("ended")
            if time.monotonic() > deadline:
                self.kill()
                raise self._failure(f"did not answer within {within_s:.0f} s")
            time.sleep(ASK_EVERY_S)

    def ask_to_stop(self) -> None:
        """Request a graceful stop without waiting for it; `stop` waits."""
        if self._process is not None:
            self._process.ask_to_stop()

    def stop(self) -> None:
        """Stop the server gracefully. Its folder and ports stay."""
        if self._process is not None:
            self._process.stop()
            self._process = None

    def kill(self) -> None:
        """Kill every process of the server with SIGKILL. Its folder and ports stay."""
        if self._process is not None:
            self._process.kill()
            self._process = None

    def close(self) -> None:
        """Stop the server, release its ports, and remove its folder if it is temporary."""
        if self.temporary:
            self.kill()
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            self.stop()

    def account(self) -> Account | None:
        """Return the user who runs the server, if it must not be the current one."""
        return None

    @abstractmethod
    def prepare(self) -> None:
        """Prepare the folder of the server. Called before each start."""

    @abstractmethod
    def command(self) -> list[str]:
        """Return the program and its arguments."""

    @abstractmethod
    def answers(self) -> bool:
        """Return whether the server answers in its own protocol."""

    def _failure(self, what: str) -> ServerFailed:
        lines = self.log.read_text(errors="replace").splitlines()[-LOG_LINES:]
        return ServerFailed(f"{self.name} {what}; its log ends with:\n" + "\n".join(lines))


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read."""
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
