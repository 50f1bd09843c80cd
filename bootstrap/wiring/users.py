"""Build the use cases of users: sign-in, registration, mail."""

from collections.abc import Generator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import cache
from ssl import SSLContext
from typing import Final

import httpx2

from adapters.clock import new_id, utc_now
from adapters.encryption.blind_index import BlindIndex
from adapters.rate_limit.attempt_delays import AttemptDelays
from adapters.rate_limit.token_bucket import TokenBuckets
from adapters.users.access_tokens import JoseTokens
from adapters.users.background_tasks import Background
from adapters.users.credentials import SqlCredentials, SqlIdentityIndex
from adapters.users.id_tokens import ProviderIdTokens
from adapters.users.key_ring import KeyRing
from adapters.users.oauth import OidcProviders
from adapters.users.oauth_state import JoseFlows
from adapters.users.passwords import Argon2Passwords
from adapters.users.random_secrets import mint_pose_coach_key, new_secret
from adapters.users.refresh_token_cache import RefreshTokenCache
from adapters.users.revocation_cache import (
    LocalRevocationCache,
    RedisRevocationCache,
    TableRevocations,
    fail_fast_client,
)
from adapters.users.second_factors import SqlSecondFactors
from adapters.users.sign_ins import SqlSignIns
from adapters.users.signing_keys import SqlSigningKeys
from adapters.users.single_use_links import SqlSingleUseLinks
from application.kernel.command_handler import CommandHandler
from application.kernel.ports import EventLog
from application.privacy.erasure import AccountErasure
from application.users.access_tokens import AccessTokens
from application.users.accounts import Accounts
from application.users.administration import AdministrationService
from application.users.attempts import UNVERIFIED_KINDS, EmailQuota, SignInAttempts
from application.users.email_requests import EmailRequests
from application.users.external_identities import ExternalIdentityService
from application.users.oauth_redirect import OAuthRedirectService
from application.users.password_reset import PasswordService
from application.users.plan_offers import PlanOffers
from application.users.ports import Revocations, SignIns
from application.users.registration import RegistrationService
from application.users.services import UserServices
from application.users.sign_in import SignInService
from application.users.tenant_registry import TenantRegistry
from bootstrap.settings import Settings
from bootstrap.wiring.emails import build_email_delivery
from bootstrap.wiring.encryption import EncryptionServices
from bootstrap.wiring.second_factors import (
    SECOND_FACTOR_ROLES,
    build_passkeys,
    build_second_factors,
)
from bootstrap.wiring.sign_in_providers import oidc_clients, provider_scopes, token_issuers

HOUR_S: Final = 3600


@dataclass(frozen=True)
class _Shared:
    """Stores and services that the use cases share."""

    accounts: Accounts
    credentials: SqlCredentials
    identities: SqlIdentityIndex
    links: SqlSingleUseLinks
    ring: KeyRing
    passwords: Argon2Passwords
    sign_in_service: SignInService
    tenants: TenantRegistry


@contextmanager
def build_user_services(
    settings: Settings,
    encryption: EncryptionServices,
    log: EventLog,
    commands: CommandHandler,
    plans: PlanOffers,
) -> Generator[UserServices]:
    """Yield the use cases of accounts. Raises OidcInvalid and TenantInvalid."""
    with ExitStack() as opened:
        sign_ins, live = opened.enter_context(_sign_ins(settings, encryption))
        shared = _build_shared(settings, encryption, Accounts(log, commands), sign_ins, live)
        later = opened.enter_context(closing(Background()))
        quota = _email_quota(settings)
        emails = EmailRequests(
            shared.accounts, shared.links, later, clock=utc_now, new_id=new_id, quota=quota
        )
        delivery, subscription, unsubscription = opened.enter_context(
            build_email_delivery(settings, encryption, shared.accounts, shared.links)
        )
        registration, password_service, administration = _writing(shared, emails, plans)
        tls = _certificate_authorities()
        client = opened.enter_context(httpx2.Client(verify=tls, timeout=30.0))
        external_identities = _external_identities(settings, shared, emails, client)
        second_factors = build_second_factors(
            shared.sign_in_service, encryption.sealer, emails, redis_url=_redis_url(settings)
        )
        yield UserServices(
            accounts=shared.accounts,
            identities=shared.identities,
            registration=registration,
            sign_in_service=shared.sign_in_service,
            password_service=password_service,
            external_identities=external_identities,
            oauth=OAuthRedirectService(
                providers=OidcProviders(oidc_clients(settings), client, tls=tls, clock=utc_now),
                flows=JoseFlows(shared.ring),
                external_identities=external_identities,
                base_url=settings.public_url,
                clock=utc_now,
                new_secret=new_secret,
            ),
            administration=administration,
            tenants=shared.tenants,
            second_factors=second_factors,
            passkeys=build_passkeys(second_factors, encryption.database, settings.public_url),
            account_erasure=_account_erasure(encryption, shared),
            email_delivery=delivery,
            follow_email_requests=subscription,
            public_keys=shared.ring.public_keys,
            rotate_if_older=shared.ring.rotate_if_older,
            derive_secret=shared.sign_in_service.derive_secret,
            unsubscription=unsubscription,
        )


@cache
def _certificate_authorities() -> SSLContext:
    """Return a context that trusts the usual authorities; reading them takes tens of ms."""
    return httpx2.create_ssl_context()


def _build_shared(
    settings: Settings,
    encryption: EncryptionServices,
    accounts: Accounts,
    sign_ins: SignIns,
    live: Revocations,
) -> _Shared:
    database, kms = encryption.database, encryption.kms
    credentials, passwords = SqlCredentials(database), Argon2Passwords()
    index = BlindIndex(encryption.keys, kms)
    redis_url = _redis_url(settings)
    identities = SqlIdentityIndex(database, index)
    ring = KeyRing(SqlSigningKeys(database), kms, clock=utc_now)
    tokens = JoseTokens(ring, issuer=settings.base_url, clock=utc_now)
    second_factors = SqlSecondFactors(database)
    required_roles = SECOND_FACTOR_ROLES[settings.second_factor]
    sign_in_service = SignInService(
        accounts=accounts,
        passwords=passwords,
        credentials=credentials,
        identities=identities,
        sign_ins=sign_ins,
        revocations=live,
        signer=tokens,
        access_tokens=AccessTokens(accounts, tokens, second_factors, required_roles, utc_now),
        clock=utc_now,
        new_id=new_id,
        new_secret=new_secret,
        derive_secret=index.derive,
        second_factors=second_factors,
        attempts=SignInAttempts(
            AttemptDelays(redis_url=redis_url), index.derive, new_secret=new_secret
        ),
    )
    links = SqlSingleUseLinks(database)
    tenants = TenantRegistry(accounts, identities, settings.registration_is_open)
    return _Shared(
        accounts, credentials, identities, links, ring, passwords, sign_in_service, tenants
    )


def _writing(
    shared: _Shared, emails: EmailRequests, plans: PlanOffers
) -> tuple[RegistrationService, PasswordService, AdministrationService]:
    """Build the use cases that send messages."""
    registration = RegistrationService(
        accounts=shared.accounts,
        passwords=shared.passwords,
        credentials=shared.credentials,
        identities=shared.identities,
        emails=emails,
        sign_in_service=shared.sign_in_service,
        tenants=shared.tenants,
        clock=utc_now,
        new_id=new_id,
        mint_key=mint_pose_coach_key,
    )
    password_service = PasswordService(
        accounts=shared.accounts,
        passwords=shared.passwords,
        credentials=shared.credentials,
        identities=shared.identities,
        emails=emails,
        sign_in_service=shared.sign_in_service,
        clock=utc_now,
    )
    administration = AdministrationService(
        accounts=shared.accounts,
        credentials=shared.credentials,
        identities=shared.identities,
        emails=emails,
        sign_in_service=shared.sign_in_service,
        tenants=shared.tenants,
        clock=utc_now,
        new_id=new_id,
        mint_key=mint_pose_coach_key,
        plan_offers=plans,
    )
    return registration, password_service, administration


def _external_identities(
    settings: Settings, shared: _Shared, emails: EmailRequests, client: httpx2.Client
) -> ExternalIdentityService:
    return ExternalIdentityService(
        accounts=shared.accounts,
        credentials=shared.credentials,
        identities=shared.identities,
        emails=emails,
        id_tokens=ProviderIdTokens(token_issuers(settings), client, clock=utc_now),
        sign_in_service=shared.sign_in_service,
        tenants=shared.tenants,
        scopes=provider_scopes(settings),
        clock=utc_now,
        new_id=new_id,
        mint_key=mint_pose_coach_key,
    )


def _account_erasure(encryption: EncryptionServices, shared: _Shared) -> AccountErasure:
    return AccountErasure(
        accounts=shared.accounts,
        credentials=shared.credentials,
        identities=shared.identities,
        links=shared.links,
        sign_in_service=shared.sign_in_service,
        cipher=encryption.sealer,
        clock=utc_now,
    )


def _email_quota(settings: Settings) -> EmailQuota:
    """Return the quota of e-mails. That of an address has room for every kind in one tenant."""

    def buckets(name: str, amount: int) -> TokenBuckets:
        return TokenBuckets(name, amount, window_s=HOUR_S, redis_url=_redis_url(settings))

    amount = settings.emails_per_hour
    return EmailQuota(
        by_kind=buckets("emails", amount),
        by_address=buckets("unverified_emails", UNVERIFIED_KINDS * amount),
    )


def _redis_url(settings: Settings) -> str | None:
    return None if settings.redis_url is None else settings.redis_url.get_secret_value()


@contextmanager
def _sign_ins(
    settings: Settings, encryption: EncryptionServices
) -> Generator[tuple[SignIns, Revocations]]:
    """Open sign-ins and their revocation check: tables, with copies in Redis if its URL is set."""
    table = SqlSignIns(encryption.database)
    if settings.redis_url is None:
        yield table, LocalRevocationCache(TableRevocations(table))
        return
    with closing(fail_fast_client(settings.redis_url.get_secret_value())) as client:
        live = LocalRevocationCache(RedisRevocationCache(client, table))
        yield RefreshTokenCache(table, client), live
