"""Local PostgreSQL, Kafka and Redis for development, until Ctrl-C; `make up` starts them first.

Data stay in the given folder. Standard output gets one `NAME=value` line per server as soon as all
servers are ready.
"""

import argparse
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import NoReturn

from psycopg import errors

from tools.local_services import binaries
from tools.local_services.databases import create_database, url_of
from tools.local_services.kafka import LocalKafka
from tools.local_services.postgres import LocalPostgres
from tools.local_services.redis import LocalRedis
from tools.local_services.server import LocalServer, ServerFailed

DATABASE = "kinelog"
PORTS: dict[str, int | None] = {"postgres": 15432, "kafka": 19092, "redis": 16379}
"""Default ports; not the usual ones, which other servers on this machine may use."""
FREE_PORTS = dict.fromkeys(PORTS)
SETTINGS = {"max_connections": "200"}
"""The processes of `Procfile` have most of the default 100; a second server would get none."""


def main(folder: Path, ports: Mapping[str, int | None]) -> None:
    """Run the three servers until a signal arrives or one of them ends."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the same as Ctrl-C
    with suppress(KeyboardInterrupt), ExitStack() as running:
        redis = running.enter_context(LocalRedis(folder / "redis", port=ports["redis"]))
        postgres = running.enter_context(_postgres(folder / "postgres", ports["postgres"]))
        kafka = running.enter_context(LocalKafka(folder / "kafka", port=ports["kafka"]))
        sys.stdout.write(f"KINELOG_POSTGRES_URL={_own_database(postgres.url)}\n")
        sys.stdout.write(f"KINELOG_KAFKA={kafka.bootstrap}\n")
        sys.stdout.write(f"KINELOG_REDIS_URL={redis.url}\n")
        sys.stdout.flush()
        _watch([redis, postgres, kafka])


def _postgres(folder: Path, port: int | None) -> LocalPostgres:
    """Return a PostgreSQL with pgvector, if there is one that can read the folder's data."""
    programs = binaries.postgres_bin_for(folder / "data")
    return LocalPostgres(folder, port=port, programs=programs, settings=SETTINGS)


def _watch(servers: Sequence[LocalServer]) -> NoReturn:
    while True:
        for server in servers:
            if not server.running:
                raise ServerFailed(f"{server.name} ended by itself; its log is {server.log}.")
        time.sleep(1)


def _own_database(server: str) -> str:
    try:
        return create_database(server, DATABASE)
    except errors.DuplicateDatabase:
        return url_of(server, DATABASE)


if __name__ == "__main__":
    options = argparse.ArgumentParser(prog="local_services")
    options.add_argument("folder", type=Path, help="where the servers keep their data")
    options.add_argument("--free-ports", action="store_true", help="do not take the usual ports")
    arguments = options.parse_args()
    main(arguments.folder, FREE_PORTS if arguments.free_ports else PORTS)
