"""Guarded process: a server that ends when its owner ends."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tools.local_services import process_guard

GUARD = Path(process_guard.__file__)


@dataclass(frozen=True)
class Account:
    """Unprivileged user of this machine, by user and group id."""

    user: int
    group: int


class GuardedProcess:
    """One run of a server, from `Popen` to the death of its last child.

    `remove` is a folder that the guard removes if the owner dies; otherwise the owner removes it. A
    server that has not stopped after `grace_s` seconds is killed.
    """

    def __init__(
        self,
        command: list[str],
        *,
        folder: Path,
        log: Path,
        account: Account | None,
        stop_signal: signal.Signals,
        orphan_signal: signal.Signals,
        grace_s: float,
        remove: Path | None,
    ) -> None:
        order = process_guard.Order(
            command=command,
            folder=str(folder),
            user=None if account is None else account.user,
            group=None if account is None else account.group,
            owner=os.getpid(),
            stop_signal=stop_signal,
            orphan_signal=orphan_signal,
            grace_s=grace_s,
            remove=None if remove is None else str(remove),
        )
        with log.open("ab") as output:
            self._guard = subprocess.Popen(
                [sys.executable, "-I", "-S", str(GUARD), json.dumps(order)],
                stdin=subprocess.PIPE,
                bufsize=0,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # an interrupt at the terminal is for the owner
                cwd="/",
            )
        assert self._guard.stdin is not None  # noqa: S101  it was opened as a pipe
        self._pipe = self._guard.stdin

    @property
    def pid(self) -> int:
        """The guard's process id; the server is its child."""
        return self._guard.pid

    @property
    def running(self) -> bool:
        return self._guard.poll() is None

    def ask_to_stop(self) -> None:
        """Request a graceful stop, and do not wait for it."""
        self._say(b"s")

    def stop(self) -> None:
        """Stop the server gracefully, and wait until all its processes have ended."""
        self._say(b"s")
        self._wait()

    def kill(self) -> None:
        """Kill the server with SIGKILL, and wait until all its processes have ended."""
        self._say(b"k")
        self._wait()

    def _say(self, word: bytes) -> None:
        with contextlib.suppress(BrokenPipeError):  # already ended
            self._pipe.write(word)

    def _wait(self) -> None:
        self._guard.wait()
        self._pipe.close()
