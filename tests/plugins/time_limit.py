"""Pytest plug-in for runs that must end in time: `--until` skips tests that start later."""

import time

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option of the limit."""
    parser.addoption("--until", type=float, help="skip tests that start after this Unix time")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test before its fixtures, if the time is over."""
    until = item.config.getoption("until")
    if until is not None and time.time() >= until:
        pytest.skip("the time of this run is over")
