"""Pytest plug-in: HTTP clients of a test process share the certificates that they trust.

A client reads all authorities of the system, which takes 25 ms: longer than most requests of tests.
"""

import os
from functools import cache
from ssl import SSLContext
from typing import Final

import httpcore2

READ: Final = httpcore2.default_ssl_context
VARIABLES: Final = ("SSL_CERT_FILE", "SSL_CERT_DIR")
"""Variables of the environment that name other authorities."""


def pytest_configure() -> None:
    """Read the authorities once for each setting of the variables."""
    httpcore2.default_ssl_context = _shared


def _shared(*, _trust_env: bool = True) -> SSLContext:
    return _read(*map(os.environ.get, VARIABLES), trusts_environment=_trust_env)


@cache
def _read(*_variables: str | None, trusts_environment: bool) -> SSLContext:
    return READ(_trust_env=trusts_environment)
