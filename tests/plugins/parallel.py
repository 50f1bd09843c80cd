"""Pytest plug-in for runs shared by several processes (`pytest -n 2`), one test file at a time.

Fixtures of a file are set up once instead of once per process, and the tests of a file run in their
usual order. Each process has its own servers. The slowest files start first, by the durations in
`tests/durations.json`, so that no process waits long for the last file of another.
"""

import asyncio
import contextlib
import gc
import json
import os
import signal
from collections.abc import Generator
from pathlib import Path
from typing import Final

import pytest
from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]  # without types

DURATIONS: Final[dict[str, float]] = json.loads(
    (Path(__file__).parents[1] / "durations.json").read_text(encoding="utf-8")
)
"""Seconds of each test file in a measured run; `python -m tools.test_durations` writes them."""


def pytest_configure(config: pytest.Config) -> None:
    """Reset what a background run inherits and a foreground run does not.

    A shell makes background jobs (`make test &`) ignore Ctrl-C, and child processes inherit that,
    but some tests end processes with Ctrl-C. Readline, which pytest imports, sets a terminal width
    of 80 for child processes.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if _shares(config):
        for name in ("COLUMNS", "LINES"):
            os.environ.pop(name, None)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Schedule whole files in collection order.

    The default order of pytest-xdist is by number of tests, which puts the slowest files last.
    """
    config.option.loadscopereorder = False
    return LoadFileScheduling(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run the slowest files first if processes share the run; otherwise keep the order."""
    if _shares(config):
        items.sort(key=_slowest_first)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect tests without garbage collection, and exclude them from it: they live to the end.

    Afterwards, garbage is collected less often than by default: a test creates many objects, such
    as a platform and its API, and few cycles.
    """
    gc.disable()
    result = yield
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()
    return result


def _shares(config: pytest.Config) -> bool:
    """Return True in a worker process of pytest-xdist."""
    return hasattr(config, "workerinput")


def _slowest_first(item: pytest.Item) -> tuple[float, str]:
    """Sort key: files without a duration come first, because they may be slow."""
    name = str(item.path.relative_to(item.config.rootpath))
    return -DURATIONS.get(name, float("inf")), name


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Fail a file that leaves an event loop running, because the next file is arbitrary.

    Playwright keeps a loop while a browser is open, and `asyncio.run` then refuses to start.
    """
    if nextitem is None or nextitem.path != item.path:
        with contextlib.suppress(RuntimeError):
            loop = asyncio.get_running_loop()
            pytest.fail(f"{item.path.name} left {loop} running: close it with the file's last test")
