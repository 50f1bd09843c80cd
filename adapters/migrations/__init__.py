"""Database migrations: an idempotent upgrade that runs before the database is used.

The revisions are SQL files in `versions`, and are part of the wheel. `upgrade` runs those that a
database does not have yet. It logs in as the owner of the database, who may create roles; the log
itself then works with the rights of the roles that the first revision creates, so its user must be
a member of `kinelog_app` and `kinelog_reader`. That may be another login, without the right to
change the log: `separate_logins`.
"""

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script.revision import ResolutionError
from alembic.util import CommandError
from sqlalchemy import create_engine, pool

from adapters.analytics.public_fields import declare_open_fields
from adapters.event_log.codec import EVENT_UNIONS
from adapters.event_log.postgres_errors import place_of, storage_failures
from adapters.migrations.separate_logins import separate
from application.analytics.public_fields import open_fields
from domain.kernel import Rejected

SCHEMA = "kinelog"
LOCK = 7595438420
"""The key of the advisory lock of upgrades; `kinelog.append` has the next one."""


class DatabaseNewer(Rejected):
    """A newer release of Kinelog upgraded this database. Use that release, or a later one."""

    code = "storage.newer"
    kind = "unavailable"


def upgrade(url: str, *, run_time_login: str | None = None) -> None:
    """Run the revisions that the database lacks, in one transaction.

    The list of event fields that analysts may see is updated each time: event types declare it.
    With `run_time_login`, the user of `url` keeps the log for itself, and gives the tables that
    running processes change to that login. Raises LoginsNotReady.
    Raises DatabaseNewer for a database with a revision that this release lacks.

    Concurrent processes may call it, on one database or several; threads of one process may not.
    `url` is a libpq connection string. Raises StorageUnavailable and, if a revision fails,
    SQLAlchemy's DBAPIError.
    """
    with storage_failures(place_of(url)):
        opened = psycopg.connect(url)
    engine = create_engine(
        "postgresql+psycopg://",
        creator=lambda: opened,
        poolclass=pool.NullPool,
        hide_parameters=True,
    )
    with engine.begin() as connection:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        config = Config()
        config.set_main_option("script_location", "adapters:migrations")
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            if isinstance(error.__cause__, ResolutionError):
                raise DatabaseNewer from error
            raise
        declare_open_fields(connection, open_fields(EVENT_UNIONS))
        if run_time_login is not None:
            separate(connection, run_time_login)
