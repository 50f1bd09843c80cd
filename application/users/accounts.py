"""Accounts as the log knows them: who somebody is, and which roles they have."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import EventLog
from application.users.tokens import UserData
from domain.ids import TenantId, UserId
from domain.kernel import Origin
from domain.personal import Personal
from domain.pose_coach import PoseCoachKey
from domain.tenants.roles import Role
from domain.tenants.tenant import TENANT, TENANT_STREAM_ID, Tenant, roles
from domain.users.commands import UserCommand
from domain.users.user import USER, Registered, User

NO_KEY: Final = ""
"""Stands for the pose coach key of an account that has none: no client can have it (R-IDN-16)."""


@dataclass(frozen=True)
class Accounts:
    """Reads users and tenants from the log, and carries out their commands."""

    log: EventLog
    commands: CommandHandler

    def user(self, tenant_id: TenantId, user_id: UserId) -> User:
        """Fold a user's facts."""
        history = self.log.load(tenant_id, f"{USER.category}-{user_id}")
        return USER.fold(recorded.event for recorded in history)

    def staff(self, tenant_id: TenantId) -> Tenant:
        """Fold a tenant's facts: who has which role in it."""
        history = self.log.load(tenant_id, f"{TENANT.category}-{TENANT_STREAM_ID}")
        return TENANT.fold(recorded.event for recorded in history)

    def roles(self, tenant_id: TenantId, user_id: UserId) -> frozenset[Role]:
        """Tell which roles a user of the tenant has."""
        return roles(self.staff(tenant_id), user_id)

    def done(self, tenant_id: TenantId, command_id: UUID) -> bool:
        """Whether a command has been carried out."""
        return self.log.done(tenant_id, command_id) is not None

    def ask(
        self,
        user_id: UserId,
        asked: Sequence[UserCommand] | Callable[[Sequence[Any]], Sequence[UserCommand]],
        *,
        origin: Origin,
        command_id: UUID,
    ) -> bool:
        """Carry out commands on one account, all or none; False where that had been done before.

        They may be told by the account's events so far, as those of `Request` may. Raises what
        `CommandHandler.execute` raises.
        """
        request = Request(USER, user_id, asked)
        return not self.commands.execute(request, origin=origin, command_id=command_id).repeated

    def known(self, tenant_id: TenantId, user_id: UserId) -> UserData | None:
        """Tell what a client shows of a user; None where nobody has this id, or not any more."""
        user = self.user(tenant_id, user_id)
        return self.data(tenant_id, user_id, user) if isinstance(user, Registered) else None

    def data(self, tenant_id: TenantId, user_id: UserId, user: Registered) -> UserData:
        """Tell what a client shows of a user."""
        return UserData(
            id=user_id,
            tenant_id=tenant_id,
            roles=self.roles(tenant_id, user_id),
            email=text_of(user.email),
            username=text_of(user.username),
            time_zone=user.time_zone,
            locale=user.locale,
            display=user.display,
            pose_coach_uid=uid_of(user.pose_coach_key),
        )


def text_of(said: Personal[str] | None) -> str | None:
    """Read what is said about somebody; None where nothing is, or not any more."""
    return said.value if said is not None and isinstance(said.value, str) else None


def uid_of(key: Personal[PoseCoachKey] | None) -> str:
    """Read a pose coach key; NO_KEY where there is none, or not any more."""
    return key.value.uid if key is not None and isinstance(key.value, PoseCoachKey) else NO_KEY
