"""A phone whose requests reach API processes in turn."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx2

from adapters.api_client.live import LiveClient
from adapters.clock import utc_now
from application.live.chunk import IngestChunk
from domain.ids import DEFAULT_TENANT
from tests.commands import Command
from tests.live.chunks import take
from tests.live.site import PATIENCE_S, InTurn

REPETITIONS = 5


@contextmanager
def phone(way: InTurn) -> Iterator[LiveClient]:
    with httpx2.Client(transport=way, base_url="http://server", timeout=PATIENCE_S) as http:
        yield LiveClient(http, tenant=DEFAULT_TENANT, patience_s=PATIENCE_S)


def begun(client: LiveClient) -> list[IngestChunk]:
    """Start a session; return the chunks of its set."""
    session = client.start("ada", utc_now() - timedelta(minutes=5))
    return take(session, repetitions=REPETITIONS)


def end(process: Command) -> None:
    process.kill()
    process.stdout.close()
    process.wait(timeout=PATIENCE_S)
