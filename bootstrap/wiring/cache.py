"""Read models are filled with what happened to people who are remembered."""

from adapters.privacy.erased_subjects import ErasedSubjects
from adapters.users.database import IdentityDatabase
from application.kernel.ports import EventLog
from application.privacy.redaction import RedactingLogReader


def build_projection_log(log: EventLog, accounts: IdentityDatabase) -> RedactingLogReader:
    """Give the log as read models are to be filled from it."""
    return RedactingLogReader(log, ErasedSubjects(accounts))
