"""What people can ask for about what is known of them, put together by the composition root."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from application.kernel.ports import Clock
from application.privacy.access_log import AccessLog
from application.privacy.consents import Consents
from application.privacy.daily_work import DailyWork
from application.privacy.data_exports import DataExportService
from application.privacy.erasure import ErasureService
from application.privacy.retention import RetentionService
from application.users.sign_in import SignInService
from application.users.tokens import AccessClaims
from domain.ids import TenantId
from domain.kernel import Rejected

RECENT: Final = timedelta(minutes=10)
"""Whoever signed in so lately has shown who they are; others show it again by their password."""


class ReauthenticationNeeded(Rejected):
    """Sign in again, or send the password: this cannot be undone."""

    code = "auth.reauthentication_needed"
    kind = "forbidden"


@dataclass(frozen=True)
class Reauthentication:
    """Makes sure that it is the person themselves who asks, and not somebody at their device."""

    sign_in_service: Callable[[], SignInService]
    began_at: Callable[[TenantId, UUID], datetime | None]
    clock: Clock

    def require(self, claims: AccessClaims, password: str | None) -> None:
        """Raise ReauthenticationNeeded where neither the sign-in is recent nor the password fits.

        Raises PasswordsBusy.
        """
        began = self.began_at(claims.tenant_id, claims.sign_in_id)
        if began is not None and self.clock() - began <= RECENT:
            return
        if password is None or not self._fits(claims, password):
            raise ReauthenticationNeeded

    def _fits(self, claims: AccessClaims, password: str) -> bool:
        sign_in_service = self.sign_in_service()
        stored = sign_in_service.credentials.find(claims.tenant_id, claims.user_id)
        return sign_in_service.passwords.check(password, stored).matches


@dataclass(frozen=True)
class PrivacyServices:
    """The use cases of privacy. `later` does something after the answer has been given.

    `daily` gives what does the work of each day, for whoever is to do it.
    """

    erasure: ErasureService
    exports: DataExportService
    reauthentication: Reauthentication
    consents: Consents
    access: AccessLog
    retention: RetentionService
    later: Callable[[Callable[[], object]], None]
    daily: Callable[[], DailyWork]
