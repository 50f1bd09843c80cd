"""ID token validation for Google, Apple, Firebase and other providers."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from application.kernel.ports import Clock
from application.users.errors import IdTokenRefused, ProviderUnavailable
from application.users.tokens import ProviderUser
from domain.users.identities import Provider

SKEW_S: Final = 60
"""Maximum clock difference between a provider and us."""

MAX_SUBJECT_LENGTH: Final = 255
"""Characters. OpenID Connect Core 1.0, section 2."""

DEFAULT_MAX_AGE_S: Final = 3600.0
"""Lifetime of cached keys if the response has no `max-age`."""

REFETCH_INTERVAL_S: Final = 30.0
"""Minimum seconds between two fetches for an unknown key id, which anyone can send."""

TIMEOUT_S: Final = 5.0
MAX_AGE: Final = re.compile(r"(?:^|[\s,])max-age=(\d{1,9})")


@dataclass(frozen=True, slots=True)
class TokenIssuer:
    """Expected issuer, audience and keys of a provider's tokens.

    `authorized_party` is the expected `azp` claim, if known: OpenID Connect Core 1.0, 3.1.3.7.
    """

    issuers: tuple[str, ...]
    audiences: tuple[str, ...]
    keys_url: str
    algorithms: tuple[str, ...] = ("RS256",)
    authorized_party: str | None = None


def google(*client_ids: str) -> TokenIssuer:
    """Return the token issuer of Google: https://developers.google.com/identity/openid-connect/openid-connect."""
    return TokenIssuer(
        issuers=("https://accounts.google.com", "accounts.google.com"),
        audiences=client_ids,
        keys_url="https://www.googleapis.com/oauth2/v3/certs",
    )


def apple(*client_ids: str) -> TokenIssuer:
    """Return Apple's, as in "Authenticating users with Sign in with Apple"."""
    return TokenIssuer(
        issuers=("https://appleid.apple.com",),
        audiences=client_ids,
        keys_url="https://appleid.apple.com/auth/keys",
    )


def firebase(project: str) -> TokenIssuer:
    """Return the token issuer of a Firebase project: https://firebase.google.com/docs/auth/admin/verify-id-tokens."""
    return TokenIssuer(
        issuers=(f"https://securetoken.google.com/{project}",),
        audiences=(project,),
        keys_url="https://www.googleapis.com/service_accounts/v1/jwk/"
        "securetoken@system.gserviceaccount.com",
    )


class ProviderIdTokens:
    """Implements `IdTokens` for the configured providers; rejects tokens of others.

    Keys are cached as long as the response allows, and fetched again for an unknown key id.
    Thread-safe. `client` is used only here.
    """

    def __init__(
        self,
        issuers_by_provider: Mapping[Provider, TokenIssuer],
        client: httpx2.Client,
        *,
        clock: Clock,
    ) -> None:
        self._issuers_by_provider = issuers_by_provider
        self._keys = {name: _Keys(client, issuer) for name, issuer in issuers_by_provider.items()}
        self._clock = clock

    def read(self, provider: Provider, token: str, nonce: str | None = None) -> ProviderUser:
        expected = self._issuers_by_provider.get(provider)
        if expected is None:
            raise IdTokenRefused(f"Sign-in with {provider} is not configured.")
        try:
            decoded = jwt.decode(token, self._keys[provider].of, algorithms=expected.algorithms)
            self._claims_registry(expected, nonce).validate(decoded.claims)
            return _person(provider, decoded.claims)
        except (JoseError, ValueError, TypeError) as refused:
            raise IdTokenRefused from refused

    def _claims_registry(self, expected: TokenIssuer, nonce: str | None) -> jwt.JWTClaimsRegistry:
        options: dict[str, Any] = {
            "iss": {"essential": True, "values": list(expected.issuers)},
            "aud": {"essential": True, "values": list(expected.audiences)},
            "sub": {"essential": True},
            "exp": {"essential": True},
            "iat": {"essential": True},
        }
        if nonce is not None:
            options["nonce"] = {"essential": True, "value": nonce}
        if expected.authorized_party is not None:
            options["azp"] = {"value": expected.authorized_party}
        now = int(self._clock().timestamp())
        return jwt.JWTClaimsRegistry(now=now, leeway=SKEW_S, **options)


class _Keys:
    """Published keys of one provider, cached."""

    def __init__(self, client: httpx2.Client, expected: TokenIssuer) -> None:
        self._client = client
        self._url = expected.keys_url
        self._lock = Lock()
        self._key_set: KeySet | None = None
        self._fresh_until = 0.0
        self._fetched_at = float("-inf")

    def of(self, token: Any) -> Any:
        """Return the key that a token names. Raises IdTokenRefused and ProviderUnavailable."""
        kid = token.headers().get("kid")
        with self._lock:
            now = time.monotonic()
            if self._key_set is None or now >= self._fresh_until:
                self._fetch(now)
            key = self._find(kid)
            if key is None and now - self._fetched_at >= REFETCH_INTERVAL_S:
                self._fetch(now)
                key = self._find(kid)
        if key is None:
            raise IdTokenRefused("The ID token is signed with an unknown key.")
        return key

    def _find(self, kid: object) -> Any:
        keys: Any = self._key_set or ()
        return next((key for key in keys if kid is not None and key.kid == kid), None)

    def _fetch(self, now: float) -> None:
        try:
            response = self._client.get(self._url, timeout=TIMEOUT_S)
            response.raise_for_status()
            self._key_set = KeySet.import_key_set(response.json())
        except (httpx2.HTTPError, JoseError, ValueError, KeyError, TypeError) as error:
            raise ProviderUnavailable from error
        age = MAX_AGE.search(response.headers.get("cache-control", ""))
        self._fetched_at = now
        self._fresh_until = now + (float(age[1]) if age else DEFAULT_MAX_AGE_S)


def _person(provider: Provider, claims: Mapping[str, Any]) -> ProviderUser:
    subject, email, name = claims["sub"], claims.get("email"), claims.get("name")
    if not isinstance(subject, str) or not 0 < len(subject) <= MAX_SUBJECT_LENGTH:
        raise IdTokenRefused
    return ProviderUser(
        provider=provider,
        subject=subject,
        email=email if isinstance(email, str) else None,
        email_verified=claims.get("email_verified") in {True, "true"},  # Apple also sends text
        name=name if isinstance(name, str) else None,
    )
