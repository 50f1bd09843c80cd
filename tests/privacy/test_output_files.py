"""Files that commands write: whole or not at all, and refused before anything is done."""

import io
import json
import os
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from application.kernel.ports import StorageUnavailable
from application.platform import Platform
from application.privacy.data_exports import DataExportService
from bootstrap.cli import audit, output_file, privacy
from bootstrap.cli.output_file import OutputUnwritable, whole_file
from bootstrap.settings import Settings
from bootstrap.wiring.audit import build_anchors
from domain.erasures.erasure import NotRequested
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from tests.cli.conftest import KINELOG, Shell
from tests.privacy.person import settle

COMMANDS = {
    "erasure": ("privacy", "erase"),
    "archive": ("privacy", "export"),
    "sessions": ("exports", "make"),
    "anchor": ("audit", "anchor"),
}


@pytest.fixture
def shell(settings: Settings) -> Shell:
    return Shell(settings.home)


NAMED = """
from bootstrap.cli import output_file
output_file.UNNAMED = 0
"""
"""As if the file system had no files without a name."""

WRITING = """
import sys, time
from pathlib import Path
from bootstrap.cli.output_file import whole_file

with whole_file(Path(sys.argv[1])) as file:
    file.write(b"personal data")
    file.flush()
    print("writing", flush=True)
    time.sleep(60)
"""


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """Refuse larger files, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_missing_folder_is_refused(
    platform: Platform, shell: Shell, tmp_path: Path, command: tuple[str, str]
) -> None:
    """C-24, R-EVT-15: status 1 means that an erasure is not certified, or that no chain holds."""
    person = settle(platform)
    who = [] if command[0] == "audit" else ["--user", person.id]
    ran = shell.run(*command, *who, "--output", tmp_path / "no" / "file")
    assert (ran.status, ran.out) == (30, "")
    assert ran.sentence == (
        f"kinelog: {tmp_path}/no/file cannot be written: No such file or directory."
    )
    state = platform.privacy().erasure.state(DEFAULT_TENANT, person.id)
    assert isinstance(state, NotRequested)


def test_a_certificate_stays_in_its_file_if_it_cannot_be_shown(
    platform: Platform, shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C-24: such as with `| head -1`."""

    def close(*_: object, **__: object) -> None:
        raise SystemExit(1)  # as for a closed pipe

    monkeypatch.setattr(privacy, "_show_certificate", close)
    monkeypatch.setenv("KINELOG_ERASURE_WAIT_S", "0")
    person, file = settle(platform), tmp_path / "certificate.json"
    shell.run("privacy", "erase", "--user", person.id, "--output", file)
    assert json.loads(file.read_text())["certificate"]["person"] == person.id


@pytest.mark.parametrize("made", ["archive", "sessions"])
def test_what_cannot_be_noted_is_not_exported(
    platform: Platform, shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: str
) -> None:
    """R-TEN-13: every export has a line in the access log."""

    def note(*_: object, **__: object) -> None:
        raise StorageUnavailable

    person = settle(platform)
    folder = tmp_path / "exports"
    folder.mkdir()
    monkeypatch.setattr(DataExportService, "note", note)
    ran = shell.run(*COMMANDS[made], "--user", person.id, "--output", folder / "file")
    assert (ran.status, list(folder.iterdir())) == (20, [])


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(OutputUnwritable, match="it is not a file"), whole_file(tmp_path):
        pass
    with pytest.raises(OutputUnwritable, match="it is not a file"), whole_file(Path(os.devnull)):
        pass


def test_an_anchor_is_written_to_standard_output(platform: Platform, shell: Shell) -> None:
    """R-EVT-15"""
    settle(platform)
    ran = shell.run_process("audit", "anchor", "--output", "/dev/stdout")
    assert ran.status == 0, ran.err
    with build_anchors(Settings(home=shell.home)) as anchors:
        assert anchors.read(ran.out.strip()).heads


def test_standard_output_keeps_what_others_wrote(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"before ")
    with log.open("ab") as file:
        command = [sys.executable, "-c", WRITING.replace("60", "0"), "/dev/stdout"]
        subprocess.run(command, stdout=file, check=True)
    assert log.read_bytes() == b"before writing\npersonal data"


@pytest.mark.parametrize(
    ("made", "target"), [("archive", "pipe"), ("sessions", "file"), ("sessions", "socket")]
)
def test_an_archive_is_written_to_standard_output(
    platform: Platform, shell: Shell, tmp_path: Path, made: str, target: str
) -> None:
    """R-TEN-12: it contains nothing else, and is complete."""
    person, path = settle(platform), tmp_path / "out"
    ours, theirs = socket.socketpair()
    command: list[str | Path] = [
        KINELOG,
        *COMMANDS[made],
        "--user",
        person.id,
        "--output",
        "/dev/stdout",
    ]
    environment = {**os.environ, "KINELOG_HOME": str(shell.home)}
    with ours, theirs, path.open("wb") as file:
        streams: dict[str, Any] = {"pipe": subprocess.PIPE, "file": file, "socket": theirs}
        ran = subprocess.run(
            command, env=environment, stdout=streams[target], stderr=subprocess.PIPE, check=False
        )
        theirs.shutdown(socket.SHUT_WR)
        written = {"pipe": ran.stdout, "file": path.read_bytes(), "socket": None}[target]
        content = io.BytesIO(written or ours.makefile("rb").read())
    assert ran.returncode == 0, ran.stderr
    assert b"bytes: /dev/stdout" in ran.stderr
    with ZipFile(content) as archive:
        assert archive.testzip() is None
        assert archive.comment == b""


def test_a_failed_block_writes_nothing_to_a_pipe(tmp_path: Path) -> None:
    """R-TEN-13: what cannot be noted is not exported."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:
        with suppress(StorageUnavailable), whole_file(pipe) as file:
            file.write(b"personal data")
            raise StorageUnavailable
        assert reader.communicate()[0] == b""


def test_a_named_pipe_is_written(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:
        with whole_file(pipe) as file:
            file.write(b"personal data")
        assert reader.communicate()[0] == b"personal data"
    assert pipe.is_fifo()


def test_a_full_disk_leaves_the_former_file(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    path.write_bytes(b"before")
    with (
        files_up_to(100),
        pytest.raises(OutputUnwritable, match="cannot be written: File too large"),
        whole_file(path) as file,
    ):
        file.write(bytes(1000))
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_leaves_the_former_anchor(
    platform: Platform, shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-EVT-15: it may be the only one that reveals a change of the log."""
    settle(platform)
    path = tmp_path / "anchor.txt"
    path.write_text("before")
    with ExitStack() as full_disk:

        @contextmanager
        def full_afterwards(settings: Settings) -> Generator[Any]:
            with build_anchors(settings) as anchors:
                yield anchors
            full_disk.enter_context(files_up_to(10))

        monkeypatch.setattr(audit, "build_anchors", full_afterwards)
        ran = shell.run("audit", "anchor", "--output", path)
    assert (ran.status, path.read_text()) == (30, "before")


def test_an_anchor_can_be_read_by_the_job_that_copies_it_away(
    platform: Platform, shell: Shell, tmp_path: Path
) -> None:
    """R-EVT-15: another user may run it; the permissions of a former file are kept."""
    settle(platform)
    path = tmp_path / "anchor.txt"
    for mode in (0o644, 0o640):
        assert shell.run("audit", "anchor", "--output", path).status == 0
        assert path.stat().st_mode & 0o777 == mode
        path.chmod(0o640)


ENDS = {signal.SIGTERM: 143, signal.SIGINT: -signal.SIGINT, signal.SIGKILL: -signal.SIGKILL}
"""Signals that end a command, and its status then."""


@pytest.mark.parametrize("number", ENDS)
def test_a_signal_leaves_no_personal_data(tmp_path: Path, number: signal.Signals) -> None:
    """R-TEN-12, C-24: nobody would know of the part of a file."""
    assert files_while_writing(WRITING, number, tmp_path) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_leaves_no_personal_data_in_a_folder_whose_files_have_names(
    tmp_path: Path, number: signal.Signals
) -> None:
    """R-TEN-12, C-24: such as one of NFS."""
    assert files_while_writing(NAMED + WRITING, number, tmp_path) == [".part"]
    assert list(tmp_path.iterdir()) == []


def files_while_writing(program: str, number: signal.Signals, folder: Path) -> list[str]:
    """End a program by a signal while it writes; return the suffixes of the files before."""
    words = [sys.executable, "-c", program, str(folder / "all.zip")]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as command:
        assert command.stdout is not None
        assert command.stdout.readline() == b"writing\n"
        files = [each.suffix for each in folder.iterdir()]
        command.send_signal(number)
    assert command.returncode == ENDS[number]
    return files


@pytest.mark.parametrize("unnamed", [os.O_TMPFILE, 0], ids=["unnamed", "named"])
def test_a_file_replaces_the_former_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unnamed: int
) -> None:
    monkeypatch.setattr(output_file, "UNNAMED", unnamed)
    path = tmp_path / f"{'a' * 236}.zip"
    for content in (b"first", b"second"):
        with whole_file(path) as file:
            file.write(content)
        assert (path.read_bytes(), path.stat().st_mode & 0o777) == (content, 0o600)
    assert list(tmp_path.iterdir()) == [path]


def test_errors_of_what_is_read_are_not_those_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(ConnectionResetError), whole_file(tmp_path / "all.zip"):
        raise ConnectionResetError
    assert list(tmp_path.iterdir()) == []


def test_a_link_leads_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "all.zip")
    with whole_file(tmp_path / "link") as file:
        file.write(b"content")
    assert (tmp_path / "all.zip").read_bytes() == b"content"
    assert (tmp_path / "link").is_symlink()


def test_two_who_write_the_same_archive_do_not_spoil_it(platform: Platform, tmp_path: Path) -> None:
    """R-TEN-12: a slow process was considered dead."""
    person, path = settle(platform), tmp_path / "all.zip"
    exporting = platform.privacy().exports.writer
    others: list[bytes] = []

    def meanwhile(tenant_id: TenantId, user_id: UserId) -> Any:
        with whole_file(path) as file:
            exporting.write_into(tenant_id, user_id, file)
        others.append(path.read_bytes())
        return exporting.sign_ins(tenant_id, user_id)

    with whole_file(path) as file:
        replace(exporting, sign_ins=meanwhile).write_into(DEFAULT_TENANT, person.id, file)
    assert others == [path.read_bytes()]
    assert list(tmp_path.glob("*.part")) == []
