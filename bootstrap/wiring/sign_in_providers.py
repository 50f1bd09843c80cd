"""Build the providers of sign-ins: OpenID Connect, and ID tokens of Google, Apple and Firebase."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from joserfc.errors import JoseError

from adapters.clock import utc_now
from adapters.users.apple_client_secret import AppleSecret
from adapters.users.id_tokens import TokenIssuer, apple, firebase, google
from adapters.users.oauth import OidcClient
from api.middleware.hosts import is_loopback
from application.users.provider_scopes import ProviderScopes
from bootstrap.network_settings import separated
from bootstrap.settings import OidcSettings, Settings
from domain.ids import TenantId
from domain.kernel import Rejected
from domain.tenants.tenant_id import parse_tenant_id
from domain.users.identities import APPLE, FIREBASE, GOOGLE, Provider, provider_named
from domain.values import InvalidValue


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


def token_issuers(settings: Settings) -> dict[Provider, TokenIssuer]:
    """Return whose ID tokens are accepted, by provider."""
    issuers_by_provider: dict[Provider, TokenIssuer] = {}
    if ids := separated(settings.google_client_ids):
        issuers_by_provider[GOOGLE] = google(*ids)
    if ids := separated(settings.apple_client_ids):
        issuers_by_provider[APPLE] = apple(*ids)
    if settings.firebase_project:
        issuers_by_provider[FIREBASE] = firebase(settings.firebase_project)
    return issuers_by_provider


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
