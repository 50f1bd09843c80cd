"""Upload tokens: a phone sends health records of one source with one, also in the background.

A token opens nothing else. The log has its digest only, and it ends with the next token, with the
consent to the source, or after 90 days. A phone renews it with itself.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from application.health.service import integration_id
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import AppendResult, Clock, EventLog
from domain.health.choices import SourceUnknown, find_source
from domain.health.events import Source
from domain.health.integration import HEALTH_INTEGRATION, IssueToken
from domain.ids import TenantId, UserId
from domain.kernel import Origin, Rejected
from domain.users.user import USER, Erased, Registered

PREFIX: Final = "kinelog-upload"
"""First part of a token; scanners for leaked secrets find it by this."""

LIFETIME: Final = timedelta(days=90)

SECRET_BYTES: Final = 32

LONGEST: Final = 512
"""Characters of a token; no token that was issued is longer."""


class UploadTokenRefused(Rejected):
    """This upload token is invalid, has expired or was replaced. Connect the source again."""

    code = "health.upload_token_refused"
    kind = "unauthenticated"


@dataclass(frozen=True, slots=True)
class Upload:
    """The person and source that a token is for, and its end."""

    tenant_id: TenantId
    user_id: UserId
    source: Source
    expires_at: datetime


@dataclass(frozen=True)
class UploadTokens:
    """Issues and verifies upload tokens."""

    log: EventLog
    commands: CommandHandler
    clock: Clock

    def issue(
        self, user_id: UserId, source: Source, *, origin: Origin, command_id: UUID
    ) -> tuple[str, datetime, AppendResult]:
        """Return a new token and its end; the one before ends at once. Raises NotConnected."""
        secret = secrets.token_urlsafe(SECRET_BYTES)
        now = self.clock()
        command = IssueToken(
            user_id=user_id, digest=_digest(secret), expires_at=now + LIFETIME, at=now
        )
        request = Request(HEALTH_INTEGRATION, integration_id(user_id, source), [command])
        appended = self.commands.execute(request, origin=origin, command_id=command_id)
        token = f"{PREFIX}~{origin.tenant_id}~{source}~{user_id}~{secret}"
        return token, command.expires_at, appended

    def verify(self, token: str) -> Upload:
        """Return what a token is for. Raises UploadTokenRefused and StorageUnavailable."""
        parts = token.split("~") if len(token) <= LONGEST else []
        if len(parts) != len(("prefix", "tenant", "source", "user", "secret")):
            raise UploadTokenRefused
        prefix, tenant, named, user, secret = parts
        if prefix != PREFIX:
            raise UploadTokenRefused
        try:
            source = find_source(named)
        except SourceUnknown as unknown:
            raise UploadTokenRefused from unknown
        tenant_id, user_id = TenantId(tenant), UserId(user)
        stream = f"{HEALTH_INTEGRATION.category}-{integration_id(user_id, source)}"
        history = self.log.load(tenant_id, stream)
        integration = HEALTH_INTEGRATION.fold(recorded.event for recorded in history)
        issued = integration.token
        if (
            issued is None
            or not hmac.compare_digest(issued.digest, _digest(secret))
            or self.clock() >= issued.expires_at
            or self._is_withheld(tenant_id, user_id)
        ):
            raise UploadTokenRefused
        return Upload(tenant_id, user_id, source, issued.expires_at)

    def _is_withheld(self, tenant_id: TenantId, user_id: UserId) -> bool:
        """Return whether the account is suspended or erased."""
        history = self.log.load(tenant_id, f"{USER.category}-{user_id}")
        user = USER.fold(recorded.event for recorded in history)
        return isinstance(user, Erased) or (isinstance(user, Registered) and user.suspended)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
