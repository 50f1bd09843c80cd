"""Pytest plug-in: a test file that leaves the test process changed fails.

Files share a process, in an order that differs from run to run. What one leaves behind (logging,
error reports, environment variables, the folder) makes another one fail now and then.
"""

import gc
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
import sentry_sdk
import structlog

from application.kernel.tracing import tracing

SET_BY_LIBRARIES: Final = frozenset(
    {
        "PYTEST_CURRENT_TEST",
        "LD_LIBRARY_PATH", "QT_QPA_FONTDIR", "QT_QPA_PLATFORM_PLUGIN_PATH",  # import of cv2
    }
)  # fmt: skip
"""Environment variables that change without any test."""


@contextmanager
def unchanged_logging() -> Iterator[None]:
    """Restore the logging of this process, and close the handlers added in the block."""
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        yield
    finally:
        structlog.configure(**before)
        for handler in set(root.handlers) - set(handlers):
            handler.close()
        root.handlers[:], root.level = handlers, level


def process_state() -> dict[str, Any]:
    """Return the state of this process that tests may change, by name."""
    root = logging.getLogger()
    return {
        "structlog": structlog.get_config(),
        "handlers of the root logger": [each for each in root.handlers if not _of_pytest(each)],
        "level of the root logger": root.level,
        "error reports": sentry_sdk.get_client().is_active(),
        "sampling of traces": tracing.ratio,
        "environment variables": {
            name: value for name, value in os.environ.items() if name not in SET_BY_LIBRARIES
        },
        "current folder": os.getcwd(),  # noqa: PTH109  compared, not used as a path
        "collection of garbage": gc.isenabled(),
    }


def _of_pytest(handler: logging.Handler) -> bool:
    """Return whether pytest captures logs by the handler, and adds and removes it itself.

    After an interrupt (Ctrl-C, the end of a worker), a file ends when they are already removed.
    """
    return type(handler).__module__ == "_pytest.logging"


@pytest.fixture(autouse=True, scope="module")
def unchanged_process() -> Iterator[None]:
    """Compare the process before and after a test file."""
    before = process_state()
    yield
    after = process_state()
    changed = [name for name, value in before.items() if after[name] != value]
    assert not changed, f"This test file leaves changed: {', '.join(changed)}."
