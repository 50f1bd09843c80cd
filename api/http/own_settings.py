"""What somebody says of themselves is theirs to see, and to say otherwise."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from api.caller import Caller
from api.http.auth import Services
from application.users.errors import SignInEnded
from application.users.tokens import AccessClaims
from domain.users.commands import UserCommand
from domain.users.user import USER, Registered


def known(services: Services, claims: AccessClaims) -> Registered:
    """Give the account of whoever asks. Raises SignInEnded where it is gone."""
    user = services.accounts.user(claims.tenant_id, claims.user_id)
    if not isinstance(user, Registered):
        raise SignInEnded
    return user


def changed(
    services: Services,
    caller: Caller,
    claims: AccessClaims,
    command_id: UUID,
    wishes: Callable[[Registered], Sequence[UserCommand]],
) -> Registered:
    """Carry out what is wished of an account, once for each `command_id`; gives the account then.

    `wishes` sees the facts that are decided on: of two who change the same at once, only one does.
    Raises SignInEnded, and whatever `wishes` does.
    """

    def of_history(history: Sequence[Any]) -> Sequence[UserCommand]:
        user = USER.fold(history)
        if not isinstance(user, Registered):
            raise SignInEnded
        return wishes(user)

    services.accounts.execute(
        claims.user_id, of_history, origin=caller.origin(), command_id=command_id
    )
    return known(services, claims)
