"""The signed-in user's account, from the log."""

from api.http.auth import Services
from application.users.errors import SignInEnded
from application.users.tokens import AccessClaims
from domain.users.user import Registered


def require_user(services: Services, claims: AccessClaims) -> Registered:
    """Return the caller's account. Raises SignInEnded if it no longer exists."""
    user = services.accounts.user(claims.tenant_id, claims.user_id)
    if not isinstance(user, Registered):
        raise SignInEnded
    return user
