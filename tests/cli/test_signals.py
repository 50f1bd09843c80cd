"""Long-running commands end on a signal, at whatever moment it arrives."""

import subprocess
import sys

INTERRUPTED_WAIT = """
import signal
from bootstrap.cli.signals import shutdown_event

stop = shutdown_event()
with stop._cond:  # as `wait` does
    signal.raise_signal(signal.SIGTERM)
print(stop.wait(60))
"""


def test_a_signal_within_a_wait_ends_it() -> None:
    """The wait holds the event's lock when it begins and ends."""
    ended = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_WAIT],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (ended.stdout, ended.stderr) == ("True\n", "")
