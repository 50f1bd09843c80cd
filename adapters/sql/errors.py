"""A database can be away, full or overrun, or it can be asked something it cannot do."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import (
    DatabaseError,
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    InternalError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from application.kernel.ports import StorageUnavailable

NOT_THERE: Final = frozenset({"3D000", "3F000", "42501", "42P01"})
"""No such database, schema or table, or none that we may use: PostgreSQL manual, appendix A."""

LOCKED: Final = "55P03"
"""Others held what we wanted for longer than we wait."""

TOO_LARGE: Final = "54"
"""The class of values beyond what PostgreSQL can hold, as a key of 3 kB in an index."""


@contextmanager
def storage_errors(what: str) -> Generator[None]:
    """Turn what a database cannot do into StorageUnavailable; our own mistakes stay what they are.

    `what` begins the sentence, for example "The read models".
    """
    try:
        yield
    except PoolTimeout as error:
        raise StorageUnavailable(f"{what} cannot be reached: too many ask at once.") from error
    except (DatabaseError, InterfaceError) as error:
        if not storage_at_fault(error):
            raise
        raise StorageUnavailable(f"{what} cannot be reached: {_first_line(error)}.") from error


def storage_at_fault(error: DBAPIError) -> bool:
    """Whether the statement would have been carried out, had the storage been as it should."""
    if isinstance(error, ProgrammingError):
        return sqlstate(error) in NOT_THERE
    if isinstance(error, DataError | IntegrityError | NotSupportedError):
        return False
    return not sqlstate(error).startswith(TOO_LARGE)


def values_at_fault(error: Exception) -> bool:
    """Whether a row cannot be held as it is; otherwise the storage cannot hold any."""
    if not isinstance(error, DBAPIError):
        return True
    if error.connection_invalidated or sqlstate(error) in NOT_THERE:
        return False
    if isinstance(error, OperationalError | InternalError):
        return sqlstate(error).startswith(TOO_LARGE)
    return True


def sqlstate(error: DBAPIError) -> str:
    """Return PostgreSQL's code of an error; empty where there is none, as with SQLite."""
    return getattr(error.orig, "sqlstate", None) or ""


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).partition("\n")[0].rstrip(".")
