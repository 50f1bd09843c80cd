"""Who has which role with a tenant, and when others learn of a change."""

from dataclasses import dataclass
from uuid import UUID

from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import Clock
from application.users.sign_in import SigningIn
from domain.ids import UserId
from domain.kernel import Origin
from domain.tenants import commands as asked
from domain.tenants.roles import StaffRole
from domain.tenants.tenant import TENANT, TENANT_STREAM_ID


@dataclass(frozen=True)
class Staffing:
    """Tenants and the roles of their staff."""

    commands: CommandHandler
    signing_in: SigningIn
    clock: Clock

    def create_tenant(
        self, name: str, administrator: UserId, *, origin: Origin, command_id: UUID
    ) -> None:
        """Create the tenant of this origin. Raises TenantAlreadyCreated."""
        wish = asked.CreateTenant(name=name, administrator=administrator, at=self.clock())
        self._ask(wish, origin=origin, command_id=command_id)

    def grant(self, user_id: UserId, role: StaffRole, *, origin: Origin, command_id: UUID) -> None:
        """Give a role; it is in the next access token. Raises TenantUnknown."""
        wish = asked.GrantRole(user_id=user_id, role=role)
        self._ask(wish, origin=origin, command_id=command_id)

    def withdraw(
        self, user_id: UserId, role: StaffRole, *, origin: Origin, command_id: UUID
    ) -> None:
        """Take a role away at once: tokens that name it are refused, and devices sign in anew.

        Raises TenantUnknown and LastAdministrator.
        """
        wish = asked.WithdrawRole(user_id=user_id, role=role)
        self._ask(wish, origin=origin, command_id=command_id)
        self.signing_in.sign_out_everywhere(origin.tenant_id, user_id)

    def _ask(self, wish: asked.TenantCommand, *, origin: Origin, command_id: UUID) -> None:
        request = Request(TENANT, TENANT_STREAM_ID, [wish])
        self.commands.execute(request, origin=origin, command_id=command_id)
