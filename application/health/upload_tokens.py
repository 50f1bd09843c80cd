"""Upload tokens: a phone sends health records of one source with one, also in the background.

A token opens nothing else. The log has its digest only, and it ends with the next token, with the
consent to the source, or after 90 days. A phone renews it with itself. Each has a sign-in, which is
listed with the person's others: what ends all of these, such as a new password, ends the token.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from application.health.service import integration_id
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import AppendResult, Clock, EventLog
from application.users.errors import SignInEnded
from application.users.sign_in import SignInService
from domain.health.choices import SourceUnknown, find_source
from domain.health.events import Source
from domain.health.integration import (
    HEALTH_INTEGRATION,
    Integration,
    IssueToken,
    UploadTokenRefused,
)
from domain.ids import TenantId, UserId
from domain.kernel import Origin
from domain.users.user import USER, Erased, Registered
from projections.health_integration import HealthIntegration

PREFIX: Final = "kinelog-upload"
"""First part of a token; scanners for leaked secrets find it by this."""

LIFETIME: Final = timedelta(days=90)

LONGEST_USE: Final = timedelta(days=365)
"""How long a phone can renew its token before the person signs in on it again."""

SECRET_BYTES: Final = 32

LONGEST: Final = 512
"""Characters of a token; no token that was issued is longer."""


@dataclass(frozen=True, slots=True)
class Upload:
    """The person and source that a token is for, and its end."""

    tenant_id: TenantId
    user_id: UserId
    source: Source
    sign_in_id: UUID
    expires_at: datetime


@dataclass(frozen=True)
class UploadTokens:
    """Issues and verifies upload tokens."""

    log: EventLog
    commands: CommandHandler
    sign_ins: Callable[[], SignInService]
    clock: Clock

    def issue(
        self,
        user_id: UserId,
        source: Source,
        *,
        signed_in: UUID | None,
        origin: Origin,
        command_id: UUID,
    ) -> tuple[str, datetime, AppendResult]:
        """Return a new token and its end; the one before ends at once, or a day after a renewal.

        `signed_in` is the caller's sign-in: that of a token renews this token. Raises NotConnected,
        UploadTokenRefused, SignInEnded and StorageUnavailable.
        """
        secret = secrets.token_urlsafe(SECRET_BYTES)
        now, tenant_id = self.clock(), origin.tenant_id
        integration = self._integration(tenant_id, user_id, source)
        before, since = integration.sign_in_id, integration.signed_in_at
        renewal = before is not None and before == str(signed_in)
        begin = since if renewal and since is not None else now
        command = IssueToken(
            user_id=user_id,
            digest=_digest(secret),
            expires_at=min(now + LIFETIME, begin + LONGEST_USE),
            sign_in_id=str(signed_in if renewal else command_id),
            renewal=renewal,
            at=now,
        )
        request = Request(HEALTH_INTEGRATION, integration_id(user_id, source), [command])
        appended = self.commands.execute(request, origin=origin, command_id=command_id)
        if not renewal:
            self._end(tenant_id, before)
            self.sign_ins().begin_for_device(tenant_id, user_id, command_id, lifetime=LONGEST_USE)
            self._require_signed_in(tenant_id, signed_in, command_id)
        token = f"{PREFIX}~{origin.tenant_id}~{source}~{user_id}~{secret}"
        return token, command.expires_at, appended

    def _require_signed_in(
        self, tenant_id: TenantId, signed_in: UUID | None, sign_in_id: UUID
    ) -> None:
        """End the new sign-in of a token if that of the caller has just ended. Raises SignInEnded.

        What ended all sign-ins, such as a new password, could not end the one that begins now.
        """
        stored = self.sign_ins().sign_ins  # caches can be half a second behind
        if signed_in is not None and not stored.is_live(tenant_id, signed_in, self.clock()):
            self._end(tenant_id, str(sign_in_id))
            raise SignInEnded

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
        integration = self._integration(tenant_id, user_id, source)
        digest, sign_in_id = _digest(secret), integration.sign_in_id
        same = [each for each in integration.tokens if hmac.compare_digest(each.digest, digest)]
        if (
            not same
            or self.clock() >= same[0].expires_at
            or sign_in_id is None
            or not self.sign_ins().is_live(tenant_id, UUID(sign_in_id))
            or self._is_withheld(tenant_id, user_id)
        ):
            raise UploadTokenRefused
        return Upload(tenant_id, user_id, source, UUID(sign_in_id), same[0].expires_at)

    def expires_at(self, tenant_id: TenantId, row: HealthIntegration) -> datetime | None:
        """Return the end of the token of an integration, or None without a valid one."""
        end, sign_in_id = row.token_expires_at, row.token_sign_in_id
        if end is None or sign_in_id is None or self.clock() >= end:
            return None
        return end if self.sign_ins().is_live(tenant_id, UUID(sign_in_id)) else None

    def revoke(self, tenant_id: TenantId, user_id: UserId, source: Source) -> None:
        """End the tokens of a source at once. Idempotent."""
        self._end(tenant_id, self._integration(tenant_id, user_id, source).sign_in_id)

    def _end(self, tenant_id: TenantId, sign_in_id: str | None) -> None:
        if sign_in_id is not None:
            self.sign_ins().sign_out(tenant_id, UUID(sign_in_id))

    def _integration(self, tenant_id: TenantId, user_id: UserId, source: Source) -> Integration:
        stream = f"{HEALTH_INTEGRATION.category}-{integration_id(user_id, source)}"
        history = self.log.load(tenant_id, stream)
        return HEALTH_INTEGRATION.fold(recorded.event for recorded in history)

    def _is_withheld(self, tenant_id: TenantId, user_id: UserId) -> bool:
        """Return whether the account is suspended or erased."""
        history = self.log.load(tenant_id, f"{USER.category}-{user_id}")
        user = USER.fold(recorded.event for recorded in history)
        return isinstance(user, Erased) or (isinstance(user, Registered) and user.suspended)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
