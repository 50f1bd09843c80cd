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
from application.privacy.erasure_notice import ErasureNotice
from application.privacy.retention import DailyJob, RetentionService
from application.users.errors import ConfirmationRequired
from application.users.sign_in import SignInService
from application.users.tokens import AccessClaims
from domain.ids import TenantId, UserId
from domain.kernel import Origin, Rejected
from domain.users.user import Registered

RECENT: Final = timedelta(minutes=10)
"""A sign-in this recent counts as reauthentication; otherwise the password is required."""


class ReauthenticationNeeded(Rejected):
    """This cannot be undone. Sign in again, or send your password."""

    code = "auth.reauthentication_needed"
    kind = "forbidden"


class WrongPassword(Rejected):
    """This is not your password. Nothing was changed."""

    code = "auth.wrong_password"
    kind = "forbidden"


@dataclass(frozen=True)
class Reauthentication:
    """Requires a recent sign-in or the password, in case a device is left unattended.

    Users with a second factor confirm the sign-in with it instead.
    """

    sign_in_service: Callable[[], SignInService]
    began_at: Callable[[TenantId, UUID], datetime | None]
    clock: Clock

    def require(self, claims: AccessClaims, password: str | None) -> None:
        """Raise ReauthenticationNeeded without a recent sign-in or the right password.

        A password that is sent has to be the right one, even after a recent sign-in.

        Raises WrongPassword, TooManyAttempts, PasswordsBusy, and, as `require_confirmation`,
        ConfirmationRequired.
        """
        if self.require_confirmation(claims):
            return
        if password is not None:
            if not self._matches(claims, password):
                raise WrongPassword
            return
        began = self.began_at(claims.tenant_id, claims.sign_in_id)
        if began is None or self.clock() - began > RECENT:
            raise ReauthenticationNeeded

    def require_confirmation(self, claims: AccessClaims) -> bool:
        """Return whether the user has a second factor.

        Raises ConfirmationRequired if they have, and have not confirmed the sign-in recently.
        """
        services = self.sign_in_service()
        user = services.accounts.user(claims.tenant_id, claims.user_id)
        if not isinstance(user, Registered) or not user.second_factors:
            return False
        at = services.second_factors.confirmed_at(claims.tenant_id, claims.sign_in_id)
        if at is None or self.clock() - at > RECENT:
            raise ConfirmationRequired
        return True

    def _matches(self, claims: AccessClaims, password: str) -> bool:
        service, tenant_id = self.sign_in_service(), claims.tenant_id
        key = service.attempts.begin_confirmation(tenant_id, claims.user_id, claims.sign_in_id)
        stored = service.credentials.find(tenant_id, claims.user_id)
        matches = service.passwords.check(password, stored).matches
        if matches:
            service.attempts.succeeded(key)
        return matches


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
    notice: ErasureNotice
    later: Callable[[Callable[[], object]], None]
    daily: Callable[[], DailyJob]

    def erase_at_once(self, user_id: UserId, *, origin: Origin) -> None:
        """Run an erasure that is due, after the e-mail about it. Raises what the run raises."""
        self.notice.wait_until_sent(origin.tenant_id, user_id)
        self.erasure.run(user_id, origin=origin)
