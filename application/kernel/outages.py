"""Kinds of failures: whether waiting helps, and whether everyone is affected.

Background work that meets an outage goes on later.
"""

from typing import Final

from application.kernel.command_handler import TooManyConflicts
from application.kernel.encryption import KeyDisabled, KmsUnavailable
from application.kernel.ports import EventUnreadable, StorageUnavailable
from application.kernel.read_models import ReadModelUnavailable
from application.kernel.read_your_writes import ReadModelsStale
from domain.kernel import Rejected

OUTAGES: Final = (
    StorageUnavailable,
    KmsUnavailable,
    ReadModelUnavailable,
    ReadModelsStale,
    TooManyConflicts,
)

MAX_ENDED_ATTEMPTS: Final = 2
"""Attempts of work whose child process was ended: by the system, as for memory, or by its input."""


class LeadershipLost(Rejected):
    """Another instance may have taken over: this one no longer holds the lock."""

    code = "relay.lost"
    kind = "conflict"


def is_transient(error: Exception) -> bool:
    """Whether waiting may help: something is unavailable, or another instance leads."""
    if isinstance(error, LeadershipLost):
        return True
    return isinstance(error, Rejected) and error.kind == "unavailable"


def is_outage(error: Exception) -> bool:
    """Whether something is unavailable to all: neither a disabled key nor damage is an outage."""
    return is_transient(error) and not isinstance(error, KeyDisabled | EventUnreadable)


def is_permanent(error: Exception) -> bool:
    """Whether an immediate retry would fail in the same way."""
    return isinstance(error, Rejected) and not is_outage(error)
