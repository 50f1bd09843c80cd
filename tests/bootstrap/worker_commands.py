"""Commands of workers, run as processes until a block ends."""

import json
import signal
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from tests.commands import Command

WITHIN_S = 120.0
Found = TypeVar("Found")


def eventually(look: Callable[[], Found]) -> Found:
    """Poll until there is a result."""
    deadline = time.monotonic() + WITHIN_S
    while not (found := look()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


@contextmanager
def working(word: str, environment: dict[str, str]) -> Generator[None]:
    """Run a worker's command until the block ends, and wait until it is ready.

    All its other output is JSON lines on standard error.
    """
    errors = Path(environment["KINELOG_HOME"]) / f"{word}.stderr"
    with Command("worker", word, "--json", environment=environment, errors=errors) as worker:
        try:
            said = worker.stdout.readline()
            assert said, errors.read_text()
            assert set(json.loads(said)) == {"state"}
            yield
        finally:
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(timeout=WITHIN_S) == 0
    for line in errors.read_text().splitlines():
        assert {"event", "level", "timestamp"} <= json.loads(line).keys()
