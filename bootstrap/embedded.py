"""Kinelog in one process: SQLite, a media folder, and nothing else to install or start."""

from collections.abc import Generator
from contextlib import ExitStack, contextmanager

from sqlalchemy import URL

from adapters.clock import new_id, utc_now
from adapters.eventlog.sqlite import SqliteEventLog
from adapters.jobs.sql import SqlJobStore
from adapters.readmodels.database import Database
from adapters.readmodels.filling import SqlProjectionTables
from adapters.readmodels.sql import SqlReadModels
from application.platform import Platform
from application.projecting import catch_up, prepare
from bootstrap.assembling import Storage, assemble, made
from bootstrap.settings import Settings
from projections.catalogue import ALL


@contextmanager
def embedded(settings: Settings) -> Generator[Platform]:
    """Open the data folder and put the platform together; close everything at the end.

    Raises StorageUnavailable where the folder cannot be made or written to.
    """
    home = made(settings.home)
    with ExitStack() as opened:
        log = SqliteEventLog(home / "log.sqlite3", clock=utc_now, new_id=new_id)
        opened.callback(log.close)
        database = Database(URL.create("sqlite", database=str(home / "tables.sqlite3")))
        opened.callback(database.close)
        tables = SqlProjectionTables(database)
        prepare(log, tables, ALL)
        catch_up(log, tables, ALL)

        def fresh(position: int, _timeout_s: float) -> bool:
            return all(table.position >= position for table in catch_up(log, tables, ALL))

        storage = Storage(
            log=log,
            read=SqlReadModels(database),
            tables=tables,
            jobs=SqlJobStore(database.engine),
            settled=lambda _: catch_up(log, tables, ALL),
            fresh=fresh,
        )
        yield assemble(settings, storage)
