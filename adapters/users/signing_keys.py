"""Signing keys on SQL. Private keys are wrapped."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from adapters.users.database import IdentityDatabase, add_once
from adapters.users.tables import SIGNING_KEY


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A wrapped key. `verifies_until` is None for the current signing key."""

    kid: str
    wrapped: bytes
    made_at: datetime
    verifies_until: datetime | None


class SqlSigningKeys:
    """Store of signing keys in the table `signing_key`. Every method raises StorageUnavailable."""

    def __init__(self, database: IdentityDatabase) -> None:
        self._database = database

    def all(self) -> list[StoredKey]:
        """Return all keys: the signing key first, then the others, newest first."""
        succeeded = SIGNING_KEY.c.verifies_until.is_not(None)
        order = (succeeded, SIGNING_KEY.c.made_at.desc(), SIGNING_KEY.c.kid)
        with self._database.of_platform() as connection:
            rows: Any = connection.execute(sa.select(SIGNING_KEY).order_by(*order)).all()
        return [StoredKey(row.kid, row.wrapped, row.made_at, row.verifies_until) for row in rows]

    def rotate(self, kid: str, wrapped: bytes, *, at: datetime, until: datetime) -> None:
        """Store a new signing key. The others verify until the given time, then are deleted."""
        row = {"kid": kid, "wrapped": wrapped, "made_at": at}
        signing = SIGNING_KEY.c.verifies_until.is_(None)
        with self._database.of_platform() as connection:
            connection.execute(sa.delete(SIGNING_KEY).where(SIGNING_KEY.c.verifies_until <= at))
            connection.execute(sa.update(SIGNING_KEY).where(signing).values(verifies_until=until))
            add_once(connection, SIGNING_KEY, row)
