"""Output files of commands: complete, or not there at all."""

import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from errno import EISDIR, EOPNOTSUPP
from io import BufferedWriter, FileIO
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from rich.console import Console

from adapters.encryption.temporary_file import open_upload
from bootstrap.cli.output import err, out
from bootstrap.cli.signals import sigterm_as_exit
from domain.kernel import Rejected

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

PUBLIC: Final = 0o644
"""Permissions of a new public file: all can read it, and its owner can write to it."""

OWNER_ONLY: Final = 0o600

UNNAMED: Final = os.O_TMPFILE
"""Makes a file without a name in a folder that is opened for writing."""

STANDARD_OUTPUT: Final = Path("/dev/stdout")
"""Not replaced if it is redirected to a file: other programs may write to that, too."""


class OutputUnwritable(Rejected):
    """The output cannot be written."""

    code = "output.unwritable"
    kind = "invalid"


@contextmanager
def named_failures(path: Path) -> Generator[None]:
    """Turn errors of writing to a path into OutputUnwritable."""
    try:
        yield
    except OSError as failed:
        raise OutputUnwritable(f"{path} cannot be written: {failed.strerror}.") from failed


@contextmanager
def whole_file(path: Path, *, is_public: bool = False) -> Generator[BinaryIO]:
    """Open a file that takes its name at the end of the block, unless the block fails.

    SIGTERM makes it fail, too. Raises OutputUnwritable: if the file cannot be opened, before the
    block. Only its owner can read the file. If it `is_public`, it has the permissions of the former
    file, or if there was none, anybody can read it. Standard output and pipes are written at the
    end of the block: archives have to seek, and what was written could not be removed.
    """
    with named_failures(path):
        stream = _open_stream(path)
    if stream is not None:
        with BufferedWriter(_Draft(stream, path)) as opened, open_upload() as content:
            yield cast("BinaryIO", content)
            content.seek(0)
            shutil.copyfileobj(content, opened)
        return
    with named_failures(path):
        target = path.resolve()
        if target.exists() and not target.is_file():
            raise OutputUnwritable(f"{path} cannot be written: it is not a file.")
    with sigterm_as_exit():
        with named_failures(path):
            descriptor, draft = _open_draft(target)
        try:
            if is_public:
                os.fchmod(descriptor, target.stat().st_mode if target.exists() else PUBLIC)
            with BufferedWriter(_Draft(descriptor, path)) as file:
                yield file
                file.flush()
                with named_failures(path):
                    _name(descriptor, draft)
            with named_failures(path):
                draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)


def summary_console(path: Path | None) -> Console:
    """Return where to print about an output file: standard error if that is standard output."""
    return err if path == STANDARD_OUTPUT else out


def _open_draft(target: Path) -> tuple[int, Path]:
    """Open a new file, and return the name beside the target that it has before it replaces that.

    The file gets the name at the end, so that nothing is left of it if the process is killed. File
    systems that have no files without a name give it the name now.
    """
    draft = target.with_name(f"{target.stem}.{token_hex(4)}.part")  # also if written twice at once
    try:
        return os.open(target.parent, os.O_WRONLY | UNNAMED, OWNER_ONLY), draft
    except OSError as refused:
        if refused.errno not in {EISDIR, EOPNOTSUPP}:
            raise
    return os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), draft


def _name(descriptor: int, draft: Path) -> None:
    """Give an open file its name, unless it has one."""
    if not os.fstat(descriptor).st_nlink:
        # Without a folder's descriptor, Python links the symbolic link instead of the file.
        os.link(f"/proc/self/fd/{descriptor}", draft, src_dir_fd=descriptor)


def _open_stream(path: Path) -> int | None:
    """Open a path that is standard output or a pipe; return None for another one."""
    if path == STANDARD_OUTPUT:
        return os.dup(1)
    return os.open(path, os.O_WRONLY) if path.is_fifo() else None


class _Draft(FileIO):
    """A file whose errors are not mistaken for those of what a command reads."""

    def __init__(self, descriptor: int, path: Path) -> None:
        super().__init__(descriptor, "w")
        self._path = path

    def write(self, content: "ReadableBuffer", /) -> int:
        with named_failures(self._path):
            return super().write(content)
