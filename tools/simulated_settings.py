"""Settings of simulators: for a command that they run with, or printed for scripts."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from shlex import quote
from types import FrameType
from typing import Final
from urllib.parse import urlsplit

from api.middleware.hosts import is_loopback
from bootstrap.cli.signals import shutdown_event
from bootstrap.settings import Settings

END: Final = "# end of the settings\n"
"""Last line of the printed settings, for scripts that wait for them."""


def reachable_by_others(settings: Settings) -> str | None:
    """Return why there are no simulators if others may reach the API, or None."""
    hosts = (settings.host, urlsplit(settings.public_url).hostname or "")
    if other := [host for host in hosts if not is_loopback(host)]:
        return f"{other[0]} is not a loopback address, so others may reach the API."
    return None


def serve(command: list[str], environment: Mapping[str, str]) -> int:
    """Run a command with settings, or print them until stopped; return the exit status."""
    if command:
        return _run(command, environment)
    shutdown = shutdown_event()
    print_settings(environment)
    shutdown.wait()
    return 0


def print_settings(environment: Mapping[str, str]) -> None:
    """Print settings as a shell reads them, a line each, and the end."""
    sys.stdout.write("".join(f"{key}={quote(each)}\n" for key, each in environment.items()))
    sys.stdout.write(END)
    sys.stdout.flush()


def _run(command: list[str], environment: Mapping[str, str]) -> int:
    """Run a command with settings; it handles the signals, and this process waits for it."""
    child: subprocess.Popen[bytes] | None = None
    early: list[int] = []

    def pass_on(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  of handlers
        if child is None:
            early.append(number)
        else:
            child.send_signal(number)

    signal.signal(signal.SIGTERM, pass_on)
    child = subprocess.Popen(command, env={**os.environ, **environment})
    for number in early:  # they came while it started
        child.send_signal(number)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to the child, too
    return child.wait()
