"""Argon2id in child processes of a low priority (ADR 38).

In threads of the API process, each hash competes with requests as their equal, and its memory of
19 MiB is mapped and unmapped beside them. A child starts with the first password, and ends with
this process.
"""

import atexit
import json
import os
import select
import subprocess
import sys
import time
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Any, Final, cast

import structlog

from application.users.errors import PasswordsBusy
from application.users.ports import PasswordCheck

ROOT: Final = Path(__file__).parents[2]
ENVIRONMENT: Final = {
    "PYTHONPATH": str(ROOT),
    "PYTHONDONTWRITEBYTECODE": "1",
    "LC_ALL": "C.UTF-8",
}
"""The whole environment of a child, which needs no secret."""
PROGRAM: Final = "adapters.users.hashing_child"
PATIENCE_S: Final = 20.0
"""Longest wait for a hash of 20 ms: other processes go first, and the child may have to start."""

log = structlog.get_logger()


class HashingFailedError(Exception):
    """A child ended, took too long, or answered something else than it was asked."""


@dataclass(frozen=True)
class Cost:
    """Parameters of Argon2id; memory in KiB."""

    memory_cost: int
    time_cost: int
    parallelism: int


class HashingChild:
    """A running child, for one caller at a time. Raises HashingFailedError if none can start."""

    def __init__(self) -> None:
        try:
            self._process = subprocess.Popen(  # noqa: S603  our own program
                [sys.executable, "-P", "-s", "-m", PROGRAM],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=ENVIRONMENT,
                cwd="/",
                bufsize=0,
            )
        except OSError as failed:
            raise HashingFailedError from failed
        self._input = cast("IO[bytes]", self._process.stdin)
        self._output = cast("IO[bytes]", self._process.stdout)

    def ask(self, number: int, request: bytes) -> dict[str, Any]:
        """Return the answer to the request with that number. Raises HashingFailedError."""
        try:
            self._input.write(request + b"\n")
            answer: dict[str, Any] = json.loads(self._line())
        except (OSError, ValueError) as broken:
            raise HashingFailedError from broken
        if answer.get("number") != number:
            raise HashingFailedError
        return answer

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        self._input.close()
        self._output.close()

    def _line(self) -> bytes:
        """Read a line. Raises HashingFailedError if there is none in time."""
        until, line = time.monotonic() + PATIENCE_S, b""
        waiting = select.poll()
        waiting.register(self._output, select.POLLIN)
        while not line.endswith(b"\n"):
            if not waiting.poll(max(0.0, until - time.monotonic()) * 1000):
                raise HashingFailedError
            read = self._output.read(select.PIPE_BUF)
            if not read:
                raise HashingFailedError
            line += read
        return line


class HashingProcesses:
    """Hashes passwords in child processes: as many as callers at the same time. Thread-safe."""

    def __init__(self) -> None:
        self._idle: SimpleQueue[HashingChild] = SimpleQueue()
        self._numbers = count(1)

    def hash(self, password: str, cost: Cost) -> str:
        """Hash a password. Raises PasswordsBusy if no child can."""
        hashed: str = self._ask(password, None, cost)["hash"]
        return hashed

    def compare(self, password: str, stored: str, cost: Cost) -> PasswordCheck:
        """Compare a password with a hash. Raises PasswordsBusy if no child can."""
        answer = self._ask(password, stored, cost)
        return PasswordCheck(answer["matches"], answer["renewed"])

    def close(self) -> None:
        """End the children that have nothing to do."""
        while True:
            try:
                self._idle.get_nowait().close()
            except Empty:
                return

    def forget(self) -> None:
        """Leave the children to another process: this one was forked from it."""
        self._idle = SimpleQueue()

    def _ask(self, password: str, stored: str | None, cost: Cost) -> dict[str, Any]:
        """Ask a child; a new one if that fails, as it may have been killed."""
        number = next(self._numbers)
        content = {"number": number, "password": password, "stored": stored, "cost": vars(cost)}
        request = json.dumps(content, ensure_ascii=False).encode()
        try:
            return self._ask_child(self._idle_child(), number, request)
        except HashingFailedError:
            log.warning("passwords.child_failed")
        try:
            return self._ask_child(None, number, request)
        except HashingFailedError as failed:
            raise PasswordsBusy from failed

    def _ask_child(self, idle: HashingChild | None, number: int, request: bytes) -> dict[str, Any]:
        child = idle or HashingChild()
        try:
            answer = child.ask(number, request)
        except BaseException:
            child.close()
            raise
        self._idle.put(child)
        return answer

    def _idle_child(self) -> HashingChild | None:
        try:
            return self._idle.get_nowait()
        except Empty:
            return None


PROCESSES: Final = HashingProcesses()
"""Those of this process: what they do depends on nothing else in it."""

atexit.register(PROCESSES.close)
os.register_at_fork(after_in_child=PROCESSES.forget)
