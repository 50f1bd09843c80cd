"""With which providers people sign in by redirect, as the settings say."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from joserfc.errors import JoseError

from adapters.clock import utc_now
from adapters.users.apple_client_secret import AppleSecret
from adapters.users.oauth import OidcClient
from bootstrap.settings import OidcSettings, Settings
from bootstrap.wiring.api import is_loopback
from domain.kernel import Rejected
from domain.users.identities import APPLE, GOOGLE, Provider, provider_named
from domain.values import InvalidValue


class OidcInvalid(Rejected):
    """A provider has KINELOG_OIDC_<NAME>_CLIENT_ID, _CLIENT_SECRET and _ISSUER, an https address.

    Google and Apple have issuers of their own, and Apple _KEY_FILE, _KEY_ID and _TEAM_ID instead of
    a secret.
    """

    code = "setting.oidc_invalid"
    kind = "invalid"


@dataclass(frozen=True)
class ProviderDefaults:
    """What is special about a provider; others have nothing special."""

    issuer: str | None = None
    issuers: tuple[str, ...] = ()
    scope: str = "openid email profile"
    posts_back: bool = False


WELL_KNOWN: Final = {
    # https://developers.google.com/identity/openid-connect/openid-connect
    GOOGLE: ProviderDefaults(
        issuer="https://accounts.google.com", issuers=("accounts.google.com",)
    ),
    # "Sign in with Apple REST API": whoever asks for an address or a name is answered by a form
    APPLE: ProviderDefaults(
        issuer="https://appleid.apple.com", scope="openid email name", posts_back=True
    ),
}
OTHERS: Final = ProviderDefaults()


def oidc_clients(settings: Settings) -> dict[Provider, OidcClient]:
    """Say what each provider knows us by. Raises OidcInvalid."""
    return dict(_client(name, given) for name, given in settings.oidc.items())


def _client(name: str, given: OidcSettings) -> tuple[Provider, OidcClient]:
    try:
        provider = provider_named(name)
    except InvalidValue as unusable:
        raise OidcInvalid(unusable.detail) from unusable
    manners = WELL_KNOWN.get(provider, OTHERS)
    issuer = given.issuer or manners.issuer
    if issuer is None or not _is_safe(issuer):
        raise OidcInvalid(f"KINELOG_OIDC_{name.upper()}_ISSUER is the provider's https address.")
    return provider, OidcClient(
        issuer=issuer,
        client_id=given.client_id,
        secret=_secret(name, given),
        scope=given.scope or manners.scope,
        issuers=manners.issuers,
        posts_back=manners.posts_back,
    )


def _is_safe(issuer: str) -> bool:
    """Whether nobody between us and the provider can change what it says of itself."""
    parts = urlsplit(issuer)
    return parts.scheme == "https" or is_loopback(parts.hostname or "")


def _secret(name: str, given: OidcSettings) -> Callable[[], str]:
    if given.client_secret is not None:
        return given.client_secret.get_secret_value
    if given.key_file is None or given.key_id is None or given.team_id is None:
        raise OidcInvalid(f"KINELOG_OIDC_{name.upper()}_CLIENT_SECRET is missing.")
    try:
        return AppleSecret(
            client_id=given.client_id,
            team_id=given.team_id,
            key_id=given.key_id,
            private_key=given.key_file.read_bytes(),
            clock=utc_now,
        )
    except (OSError, JoseError, ValueError) as unreadable:
        raise OidcInvalid(
            f"KINELOG_OIDC_{name.upper()}_KEY_FILE is no private key that can be read."
        ) from unreadable
