"""How somebody is forgotten: their account ends, and the key to all that was said about them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from application.kernel.encryption import FieldCipher
from application.kernel.ports import Clock
from application.users.accounts import Accounts
from application.users.ports import Credentials, IdentityIndex, SingleUseLinks
from application.users.sign_in import SignInService
from domain.ids import UserId
from domain.kernel import Origin
from domain.users import commands


@dataclass(frozen=True)
class AccountErasure:
    """Erasure of an account (C-24). Rows, media and caches go by whoever follows `user.erased`."""

    accounts: Accounts
    credentials: Credentials
    identities: IdentityIndex
    links: SingleUseLinks
    sign_in_service: SignInService
    sealer: FieldCipher
    clock: Clock

    def forget(self, user_id: UserId, *, origin: Origin, command_id: UUID) -> datetime:
        """Erase an account and tell when its key was destroyed; what was cut short is finished.

        Raises UserUnknown.
        """
        tenant_id, now = origin.tenant_id, self.clock()
        wish = commands.EraseUser(at=now)
        self.accounts.execute(user_id, [wish], origin=origin, command_id=command_id)
        self.sign_in_service.sign_out_everywhere(tenant_id, user_id)
        self.credentials.remove(tenant_id, user_id)
        self.identities.release_all(tenant_id, user_id)
        self.links.withdraw(tenant_id, user_id, "verify_email")
        self.links.withdraw(tenant_id, user_id, "reset_password")
        return self.sealer.destroy(tenant_id, user_id, now)
