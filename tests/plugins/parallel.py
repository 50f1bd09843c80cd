"""The plug-in that lets several processes share a run (`pytest -n 2`), a file of tests at a time.

What the tests of a file share is so made once and not in each process, and tests of a file follow
each other as they do without `-n`. Each process has servers of its own. The tests of the inner
layers, hundreds that take milliseconds, come last: they fill up the end, when one process would
otherwise wait for the other's last server.
"""

import asyncio
import contextlib
import gc
import os
import signal
from typing import Final

import pytest
from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]  # without types

QUICK: Final = frozenset({"application", "architecture", "domain", "golden"})
"""Folders of tests that start neither a server nor, but for a few, a process."""


def pytest_configure(config: pytest.Config) -> None:
    """Take back what this process inherited and a pytest in the foreground would not have.

    A shell lets a job in the background (`make test &`) ignore Ctrl-C, and what the job starts
    inherits that: some tests show how processes end by Ctrl-C. And readline, which pytest imports,
    tells child processes a width of 80, which a console keeps from its import on.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if _shares(config):
        for name in ("COLUMNS", "LINES"):
            os.environ.pop(name, None)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Give each process file after file, in the order in which they were collected.

    pytest-xdist's own order is by the number of tests, which puts the slowest files last.
    """
    config.option.loadscopereorder = False
    return LoadFileScheduling(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the quick files last where processes share the run; alone, the order stays."""
    if _shares(config):
        items.sort(key=_is_quick)


def pytest_collection_finish() -> None:
    """Keep the garbage collector from what was collected: it stays, and is looked at in vain."""
    gc.freeze()


def _shares(config: pytest.Config) -> bool:
    """Whether this is one of several processes, which pytest-xdist gives such an attribute."""
    return hasattr(config, "workerinput")


def _is_quick(item: pytest.Item) -> bool:
    return not QUICK.isdisjoint(item.path.relative_to(item.config.rootpath).parts)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Refuse a file that leaves an event loop running, because which file is next is chance.

    Playwright keeps one as long as a browser is open, and `asyncio.run` refuses beside it.
    """
    if nextitem is None or nextitem.path != item.path:
        with contextlib.suppress(RuntimeError):
            loop = asyncio.get_running_loop()
            pytest.fail(f"{item.path.name} left {loop} running: close it with the file's last test")
