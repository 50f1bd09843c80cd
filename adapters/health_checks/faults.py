"""Injected faults: a server that never answers, work that never ends, a pool of one."""

import socket
import tempfile
import threading
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NoReturn, Self
from uuid import UUID

import sqlalchemy as sa

from adapters.clock import new_id, utc_now
from adapters.jobs.sql import SqlJobStore
from adapters.media.filesystem import FolderMediaStore
from adapters.read_models.database import SCHEMA, Database
from adapters.sql.engines import open_engine
from application.analysis.jobs import AnalysisJob, AnalysisJobService
from application.kernel.cache import NO_CACHE, Cache
from application.operations.principles.kernel import TENANT
from domain.ids import UserId
from domain.kernel import Rejected

PATIENCE_S: Final = 0.5
"""Longest wait for the only connection of a pool."""


class SilentServer:
    """Satisfies `waiting.Deaf`: accepts every connection and never answers."""

    def __init__(self) -> None:
        self.cache: Cache = NO_CACHE
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._taken: list[socket.socket] = []
        self._taking = threading.Thread(target=self._take, daemon=True)

    @property
    def url(self) -> str:
        """Redis URL of this server."""
        return f"redis://127.0.0.1:{self._listener.getsockname()[1]}/0"

    def connections(self) -> int:
        """Count the accepted connections."""
        return len(self._taken)

    def _take(self) -> None:
        with suppress(OSError):  # it is closed at the end
            while True:
                self._taken.append(self._listener.accept()[0])

    def __enter__(self) -> Self:
        self._taking.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._taking.join()
        for connection in (*self._taken, self._listener):
            connection.close()


class LetGo(Rejected):
    """The slow work was only for show."""

    code = "doctor.let_go"


class Stalled:
    """Satisfies `waiting.SlowWork` with an analysis that runs until it is released."""

    def __init__(self) -> None:
        self._free = threading.Event()
        self._opened = ExitStack()
        self._job: UUID | None = None

    def __enter__(self) -> Self:
        folder = Path(self._opened.enter_context(tempfile.TemporaryDirectory()))
        engine = open_engine(sa.URL.create("sqlite", database=str(folder / "jobs")), schema="")
        self._opened.callback(engine.dispose)
        self._media = FolderMediaStore(folder / "media")
        analyzer: Any = self
        self._jobs = AnalysisJobService(SqlJobStore(engine), analyzer, self._media)
        self._opened.callback(self._jobs.stop)
        self._opened.callback(self._free.set)
        self._jobs.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._opened.close()

    def analyze(self, *_: object, **__: object) -> NoReturn:
        """Act as the analyzer."""
        self._free.wait()
        raise LetGo

    def submit(self) -> None:
        """Submit an analysis."""
        job_id = new_id()
        job = AnalysisJob(
            id=job_id,
            tenant_id=TENANT,
            athlete_id=UserId("doctor"),
            exercise=None,
            name="",
            video=self._media.put(TENANT, b"nothing to be seen", prefix=str(job_id)),
            correlation_id=new_id(),
            created_at=utc_now(),
        )
        self._job = self._jobs.submit(job).id

    def state(self) -> str:
        """Return the state of the analysis."""
        return "unknown" if self._job is None else self._jobs.get(TENANT, self._job).state

    def let_go(self) -> None:
        """Let the analysis end."""
        self._free.set()


class LonelyPool:
    """Satisfies `waiting.Pool` with the read models' database."""

    def __init__(self, url: str) -> None:
        engine = open_engine(url, schema=SCHEMA, connections=1, patience_s=PATIENCE_S)
        self._database = Database(engine)
        self._lent = ExitStack()

    def take(self) -> None:
        """Take the only connection."""
        self._lent.enter_context(self._database.read())

    def give_back(self) -> None:
        """Return the connection."""
        self._lent.close()

    def ask(self) -> None:
        """Run a query. Raises StorageUnavailable."""
        with self._database.read() as connection:
            connection.exec_driver_sql("SELECT 1")

    def close(self) -> None:
        """Close the pool."""
        self._database.close()
