"""The child process that reads health files."""

import subprocess
import sys

LOADED = "import sys, adapters.health_files.child; print(*sys.modules)"


def test_it_starts_without_the_libraries_of_videos() -> None:
    """They are half of its start, and code that an attacker's file could reach."""
    run = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert {"av", "numpy", "PIL"}.isdisjoint(run.stdout.split())
