"""A test file that leaves the test process changed fails."""

import subprocess
import sys
from pathlib import Path

LEAVES_A_HANDLER = """
import logging

def test_handler():
    logging.getLogger().addHandler(logging.NullHandler())
"""

INTERRUPTED = """
def test_interrupted():
    raise KeyboardInterrupt
"""


def output(folder: Path, test: str) -> str:
    """Run a test file in its own process; return what pytest prints."""
    file = folder / "test_file.py"
    file.write_text(test, encoding="utf-8")
    plugins = ["-p", "tests.plugins.process_state", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", "-c", "/dev/null", "--rootdir", str(folder)]
    done = subprocess.run(
        [*command, *plugins, str(file)], capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def test_a_file_that_leaves_a_log_handler_fails(tmp_path: Path) -> None:
    said = output(tmp_path, LEAVES_A_HANDLER)
    assert "This test file leaves changed: handlers of the root logger." in said


def test_an_interrupted_run_does_not_blame_a_file_for_the_handlers_of_pytest(
    tmp_path: Path,
) -> None:
    said = output(tmp_path, INTERRUPTED)
    assert "KeyboardInterrupt" in said
    assert "leaves changed" not in said
