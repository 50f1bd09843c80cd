"""Pytest plug-in: exceptions in logs are printed as Python prints them.

Structlog's default draws the code and the variables of each frame in colored boxes, which takes a
second for each exception that a test logs.
"""

import structlog


def pytest_configure() -> None:
    """Replace the renderer of logs in this process."""
    *others, _ = structlog.get_config()["processors"]
    renderer = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*others, renderer])
