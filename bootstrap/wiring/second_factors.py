"""Build the use cases of second factors and passkeys."""

from typing import Final

from adapters.clock import new_id, utc_now
from adapters.rate_limit.token_bucket import TokenBuckets
from adapters.users.database import IdentityDatabase
from adapters.users.one_time_passwords import TotpPasswords
from adapters.users.passkey_challenges import SqlPasskeyChallenges
from adapters.users.random_secrets import new_challenge, new_recovery_code
from adapters.users.webauthn_passkeys import WebauthnPasskeys, relying_party
from application.kernel.encryption import FieldCipher
from application.users.email_requests import EmailRequests
from application.users.passkeys import PasskeyService
from application.users.second_factors import RECOVERY_ATTEMPTS_PER_MINUTE, SecondFactorService
from application.users.sign_in import SignInService
from domain.tenants.roles import Role

SECOND_FACTOR_ROLES: Final[dict[str, frozenset[Role]]] = {
    "optional": frozenset(),
    "staff": frozenset({"administrator", "trainer"}),
}
"""Roles that require a second factor, by the setting KINELOG_SECOND_FACTOR."""


def build_second_factors(
    sign_in_service: SignInService,
    cipher: FieldCipher,
    emails: EmailRequests,
    *,
    redis_url: str | None,
) -> SecondFactorService:
    """Return the use cases of second factors."""
    return SecondFactorService(
        accounts=sign_in_service.accounts,
        factors=sign_in_service.second_factors,
        cipher=cipher,
        one_time_passwords=TotpPasswords(),
        sign_in_service=sign_in_service,
        emails=emails,
        clock=utc_now,
        new_id=new_id,
        new_code=new_recovery_code,
        recovery_attempts=TokenBuckets(
            "recovery_codes", RECOVERY_ATTEMPTS_PER_MINUTE, redis_url=redis_url
        ),
    )


def build_passkeys(
    second_factors: SecondFactorService, database: IdentityDatabase, public_url: str
) -> PasskeyService:
    """Return the use cases of passkeys, which are for the site at the public URL."""
    return PasskeyService(
        second_factors=second_factors,
        challenges=SqlPasskeyChallenges(database),
        passkeys=WebauthnPasskeys(relying_party(public_url)),
        new_challenge=new_challenge,
    )
