"""Use cases of accounts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from application.kernel.cloud_events import EncodedEvent
from application.kernel.subscription import Subscription
from application.privacy.erasure import AccountErasure
from application.users.accounts import Accounts
from application.users.administration import AdministrationService
from application.users.email_delivery import EmailDelivery
from application.users.external_identities import ExternalIdentityService
from application.users.oauth_redirect import OAuthRedirectService
from application.users.passkeys import PasskeyService
from application.users.password_reset import PasswordService
from application.users.ports import DeriveSecret, IdentityIndex
from application.users.registration import RegistrationService
from application.users.second_factors import SecondFactorService
from application.users.sign_in import SignInService
from application.users.tenant_registry import TenantRegistry
from application.users.unsubscription import Unsubscription


@dataclass(frozen=True)
class UserServices:
    """Use cases of accounts, built once by the composition root.

    `follow_email_requests` sends e-mails without a bus; run it in at most one thread. `public_keys`
    returns the JSON Web Key Set of access tokens. `rotate_if_older` makes a new
    signing key if the current one is older than this, and returns whether it did. `derive_secret`
    returns an HMAC with a key of the tenant.
    """

    accounts: Accounts
    identities: IdentityIndex
    registration: RegistrationService
    sign_in_service: SignInService
    password_service: PasswordService
    external_identities: ExternalIdentityService
    oauth: OAuthRedirectService
    administration: AdministrationService
    tenants: TenantRegistry
    second_factors: SecondFactorService
    passkeys: PasskeyService
    account_erasure: AccountErasure
    email_delivery: EmailDelivery
    follow_email_requests: Subscription[EncodedEvent]
    public_keys: Callable[[], Mapping[str, Any]]
    rotate_if_older: Callable[[timedelta], bool]
    derive_secret: DeriveSecret
    unsubscription: Unsubscription
