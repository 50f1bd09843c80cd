"""Read models are filled with what happened to people who are remembered."""

from adapters.identity.database import IdentityDatabase
from adapters.privacy.forgotten import ForgottenPeople
from application.ports import EventLog
from application.privacy.withholding import WithholdingReader


def remembering(log: EventLog, accounts: IdentityDatabase) -> WithholdingReader:
    """Give the log as read models are to be filled from it."""
    return WithholdingReader(log, ForgottenPeople(accounts))
