"""All that can be asked for about accounts, put together once by the composition root."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from application.identity.accounts import Accounts
from application.identity.administering import Administering
from application.identity.forgetting import Forgetting
from application.identity.linking import Linking
from application.identity.ports import IdentityIndex
from application.identity.redirecting import Redirecting
from application.identity.registering import Registering
from application.identity.resetting import Resetting
from application.identity.signing_in import SigningIn
from application.identity.staffing import Staffing


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
