"""Challenges of passkeys on SQL, deleted when used or expired."""

from datetime import datetime

import sqlalchemy as sa

from adapters.users.database import IdentityDatabase
from adapters.users.tables import PASSKEY_CHALLENGE, owned
from application.users.passkey_ports import Challenge


class SqlPasskeyChallenges:
    """Implements `Challenges`."""

    def __init__(self, database: IdentityDatabase) -> None:
        self._database = database

    def issue(self, challenge: Challenge, at: datetime, expires_at: datetime) -> None:
        row = {
            "tenant_id": challenge.tenant_id,
            "digest": challenge.digest,
            "purpose": challenge.purpose,
            "user_id": challenge.user_id,
            "sign_in_id": challenge.sign_in_id,
            "expires_at": expires_at,
        }
        expired = owned(PASSKEY_CHALLENGE, challenge.tenant_id) & (
            PASSKEY_CHALLENGE.c.expires_at <= at
        )
        with self._database.of_tenant(challenge.tenant_id) as connection:
            connection.execute(sa.delete(PASSKEY_CHALLENGE).where(expired))
            connection.execute(sa.insert(PASSKEY_CHALLENGE).values(row))

    def redeem(self, challenge: Challenge, at: datetime) -> bool:
        this = owned(
            PASSKEY_CHALLENGE,
            challenge.tenant_id,
            digest=challenge.digest,
            purpose=challenge.purpose,
            user_id=challenge.user_id,
            sign_in_id=challenge.sign_in_id,
        )
        valid = this & (PASSKEY_CHALLENGE.c.expires_at > at)
        with self._database.of_tenant(challenge.tenant_id) as connection:
            return connection.execute(sa.delete(PASSKEY_CHALLENGE).where(valid)).rowcount == 1
