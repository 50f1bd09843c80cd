"""All that can be asked for about accounts, put together once by the composition root."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from application.privacy.user_erasure import AccountErasure
from application.users.accounts import Accounts
from application.users.administration import AdministrationService
from application.users.external_identities import ExternalIdentityService
from application.users.oauth_redirects import OAuthRedirectService
from application.users.password_reset import PasswordService
from application.users.ports import IdentityIndex
from application.users.registration import RegistrationService
from application.users.sign_in import SignInService


@dataclass(frozen=True)
class UserServices:
    """The use cases of accounts.

    `public_keys` gives the JSON Web Key Set of access tokens. `rotate_if_older` makes a new key if
    the one that signs is older than this, and tells whether it was.
    """

    accounts: Accounts
    identities: IdentityIndex
    registration: RegistrationService
    sign_in_service: SignInService
    password_service: PasswordService
    external_identities: ExternalIdentityService
    oauth: OAuthRedirectService
    administration: AdministrationService
    account_erasure: AccountErasure
    public_keys: Callable[[], Mapping[str, Any]]
    rotate_if_older: Callable[[timedelta], bool]
