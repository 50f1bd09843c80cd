"""Build the use cases of users: sign-in, registration, mail, OpenID Connect providers."""

from collections.abc import Callable, Generator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import cache
from ssl import SSLContext
from typing import Final
from urllib.parse import urlsplit

import httpx2
from joserfc.errors import JoseError

from adapters.clock import new_id, utc_now
from adapters.encryption.blind_index import BlindIndex
from adapters.rate_limit.attempt_delays import AttemptDelays
from adapters.rate_limit.token_bucket import TokenBuckets
from adapters.users.access_tokens import JoseTokens
from adapters.users.apple_client_secret import AppleSecret
from adapters.users.background_tasks import Background
from adapters.users.credentials import SqlCredentials, SqlIdentityIndex
from adapters.users.id_tokens import ProviderIdTokens, TokenIssuer, apple, firebase, google
from adapters.users.key_ring import KeyRing
from adapters.users.oauth import OidcClient, OidcProviders
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
from api.middleware.hosts import is_loopback
from application.kernel.command_handler import CommandHandler
from application.privacy.erasure import AccountErasure
from application.users.accounts import Accounts
from application.users.administration import AdministrationService
from application.users.attempts import UNVERIFIED_KINDS, EmailQuota, SignInAttempts
from application.users.email_requests import EmailRequests
from application.users.external_identities import ExternalIdentityService
from application.users.oauth_redirect import OAuthRedirectService
from application.users.password_reset import PasswordService
from application.users.plan_offers import PlanOffers
from application.users.ports import Revocations, SignIns
from application.users.provider_scopes import ProviderScopes
from application.users.registration import RegistrationService
from application.users.services import UserServices
from application.users.sign_in import SignInService
from application.users.tenant_registry import TenantRegistry
from bootstrap.network_settings import separated
from bootstrap.settings import OidcSettings, Settings
from bootstrap.wiring.emails import build_email_delivery
from bootstrap.wiring.encryption import EncryptionServices
from bootstrap.wiring.second_factors import (
    SECOND_FACTOR_ROLES,
    build_passkeys,
    build_second_factors,
)
from domain.ids import TenantId
from domain.kernel import Rejected
from domain.tenants.tenant_id import parse_tenant_id
from domain.users.identities import APPLE, FIREBASE, GOOGLE, Provider, provider_named
from domain.values import InvalidValue

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
    settings: Settings, encryption: EncryptionServices, commands: CommandHandler, plans: PlanOffers
) -> Generator[UserServices]:
    """Yield the use cases of accounts. Raises OidcInvalid and TenantInvalid."""
    with ExitStack() as opened:
        sign_ins, live = opened.enter_context(_sign_ins(settings, encryption))
        shared = _build_shared(settings, encryption, Accounts(plans.log, commands), sign_ins, live)
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
    sign_in_service = SignInService(
        accounts=accounts,
        passwords=passwords,
        credentials=credentials,
        identities=identities,
        sign_ins=sign_ins,
        revocations=live,
        signer=tokens,
        clock=utc_now,
        new_id=new_id,
        new_secret=new_secret,
        derive_secret=index.derive,
        second_factors=SqlSecondFactors(database),
        required_roles=SECOND_FACTOR_ROLES[settings.second_factor],
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
        id_tokens=ProviderIdTokens(_token_issuers(settings), client, clock=utc_now),
        sign_in_service=shared.sign_in_service,
        tenants=shared.tenants,
        scopes=provider_scopes(settings),
        clock=utc_now,
        new_id=new_id,
        mint_key=mint_pose_coach_key,
    )


def provider_scopes(settings: Settings) -> ProviderScopes:
    """Return the configured scopes of providers. Raises OidcInvalid and TenantInvalid."""
    return ProviderScopes(
        tenants={
            _provider(name): _tenants(text) for name, text in settings.provider_tenants.items()
        },
        domains={
            _provider(name): frozenset(each.lower() for each in separated(text))
            for name, text in settings.provider_domains.items()
        },
    )


def _tenants(text: str) -> frozenset[TenantId] | None:
    return None if text.strip() == "*" else frozenset(map(parse_tenant_id, separated(text)))


def _provider(name: str) -> Provider:
    try:
        return provider_named(name)
    except InvalidValue as unusable:
        raise OidcInvalid(unusable.detail) from unusable


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


def _token_issuers(settings: Settings) -> dict[Provider, TokenIssuer]:
    issuers_by_provider: dict[Provider, TokenIssuer] = {}
    if ids := separated(settings.google_client_ids):
        issuers_by_provider[GOOGLE] = google(*ids)
    if ids := separated(settings.apple_client_ids):
        issuers_by_provider[APPLE] = apple(*ids)
    if settings.firebase_project:
        issuers_by_provider[FIREBASE] = firebase(settings.firebase_project)
    return issuers_by_provider


class OidcInvalid(Rejected):
    """Set KINELOG_OIDC_<NAME>_CLIENT_ID, _CLIENT_SECRET and _ISSUER (an https URL) of a provider.

    Google and Apple have default issuers. Apple needs _KEY_FILE, _KEY_ID and _TEAM_ID instead of a
    secret.
    """

    code = "setting.oidc_invalid"
    kind = "invalid"


@dataclass(frozen=True)
class ProviderDefaults:
    """Defaults of a provider; other providers have none."""

    issuer: str | None = None
    issuers: tuple[str, ...] = ()
    scope: str = "openid email profile"
    uses_form_post: bool = False


PROVIDER_DEFAULTS: Final = {
    # https://developers.google.com/identity/openid-connect/openid-connect
    GOOGLE: ProviderDefaults(
        issuer="https://accounts.google.com", issuers=("accounts.google.com",)
    ),
    # "Sign in with Apple REST API": replies with e-mail or name scopes come as a form post
    APPLE: ProviderDefaults(
        issuer="https://appleid.apple.com", scope="openid email name", uses_form_post=True
    ),
}
NO_DEFAULTS: Final = ProviderDefaults()


def oidc_clients(settings: Settings) -> dict[Provider, OidcClient]:
    """Build the OpenID Connect client of each provider. Raises OidcInvalid."""
    return dict(_client(name, oidc) for name, oidc in settings.oidc.items())


def _client(name: str, oidc: OidcSettings) -> tuple[Provider, OidcClient]:
    provider = _provider(name)
    defaults = PROVIDER_DEFAULTS.get(provider, NO_DEFAULTS)
    issuer = oidc.issuer or defaults.issuer
    if issuer is None or not _is_safe(issuer):
        raise OidcInvalid(f"KINELOG_OIDC_{name.upper()}_ISSUER must be the provider's https URL.")
    return provider, OidcClient(
        issuer=issuer,
        client_id=oidc.client_id,
        secret=_secret(name, oidc),
        scope=oidc.scope or defaults.scope,
        issuers=defaults.issuers,
        uses_form_post=defaults.uses_form_post,
    )


def _is_safe(issuer: str) -> bool:
    """Return whether the provider's metadata cannot be changed in transit."""
    parts = urlsplit(issuer)
    return parts.scheme == "https" or is_loopback(parts.hostname or "")


def _secret(name: str, oidc: OidcSettings) -> Callable[[], str]:
    if oidc.client_secret is not None:
        return oidc.client_secret.get_secret_value
    if oidc.key_file is None or oidc.key_id is None or oidc.team_id is None:
        raise OidcInvalid(f"KINELOG_OIDC_{name.upper()}_CLIENT_SECRET is missing.")
    try:
        return AppleSecret(
            client_id=oidc.client_id,
            team_id=oidc.team_id,
            key_id=oidc.key_id,
            private_key=oidc.key_file.read_bytes(),
            clock=utc_now,
        )
    except (OSError, JoseError, ValueError) as unreadable:
        raise OidcInvalid(
            f"KINELOG_OIDC_{name.upper()}_KEY_FILE is not a readable private key."
        ) from unreadable
