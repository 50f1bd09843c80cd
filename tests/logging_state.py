"""Logging of the test process, which some tests configure as a server or a command does."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog


@contextmanager
def unchanged_logging() -> Iterator[None]:
    """Restore the logging of this process at the end of the block."""
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        yield
    finally:
        structlog.configure(**before)
        root.handlers[:], root.level = handlers, level
