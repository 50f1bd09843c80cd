"""A page of 20 sessions over GraphQL and over REST, compared with plain SQL, all in PostgreSQL.

Like `benchmarks.graphql`, but for a distributed Kinelog, whose runner fills the read models; the
PostgreSQL is its own, and is removed afterwards. The plain code has one connection per thread.

Run `python -m benchmarks.graphql_postgres [--rounds 200] [--json]`.
"""

import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
from pydantic import SecretStr

from adapters.migrations import upgrade
from benchmarks._report import Row, print_report
from benchmarks.graphql import ByHand, beside, fill
from bootstrap.distributed import distributed, projection_runner
from bootstrap.settings import Settings
from bootstrap.wiring.logs import configure_logs
from tools.local_services.databases import create_database
from tools.local_services.postgres import LocalPostgres


def run(rounds: int) -> list[Row]:
    """Measure with a server, a runner and a platform, all on this machine."""
    configure_logs()  # to standard error
    with tempfile.TemporaryDirectory(prefix="kinelog-") as folder, LocalPostgres() as server:
        home = Path(folder)
        url = create_database(server.url)
        upgrade(url)
        settings = Settings(
            home=home,
            cache=home / "cache",
            postgres_url=SecretStr(url),
            read_your_writes_timeout_s=60,
            redis_url=None,
        )
        stop = threading.Event()
        with projection_runner(settings) as runner, ThreadPoolExecutor(1) as thread:
            running = thread.submit(runner.run, stop)
            try:
                figures = _figures(settings, url, home, rounds)
            finally:
                stop.set()
            running.result()
        return figures


def _figures(settings: Settings, url: str, home: Path, rounds: int) -> list[Row]:
    def connect() -> psycopg.Connection[Any]:
        return psycopg.connect(url, autocommit=True, options="-c search_path=read")

    with distributed(settings) as platform:
        fill(platform)
        return beside(platform, ByHand(connect, "%s").app(), home, rounds)


if __name__ == "__main__":
    print_report(__doc__, run, rounds=200)
