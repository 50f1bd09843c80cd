"""Reauthentication before irreversible actions, and the use cases of privacy."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from application.kernel.ports import Clock
from application.privacy.access_log import AccessLog
from application.privacy.consents import ConsentService
from application.privacy.data_exports import DataExportService
from application.privacy.erasure import ErasureService
from application.privacy.retention import DailyJob, RetentionService
from application.users.sign_in import SignInService
from application.users.tokens import AccessClaims
from domain.ids import TenantId
from domain.kernel import Rejected

RECENT: Final = timedelta(minutes=10)
"""A sign-in this recent counts as reauthentication; otherwise the password is required."""


class ReauthenticationNeeded(Rejected):
    """This cannot be undone. Sign in again, or send your password."""

    code = "auth.reauthentication_needed"
    kind = "forbidden"


@dataclass(frozen=True)
class Reauthentication:
    """Requires a recent sign-in or the password, in case a device is left unattended."""

    sign_in_service: Callable[[], SignInService]
    began_at: Callable[[TenantId, UUID], datetime | None]
    clock: Clock

    def require(self, claims: AccessClaims, password: str | None) -> None:
        """Raise ReauthenticationNeeded without a recent sign-in or the right password.

        Raises PasswordsBusy.
        """
        began = self.began_at(claims.tenant_id, claims.sign_in_id)
        if began is not None and self.clock() - began <= RECENT:
            return
        if password is None or not self._matches(claims, password):
            raise ReauthenticationNeeded

    def _matches(self, claims: AccessClaims, password: str) -> bool:
        sign_in_service = self.sign_in_service()
        stored = sign_in_service.credentials.find(claims.tenant_id, claims.user_id)
        return sign_in_service.passwords.check(password, stored).matches


@dataclass(frozen=True)
class PrivacyServices:
    """Use cases of privacy, built once by the composition root.

    `later` runs a task after the response has been sent. `daily` builds the daily job for the
    process that runs it.
    """

    erasure: ErasureService
    exports: DataExportService
    reauthentication: Reauthentication
    consents: ConsentService
    access: AccessLog
    retention: RetentionService
    later: Callable[[Callable[[], object]], None]
    daily: Callable[[], DailyJob]
