"""Read and replace settings of the signed-in user's account."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from api.caller import Caller
from api.http.auth import Services
from application.users.errors import SignInEnded
from application.users.tokens import AccessClaims
from domain.users.commands import UserCommand
from domain.users.user import USER, Registered


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
    decide: Callable[[Registered], Sequence[UserCommand]],
) -> Registered:
    """Execute the commands that `decide` returns, once per `command_id`, and return the account.

    `decide` gets the state at the version that is written: of two concurrent changes, only one
    wins. Raises SignInEnded and what `decide` raises.
    """

    def decide_on_history(history: Sequence[Any]) -> Sequence[UserCommand]:
        user = USER.fold(history)
        if not isinstance(user, Registered):
            raise SignInEnded
        return decide(user)

    services.accounts.execute(
        claims.user_id, decide_on_history, origin=caller.origin(), command_id=command_id
    )
    return require_user(services, claims)
