"""Accounts: read and change users."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import EventLog
from application.users.tokens import UserData
from domain.ids import TenantId, UserId
from domain.kernel import Origin, Recorded
from domain.personal import Personal
from domain.pose_coach.key import PoseCoachKey
from domain.tenants.roles import Role
from domain.tenants.tenant import TENANT, TENANT_STREAM_ID, Tenant, roles
from domain.users.commands import UserCommand
from domain.users.user import USER, Registered, User

NO_KEY: Final = ""
"""Pose coach key of an account without one: no client can have it (R-IDN-16)."""


@dataclass(frozen=True)
class Accounts:
    """Reads users and tenants from the log, and executes their commands."""

    log: EventLog
    commands: CommandHandler

    def user(self, tenant_id: TenantId, user_id: UserId) -> User:
        """Fold a user's events."""
        history = self.log.load(tenant_id, f"{USER.category}-{user_id}")
        return USER.fold(recorded.event for recorded in history)

    def tenant(self, tenant_id: TenantId) -> Tenant:
        """Fold a tenant's events."""
        history = self.log.load(tenant_id, f"{TENANT.category}-{TENANT_STREAM_ID}")
        return TENANT.fold(recorded.event for recorded in history)

    def roles(self, tenant_id: TenantId, user_id: UserId) -> frozenset[Role]:
        """Return the roles of a user in the tenant."""
        return roles(self.tenant(tenant_id), user_id)

    def is_executed(self, tenant_id: TenantId, command_id: UUID) -> bool:
        """Return whether a command has been executed."""
        return self.log.done(tenant_id, command_id) is not None

    def executed_at(self, tenant_id: TenantId, command_id: UUID) -> datetime:
        """Return when an executed command was stored; before all sign-ins if it has no event."""
        last = self.last_event(tenant_id, command_id)
        return datetime.min.replace(tzinfo=UTC) if last is None else last.recorded_at

    def last_event(self, tenant_id: TenantId, command_id: UUID) -> Recorded[Any] | None:
        """Return the last event of a command, None if it is new or has no event."""
        done = self.log.done(tenant_id, command_id)
        if done is None or not done.position:
            return None
        (last,) = self.log.scan(after=done.position - 1, limit=1)
        return last

    def execute(
        self,
        user_id: UserId,
        requested: Sequence[UserCommand],
        *,
        origin: Origin,
        command_id: UUID,
    ) -> bool:
        """Execute commands on one account, all or none; return False if this is a repeat.

        Raises what `CommandHandler.execute` raises.
        """
        request = Request(USER, user_id, requested)
        return not self.commands.execute(request, origin=origin, command_id=command_id).repeated

    def find(self, tenant_id: TenantId, user_id: UserId) -> UserData | None:
        """Return what a client shows of a user, or None for an unknown or erased user."""
        user = self.user(tenant_id, user_id)
        return self.data(tenant_id, user_id, user) if isinstance(user, Registered) else None

    def data(self, tenant_id: TenantId, user_id: UserId, user: Registered) -> UserData:
        """Return what a client shows of a registered user."""
        return UserData(
            id=user_id,
            tenant_id=tenant_id,
            roles=self.roles(tenant_id, user_id),
            email=reveal(user.email),
            username=reveal(user.username),
            time_zone=user.time_zone,
            locale=user.locale,
            display=user.display,
            pose_coach_uid=reveal_pose_coach_uid(user.pose_coach_key),
        )


def reveal(text: Personal[str] | None) -> str | None:
    """Return a personal text, or None if it is missing or erased."""
    return text.value if text is not None and isinstance(text.value, str) else None


def reveal_pose_coach_uid(key: Personal[PoseCoachKey] | None) -> str:
    """Return a pose coach key, or NO_KEY if it is missing or erased."""
    return key.value.uid if key is not None and isinstance(key.value, PoseCoachKey) else NO_KEY
