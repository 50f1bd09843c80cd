"""Database errors as `StorageUnavailable`, and those that the values of a row cause."""

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
"""No such database, schema or table, or no access to it: PostgreSQL manual, appendix A."""

UNKNOWN_ROLE: Final = "22023"
"""A role that does not exist is an invalid value of a setting, as others may be."""

ASSUMING_A_ROLE: Final = ("SELECT set_config('role'", "SET LOCAL ROLE")
"""Beginnings of the statements that set a role."""

LOCKED: Final = "55P03"
"""Others held a lock for longer than we wait."""

TOO_LARGE: Final = "54"
"""The class of values that PostgreSQL cannot hold, such as a key of 3 kB in an index."""


@contextmanager
def storage_errors(what: str) -> Generator[None]:
    """Translate database errors to StorageUnavailable; programming errors pass through unchanged.

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
    """Check whether the storage caused the error, rather than the statement."""
    if isinstance(error, ProgrammingError):
        return sqlstate(error) in NOT_THERE
    if sqlstate(error) == UNKNOWN_ROLE:
        return (error.statement or "").startswith(ASSUMING_A_ROLE)
    if isinstance(error, DataError | IntegrityError | NotSupportedError):
        return False
    return not sqlstate(error).startswith(TOO_LARGE)


def values_at_fault(error: Exception) -> bool:
    """Check whether this row cannot be stored; otherwise the storage cannot store any."""
    if not isinstance(error, DBAPIError):
        return True
    if error.connection_invalidated or sqlstate(error) in NOT_THERE:
        return False
    if isinstance(error, OperationalError | InternalError):
        return sqlstate(error).startswith(TOO_LARGE)
    return True


def sqlstate(error: DBAPIError) -> str:
    """Return PostgreSQL's code of an error; empty if there is none, as with SQLite."""
    return getattr(error.orig, "sqlstate", None) or ""


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).partition("\n")[0].rstrip(".")
