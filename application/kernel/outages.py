"""Outages that pass by themselves: background work that meets one goes on later."""

from typing import Final

from application.kernel.command_handler import TooManyConflicts
from application.kernel.encryption import KmsUnavailable
from application.kernel.ports import StorageUnavailable
from application.kernel.read_models import ReadModelUnavailable
from application.kernel.read_your_writes import ReadModelsStale

OUTAGES: Final = (
    StorageUnavailable,
    KmsUnavailable,
    ReadModelUnavailable,
    ReadModelsStale,
    TooManyConflicts,
)

MAX_ENDED_ATTEMPTS: Final = 2
"""Attempts of work whose child process was ended: by the system, as for memory, or by its input."""
