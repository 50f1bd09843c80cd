"""What may be asked of a tenant, and how it is refused."""

from datetime import datetime

from domain.ids import UserId
from domain.kernel import Rejected, command
from domain.tenants.roles import StaffRole
from domain.values import InvalidValue

MAX_NAME_LENGTH = 200


@command
class CreateTenant:
    name: str
    administrator: UserId
    at: datetime

    def __post_init__(self) -> None:
        if not 0 < len(self.name.strip()) == len(self.name) <= MAX_NAME_LENGTH:
            raise InvalidValue(f"A tenant's name has 1 to {MAX_NAME_LENGTH} characters.")


@command
class GrantRole:
    user_id: UserId
    role: StaffRole


@command
class WithdrawRole:
    user_id: UserId
    role: StaffRole


TenantCommand = CreateTenant | GrantRole | WithdrawRole


class TenantAlreadyCreated(Rejected):
    """A tenant is created once."""

    code = "tenant.already_created"


class TenantUnknown(Rejected):
    """No tenant of this name has been created."""

    code = "tenant.unknown"
    kind = "not_found"


class LastAdministrator(Rejected):
    """A tenant keeps an administrator: give somebody else that role first."""

    code = "tenant.last_administrator"
