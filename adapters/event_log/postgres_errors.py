"""PostgreSQL errors as `StorageUnavailable`, such as a server that is unreachable or full."""

from collections.abc import Generator
from contextlib import contextmanager

import psycopg
from eventsourcing.persistence import PersistenceError
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import PoolClosed, PoolTimeout

from application.kernel.ports import StorageUnavailable

NO_ANSWER = "no connection can be made"
NOT_PREPARED = "it is not prepared, its migrations must be run"

OBSTACLES = {
    "08": "the connection was lost",
    "25006": "it cannot be written to",
    "28": "it denies access",
    "3F000": NOT_PREPARED,
    "42501": "the login lacks a right",
    "42883": NOT_PREPARED,
    "42P01": NOT_PREPARED,
    "53100": "the disk is full",
    "53200": "it has no memory left",
    "53300": "it has too many connections",
    "55P03": "others hold it for too long",
    "57P01": "it is shutting down",
    "57P02": "it is starting again after a crash",
    "57P03": "it is starting or shutting down",
    "58": "the disk does not obey",
    "XX001": "the data are damaged",
    "XX002": "an index is damaged",
}
"""Causes by SQLSTATE or by its first two characters, the class: PostgreSQL manual, appendix A."""

LOST = frozenset({"57P01", "57P02", "57P03"})
"""SQLSTATEs with which the server ends a connection."""

NO_ROLES = {"22023": NOT_PREPARED, "42501": OBSTACLES["28"]}
"""Causes by SQLSTATE when a connection takes the role of the log: there is none, or it may not."""


@contextmanager
def storage_failures(place: str) -> Generator[None]:
    """Translate server errors to StorageUnavailable; programming errors pass through unchanged.

    `place` names the database, as `place_of` does.
    """
    try:
        yield
    except (psycopg.Error, PersistenceError) as error:
        obstacle = _obstacle(_reported(error))
        if obstacle is None:
            raise
        raise StorageUnavailable(f"The event log {place} is not available: {obstacle}.") from error


def place_of(conninfo: str) -> str:
    """Name a database for people: its address and name, never a user or a password."""
    part = conninfo_to_dict(conninfo)
    return f"{part.get('host', 'local')}:{part.get('port', 5432)}/{part.get('dbname', '')}"


def connection_lost(error: BaseException) -> bool:
    """Check whether an open connection was lost, so that a retry on another one may succeed."""
    reported = _reported(error)
    if isinstance(reported, PoolTimeout | PoolClosed):
        return False
    if not isinstance(reported, psycopg.OperationalError):
        return False
    state = reported.sqlstate  # None if the server sent no code
    return state is None or state in LOST or state.startswith("08")


def _reported(error: BaseException) -> BaseException | None:
    """Return the psycopg error that the library wraps."""
    return error if isinstance(error, psycopg.Error) else error.__cause__


def _obstacle(reported: BaseException | None) -> str | None:
    if isinstance(reported, PoolTimeout):
        return _why_none(reported.__cause__)
    if isinstance(reported, PoolClosed) or not isinstance(reported, psycopg.Error):
        return None
    state = reported.sqlstate
    if state is None:
        return OBSTACLES["08"] if isinstance(reported, psycopg.OperationalError) else None
    if isinstance(reported, psycopg.errors.InsufficientPrivilege) and "row-level" in str(reported):
        return None  # a row of another tenant
    return OBSTACLES.get(state) or OBSTACLES.get(state[:2])


def _why_none(refusal: BaseException | None) -> str:
    """Explain why the pool had no connection: its last attempt may have been refused."""
    if refusal is None:
        return "too many ask it at once"
    state = refusal.sqlstate if isinstance(refusal, psycopg.Error) else None
    return NO_ROLES.get(state or "", NO_ANSWER)
