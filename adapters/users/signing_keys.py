"""Signing keys on SQL. Private keys are wrapped."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from adapters.sql.inserts import add_once
from adapters.users.database import IdentityDatabase
from adapters.users.tables import FORMER_SIGNING_KEY, SIGNING_KEY


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A wrapped key. `verifies_until` is None for the current signing key."""

    kid: str
    wrapped: bytes
    made_at: datetime
    verifies_until: datetime | None


def about_signing_key(kid: str) -> str:
    """Return the `about` with which the KMS wraps a signing key, for the tenant `default`."""
    return f"#signing-key {kid}"


class SqlSigningKeys:
    """Signing keys in the table `signing_key`, and a record of former ones.

    Every method raises StorageUnavailable.
    """

    def __init__(self, database: IdentityDatabase) -> None:
        self._database = database

    def all(self) -> list[StoredKey]:
        """Return all keys: the signing key first, then the others, newest first."""
        succeeded = SIGNING_KEY.c.verifies_until.is_not(None)
        order = (succeeded, SIGNING_KEY.c.made_at.desc(), SIGNING_KEY.c.kid)
        with self._database.of_platform() as connection:
            rows: Any = connection.execute(sa.select(SIGNING_KEY).order_by(*order)).all()
        return [StoredKey(row.kid, row.wrapped, row.made_at, row.verifies_until) for row in rows]

    def rotate(
        self,
        kid: str,
        wrapped: bytes,
        *,
        at: datetime,
        until: datetime,
        records: Mapping[str, bytes | None],
    ) -> None:
        """Store a new signing key. The others verify until the given time, then are deleted.

        `records` has an entry for each stored key: what to keep of it when it is deleted, if
        anything. A key that another process has stored since is not deleted yet.
        """
        row = {"kid": kid, "wrapped": wrapped, "made_at": at}
        signing = SIGNING_KEY.c.verifies_until.is_(None)
        expired = sa.and_(SIGNING_KEY.c.verifies_until <= at, SIGNING_KEY.c.kid.in_(records))
        with self._database.of_platform() as connection:
            for each, sealed in records.items():
                if sealed is not None:
                    add_once(connection, FORMER_SIGNING_KEY, {"kid": each, "sealed": sealed})
            connection.execute(sa.delete(SIGNING_KEY).where(expired))
            connection.execute(sa.update(SIGNING_KEY).where(signing).values(verifies_until=until))
            add_once(connection, SIGNING_KEY, row)

    def record(self, kid: str) -> bytes | None:
        """Return what was kept of a rotated key; None if there was none with this id."""
        kept = sa.select(FORMER_SIGNING_KEY.c.sealed).where(FORMER_SIGNING_KEY.c.kid == kid)
        with self._database.of_platform() as connection:
            return connection.execute(kept).scalar_one_or_none()
