"""Commands whose standard output cannot be written."""

import os
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from bootstrap.exit_codes import BY_KIND, FAILED
from tests.cli.conftest import Shell
from tests.data_folders import prepared

pytestmark = pytest.mark.slow


def run(home: Path, words: list[str], output: IO[str], *, unbuffered: str) -> tuple[int, str]:
    """Run a command in its own process; return its status and what it says on standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "bootstrap", *words],
        env={**os.environ, "KINELOG_HOME": str(home), "PYTHONUNBUFFERED": unbuffered},
        stdout=output,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=240,
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize("words", [["sessions", "list", "--json"], ["--help"]], ids=" ".join)
def test_a_full_disk_is_named_in_one_sentence(
    tmp_path: Path, words: list[str], unbuffered: str
) -> None:
    with Path("/dev/full").open("w") as full:
        ended = run(prepared(tmp_path / "home"), words, full, unbuffered=unbuffered)
    sentence = "kinelog: Standard output cannot be written: No space left on device.\n"
    assert ended == (BY_KIND["invalid"], sentence)


def test_a_closed_standard_output_gets_no_results(tmp_path: Path) -> None:
    """As of `kinelog ... >&-` in a shell."""
    home = prepared(tmp_path / "home")
    words = [sys.executable, "-m", "bootstrap", "sessions", "list", "--json"]
    ended = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *words],
        env={**os.environ, "KINELOG_HOME": str(home)},
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=240,
    )
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
def test_the_end_of_the_reader_ends_the_command(tmp_path: Path, unbuffered: str) -> None:
    """Such as of `head`, after the lines that it shows."""
    words = ["sessions", "list", "--json"]
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as pipe:
        ended = run(prepared(tmp_path / "home"), words, pipe, unbuffered=unbuffered)
    assert ended == (FAILED, "")


def test_what_the_encoding_of_the_terminal_lacks_is_escaped(shell: Shell, tmp_path: Path) -> None:
    """Such as a name of a file in another script."""
    owner, archive = ("--user", "ada@example.org"), tmp_path / "Ада.zip"
    assert shell.run("tenants", "create", "--name", "Gym", *owner).status == 0
    ended = subprocess.run(
        [sys.executable, "-m", "bootstrap", "privacy", "export", *owner, "--output", archive],
        env={**os.environ, "KINELOG_HOME": str(shell.home), "PYTHONIOENCODING": "latin-1:strict"},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.endswith(r"\u0410\u0434\u0430.zip" + "\n")
