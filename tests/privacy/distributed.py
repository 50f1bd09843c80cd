"""Distributed platforms whose users are erased."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from pydantic import SecretStr

from bootstrap.settings import Settings
from tests.api.cluster import at_work, cluster_database
from tools.local_services.postgres import LocalPostgres


def distributed_settings(folder: Path, postgres_url: str, **services: Any) -> Settings:
    """Return the settings of a platform on PostgreSQL, with those of `services`."""
    return Settings(
        home=folder / "home",
        cache=folder / "cache",
        postgres_url=SecretStr(postgres_url),
        erasure_wait_s=0,
        open_registration=True,
        read_your_writes_timeout_s=60,
        **services,
    )


@contextmanager
def distributed_platform(folder: Path, server: str) -> Generator[Settings]:
    """Run the processes of a platform on a new database of a server until the end of the block."""
    with cluster_database(server) as url:
        settings = distributed_settings(folder, url)
        with at_work(settings):
            yield settings


def database_folder(server: LocalPostgres, settings: Settings) -> Path:
    """Write all changes of a platform's database to its files, and return their folder."""
    assert settings.postgres_url is not None
    with psycopg.connect(settings.postgres_url.get_secret_value(), autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        (number,) = connection.execute(
            "SELECT oid FROM pg_database WHERE datname = current_database()"
        ).fetchall()[0]
    return server.folder / "data" / "base" / str(number)
