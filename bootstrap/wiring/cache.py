"""Read models are filled with what happened to people who are remembered."""

from adapters.privacy.erased_subjects import ForgottenPeople
from adapters.users.database import IdentityDatabase
from application.kernel.ports import EventLog
from application.privacy.redaction import WithholdingReader


def build_projection_log(log: EventLog, accounts: IdentityDatabase) -> WithholdingReader:
    """Give the log as read models are to be filled from it."""
    return WithholdingReader(log, ForgottenPeople(accounts))
