"""User administration: invitations, suspension, tenants and roles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from application.kernel.command_handler import Request
from application.kernel.ports import AppendResult, Clock, NewId
from application.privacy.last_administrator import (
    require_administrator,
    require_other_administrator,
)
from application.users.accounts import Accounts
from application.users.email_requests import EmailRequests
from application.users.errors import AddressTaken, OwnAccount
from application.users.plan_offers import PlanOffers
from application.users.ports import (
    Credentials,
    IdentityIndex,
    MintKey,
)
from application.users.sign_in import SignInService
from application.users.tenant_registry import TenantRegistry
from domain.catalog.commands import WithdrawPlan, WithdrawTrainerProfile
from domain.catalog.plan import PLAN
from domain.catalog.trainer import TRAINER, Profile
from domain.ids import TenantId, UserId
from domain.kernel import Origin
from domain.personal import Personal
from domain.tenants import commands as tenant_commands
from domain.tenants.join_policy import CLOSED, JoinPolicy
from domain.tenants.roles import Role, StaffRole
from domain.tenants.tenant import TENANT, TENANT_STREAM_ID, Active, Tenant, administrators, roles
from domain.users import commands
from domain.users.identities import email_address
from domain.users.user import USER, Registered, Unregistered, User

PLAN_WRITERS: Final[frozenset[Role]] = frozenset({"trainer", "administrator"})
"""Roles in which a user may change their own plans and public profile, as in the policy."""


@dataclass(frozen=True)
class AdministrationService:
    """Administers the accounts and roles of a tenant. Callers have authorized the actor."""

    accounts: Accounts
    credentials: Credentials
    identities: IdentityIndex
    emails: EmailRequests
    sign_in_service: SignInService
    tenants: TenantRegistry
    clock: Clock
    new_id: NewId
    mint_key: MintKey
    plan_offers: PlanOffers

    def create_tenant(
        self,
        name: str,
        administrator: UserId,
        *,
        join: JoinPolicy = CLOSED,
        origin: Origin,
        command_id: UUID,
    ) -> None:
        """Create the tenant named in the origin. Raises TenantAlreadyCreated."""
        command = tenant_commands.CreateTenant(
            name=name, administrator=administrator, at=self.clock(), join=join
        )
        self._execute(command, origin=origin, command_id=command_id)

    def create_tenant_for(
        self, name: str, address: str, *, join: JoinPolicy, origin: Origin, command_id: UUID
    ) -> UserId:
        """Create a tenant whose administrator has this address; return the administrator's id.

        Someone without an account there gets one, and an e-mail to choose a password. So does
        someone whose address is not verified: a stranger may have registered it. Raises
        InvalidValue, TenantAlreadyCreated and TooManyEmails.
        """
        tenant_commands.check_name(name)  # before anybody is invited
        if isinstance(self.accounts.tenant(origin.tenant_id), Active):
            raise tenant_commands.TenantAlreadyCreated
        email = email_address(address.strip())
        user_id = self._account_of(origin.tenant_id, email)
        if user_id is None:
            user_id = self._invite(
                email, origin=origin, command_id=uuid5(command_id, "administrator")
            )
        self.create_tenant(name, user_id, join=join, origin=origin, command_id=command_id)
        return user_id

    def _account_of(self, tenant_id: TenantId, email: str) -> UserId | None:
        """Return the account whose verified address this is, or None."""
        user_id = self.identities.find(tenant_id, "email", email)
        user = None if user_id is None else self.accounts.user(tenant_id, user_id)
        return user_id if isinstance(user, Registered) and user.email_verified else None

    def change_join_policy(
        self, policy: JoinPolicy, *, origin: Origin, command_id: UUID
    ) -> AppendResult:
        """Change who may join the tenant. Raises TenantUnknown."""
        command = tenant_commands.ChangeJoinPolicy(policy=policy)
        return self._execute(command, origin=origin, command_id=command_id)

    def grant(self, user_id: UserId, role: StaffRole, *, origin: Origin, command_id: UUID) -> None:
        """Grant a role; the next access token contains it. Raises TenantUnknown."""
        command = tenant_commands.GrantRole(user_id=user_id, role=role)
        self._execute(command, origin=origin, command_id=command_id)

    def withdraw(
        self, user_id: UserId, role: StaffRole, *, origin: Origin, command_id: UUID
    ) -> None:
        """Withdraw a role and sign the user out everywhere, so that no token still names it.

        If the user has no other role of PLAN_WRITERS, their plans and public profile are withdrawn,
        too; enrollments continue.

        A repeated command changes nothing if they have the role again, and ends only sign-ins from
        before the first time. Raises TenantUnknown, and LastAdministrator if no other administrator
        could sign in and stays.
        """

        def following(events: Sequence[Any], tenant: Tenant) -> Sequence[Request]:
            if not events:
                return ()
            requests: list[Request] = []
            if role == "administrator":
                requests += require_administrator(administrators(tenant))
            if role in PLAN_WRITERS and not roles(tenant, user_id) & PLAN_WRITERS:
                requests += self._offer_withdrawals(origin.tenant_id, user_id, at)
            return requests

        at = self.clock()
        command = tenant_commands.WithdrawRole(user_id=user_id, role=role)
        request = Request(TENANT, TENANT_STREAM_ID, [command], followed_by=following)
        result = self.accounts.commands.execute(request, origin=origin, command_id=command_id)
        if role not in self.accounts.roles(origin.tenant_id, user_id):
            self._sign_out(user_id, origin, command_id, repeated=result.repeated)

    def _offer_withdrawals(
        self, tenant_id: TenantId, user_id: UserId, at: datetime
    ) -> Iterator[Request]:
        """Yield the requests that withdraw the offered plans and the public profile of a user."""
        for plan_id in self.plan_offers.of_trainer(tenant_id, user_id):
            yield Request(PLAN, plan_id, [WithdrawPlan(at=at)])
        history = self.accounts.log.load(tenant_id, f"{TRAINER.category}-{user_id}")
        if isinstance(TRAINER.fold(each.event for each in history), Profile):
            yield Request(TRAINER, user_id, [WithdrawTrainerProfile(at=at)])

    def _sign_out(
        self, user_id: UserId, origin: Origin, command_id: UUID, *, repeated: bool
    ) -> None:
        """End the sign-ins of a user, of a repeated command those from before its first time."""
        tenant_id = origin.tenant_id
        first = self.accounts.executed_at(tenant_id, command_id) if repeated else None
        self.sign_in_service.sign_out_everywhere(tenant_id, user_id, begun_by=first)

    def suspend(self, user_id: UserId, *, origin: Origin, command_id: UUID) -> None:
        """Suspend a user and sign them out at once.

        A repeated command changes nothing if they were reactivated since, and ends only sign-ins
        from before the first time. Raises UserUnknown, OwnAccount, and LastAdministrator if no
        other administrator could sign in and stays.
        """
        if origin.actor == user_id:
            raise OwnAccount

        def following(events: Sequence[Any], _: User) -> Sequence[Request]:
            return [require_other_administrator(user_id)] if events else ()

        command = commands.SuspendUser(at=self.clock())
        request = Request(USER, user_id, [command], followed_by=following)
        result = self.accounts.commands.execute(request, origin=origin, command_id=command_id)
        user = self.accounts.user(origin.tenant_id, user_id)
        if isinstance(user, Registered) and user.suspended:
            self._sign_out(user_id, origin, command_id, repeated=result.repeated)

    def reactivate(self, user_id: UserId, *, origin: Origin, command_id: UUID) -> None:
        """Reactivate a suspended user, with the sign-in methods they had. Raises UserUnknown."""
        command = commands.ReactivateUser(at=self.clock())
        self.accounts.execute(user_id, [command], origin=origin, command_id=command_id)

    def invite(self, address: str, *, origin: Origin, command_id: UUID) -> UserId:
        """Open an account, e-mail a link to choose a password, and return the account's id.

        An invited user who has not responded gets another link, and only that one is valid.
        Raises InvalidValue, TenantUnknown, InvitingRefused, TooManyEmails, and AddressTaken if the
        address belongs to a verified account.
        """
        email = email_address(address.strip())
        self.tenants.join_policy(origin.tenant_id).require_invites()
        return self._invite(email, origin=origin, command_id=command_id)

    def _invite(self, email: str, *, origin: Origin, command_id: UUID) -> UserId:
        first = self.accounts.last_event(origin.tenant_id, command_id)
        if first is not None:  # before the address is claimed: they may have been erased since
            return UserId(first.stream.removeprefix(f"{USER.category}-"))
        new_user_id = UserId(str(self.new_id()))
        user_id = self.identities.claim(origin.tenant_id, "email", email, new_user_id)
        user = self.accounts.user(origin.tenant_id, user_id)
        if isinstance(user, Registered) and user.email_verified:
            raise AddressTaken
        self.emails.require_quota(origin.tenant_id, "invitation", email)
        opening = self._open(user_id, user, email, origin.tenant_id)
        try:
            self.accounts.execute(user_id, opening, origin=origin, command_id=command_id)
        except commands.UserAlreadyRegistered:  # by a concurrent request
            return self._invite(email, origin=origin, command_id=command_id)
        return user_id

    def _open(
        self, user_id: UserId, user: User, email: str, tenant_id: TenantId
    ) -> list[commands.UserCommand]:
        """Return the commands that open the account.

        Links of earlier invitations are invalidated, and, if a stranger registered the address
        before, their password and links.
        """
        if isinstance(user, Unregistered):
            return [
                commands.RegisterUser(at=self.clock()),
                commands.ChangeEmail(email=Personal(user_id, email)),
                commands.AssignPoseCoachKey(key=Personal(user_id, self.mint_key())),
                self.emails.command("invitation"),
            ]
        self.credentials.remove(tenant_id, user_id)
        self.emails.links.withdraw(tenant_id, user_id, "verify_email")
        self.emails.links.withdraw(tenant_id, user_id, "reset_password")  # and earlier invitations
        return [self.emails.command("invitation")]

    def _execute(
        self, command: tenant_commands.TenantCommand, *, origin: Origin, command_id: UUID
    ) -> AppendResult:
        request = Request(TENANT, TENANT_STREAM_ID, [command])
        return self.accounts.commands.execute(request, origin=origin, command_id=command_id)
