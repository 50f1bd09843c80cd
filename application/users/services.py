"""All that can be asked for about accounts, put together once by the composition root."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from application.privacy.user_erasure import Forgetting
from application.users.accounts import Accounts
from application.users.administration import Administering
from application.users.external_identities import Linking
from application.users.oauth_redirects import Redirecting
from application.users.password_reset import Resetting
from application.users.ports import IdentityIndex
from application.users.registration import Registering
from application.users.roles import Staffing
from application.users.sign_in import SigningIn


@dataclass(frozen=True)
class AccountServices:
    """The use cases of accounts.

    `public_keys` gives the JSON Web Key Set of access tokens. `succeed_after` makes a new key if
    the one that signs is older than this, and tells whether it was.
    """

    accounts: Accounts
    identities: IdentityIndex
    registering: Registering
    signing_in: SigningIn
    resetting: Resetting
    linking: Linking
    redirecting: Redirecting
    staffing: Staffing
    administering: Administering
    forgetting: Forgetting
    public_keys: Callable[[], Mapping[str, Any]]
    succeed_after: Callable[[timedelta], bool]
