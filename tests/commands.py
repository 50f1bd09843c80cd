"""`kinelog` commands as processes that are forked from one that has imported the libraries.

The imports of a command take seconds of processor time, and tests start hundreds of commands. Tests
of the start itself, and of `python -m`, use `subprocess`.
"""

import atexit
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from io import StringIO
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from subprocess import TimeoutExpired
from types import TracebackType
from typing import IO, Final, Self

from bootstrap.__main__ import main as kinelog

CONTEXT: Final = get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.preloaded"])


class Command:
    """A running command, with those methods of `subprocess.Popen` that tests need.

    Its standard error is appended to `errors`. Its standard output is `stdout`, or appended to
    `output`.
    """

    def __init__(
        self,
        *words: str,
        environment: Mapping[str, str],
        errors: Path,
        output: Path | None = None,
        program: Callable[[], None] = kinelog,
    ) -> None:
        self.words = words
        receiving, sending = CONTEXT.Pipe(duplex=False)
        with receiving, sending:
            where = sending if output is None else output
            arguments = (program, words, dict(environment), where, errors)
            self._process = CONTEXT.Process(target=_run, args=arguments)
            self._process.start()
            self.stdout: IO[str] = StringIO()
            if output is None:
                self.stdout = os.fdopen(os.dup(receiving.fileno()), encoding="utf-8")

    @property
    def pid(self) -> int:
        pid = self._process.pid
        assert pid is not None
        return pid

    def poll(self) -> int | None:
        """Return the exit code, or minus the signal that ended it; None if it is running."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end, and return what `poll` returns. Raises TimeoutExpired."""
        self._process.join(timeout)
        code = self.poll()
        if code is None:
            raise TimeoutExpired(self.words, timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):  # it ended in between
                os.kill(self.pid, number)

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stdout.close()
        self.wait()


def _run(
    program: Callable[[], None],
    words: tuple[str, ...],
    environment: dict[str, str],
    output: Connection | Path,
    errors: Path,
) -> None:
    """Run a program in the new process as its command would."""
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
    if isinstance(output, Path):
        os.dup2(os.open(output, flags, 0o600), 1)
    else:
        with output:
            os.dup2(output.fileno(), 1)
    os.dup2(os.open(errors, flags, 0o600), 2)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["kinelog", *words]
    try:
        program()
    finally:
        atexit._run_exitfuncs()  # multiprocessing leaves them out
