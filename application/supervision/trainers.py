"""Trainers of a tenant. Permissions and invitations end with the role of their trainer.

The log decides: they count if they are later than the grant of the trainer's present role. So they
end in the same moment as the role, and a role that is granted again does not revive them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from application.kernel.ports import EventLog
from domain.ids import TenantId, UserId
from domain.kernel import Recorded
from domain.tenants.events import RoleGranted, RoleWithdrawn
from domain.tenants.tenant import TENANT, TENANT_STREAM_ID
from domain.users.user import USER, Erased


@dataclass(frozen=True)
class Trainers:
    """Finds since when users are trainers. Raises StorageUnavailable."""

    log: EventLog

    def since(self, tenant_id: TenantId, trainer_id: UserId) -> int | None:
        """Return the position of the grant of a trainer's role; None: they do not have it.

        In a tenant that was not created, nobody has roles, and all users count from the start.
        """
        account = self.log.load(tenant_id, f"{USER.category}-{trainer_id}")
        if isinstance(USER.fold(recorded.event for recorded in account), Erased):
            return None
        history = self.log.load(tenant_id, f"{TENANT.category}-{TENANT_STREAM_ID}")
        return _granted_at(history, trainer_id) if history else 0

    def holds(self, tenant_id: TenantId, trainer_id: UserId, position: int) -> bool:
        """Return whether a permission or an invitation that began at a position still counts."""
        since = self.since(tenant_id, trainer_id)
        return since is not None and since < position


def _granted_at(history: Iterable[Recorded[Any]], trainer_id: UserId) -> int | None:
    granted_at: int | None = None
    for recorded in history:
        match recorded.event:
            case RoleGranted(user_id=who, role="trainer") if who == trainer_id:
                granted_at = recorded.position
            case RoleWithdrawn(user_id=who, role="trainer") if who == trainer_id:
                granted_at = None
            case _:
                pass
    return granted_at
