"""Standard output of commands, whose errors are refusals."""

from collections.abc import Generator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from typing import Any, TextIO

from bootstrap.cli.output_file import OutputUnwritable


class StandardOutput:
    """Standard output. Writing raises OutputUnwritable, such as for a full disk.

    Characters that its encoding lacks are escaped, as on standard error.
    A broken pipe still raises BrokenPipeError, for which Typer ends the command without a message.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        if isinstance(file, TextIOWrapper) and file.errors == "strict":
            file.reconfigure(errors="backslashreplace")

    def write(self, text: str) -> int:
        with self._named_failures():
            return self._file.write(text)

    def flush(self) -> None:
        with self._named_failures():
            self._file.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    @contextmanager
    def _named_failures(self) -> Generator[None]:
        try:
            yield
        except BrokenPipeError:
            raise
        except OSError as failed:
            with suppress(OSError):
                self._file.close()  # Python would write the rest at its end, and fail again
            reason = f"Standard output cannot be written: {failed.strerror}."
            raise OutputUnwritable(reason) from failed
