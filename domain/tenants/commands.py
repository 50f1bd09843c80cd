"""Commands of a tenant, and their refusals."""

from datetime import datetime

from domain.ids import UserId
from domain.kernel import Rejected, command
from domain.payment_methods import Gateway
from domain.tenants.events import AccountMode
from domain.tenants.join_policy import CLOSED, JoinPolicy
from domain.tenants.roles import StaffRole
from domain.values import InvalidValue

MAX_NAME_LENGTH = 200


def check_name(name: str) -> None:
    """Raise InvalidValue for a name that no tenant can have."""
    if not 0 < len(name.strip()) == len(name) <= MAX_NAME_LENGTH:
        raise InvalidValue(f"A tenant name must have 1 to {MAX_NAME_LENGTH} characters.")


@command
class CreateTenant:
    name: str
    administrator: UserId
    at: datetime
    join: JoinPolicy = CLOSED

    def __post_init__(self) -> None:
        check_name(self.name)


@command
class GrantRole:
    user_id: UserId
    role: StaffRole


@command
class WithdrawRole:
    user_id: UserId
    role: StaffRole


@command
class ChangeJoinPolicy:
    policy: JoinPolicy


@command
class ChangeGatewayAccounts:
    """Use accounts of the tenant's own at these gateways, or with no mode the installation's."""

    mode: AccountMode | None
    gateways: tuple[Gateway, ...]
    at: datetime


TenantCommand = CreateTenant | GrantRole | WithdrawRole | ChangeJoinPolicy | ChangeGatewayAccounts


class TenantAlreadyCreated(Rejected):
    """This tenant already exists."""

    code = "tenant.already_created"


class TenantUnknown(Rejected):
    """There is no such tenant."""

    code = "tenant.unknown"
    kind = "not_found"


class LastAdministrator(Rejected):
    """A tenant needs an administrator. Give someone else that role first."""

    code = "tenant.last_administrator"
