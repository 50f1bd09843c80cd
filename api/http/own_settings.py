"""Read and replace settings of the signed-in user's account."""

from uuid import UUID

from api.http.auth import Services
from application.caller import Caller
from application.users.errors import SignInEnded
from application.users.tokens import AccessClaims
from domain.users.commands import UserCommand, UserUnknown
from domain.users.user import Registered


def require_user(services: Services, claims: AccessClaims) -> Registered:
    """Return the caller's account. Raises SignInEnded if it no longer exists."""
    user = services.accounts.user(claims.tenant_id, claims.user_id)
    if not isinstance(user, Registered):
        raise SignInEnded
    return user


def execute_for_user(
    services: Services,
    caller: Caller,
    claims: AccessClaims,
    command_id: UUID,
    command: UserCommand,
) -> Registered:
    """Execute a command once per `command_id`, and return the account.

    Raises SignInEnded and what the command is refused with.
    """
    try:
        services.accounts.execute(
            claims.user_id, [command], origin=caller.origin(), command_id=command_id
        )
    except UserUnknown:
        raise SignInEnded from None
    return require_user(services, claims)
