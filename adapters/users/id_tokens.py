"""ID token validation for Google, Apple, Firebase and other providers."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from adapters.circuit_breaker import OPEN_S, CircuitOpen, circuit_breaker
from adapters.single_flight import SingleFlight
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

    Keys are cached as long as the response allows, and fetched again for an unknown key id. After
    three failures in a row, they are not fetched for `open_s` seconds. Thread-safe. `client` is
    used only here.
    """

    def __init__(
        self,
        issuers_by_provider: Mapping[Provider, TokenIssuer],
        client: httpx2.Client,
        *,
        clock: Clock,
        open_s: float = OPEN_S,
    ) -> None:
        self._issuers_by_provider = issuers_by_provider
        self._keys = {
            name: _Keys(client, issuer, open_s) for name, issuer in issuers_by_provider.items()
        }
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


@dataclass(frozen=True, slots=True)
class _KeySet:
    """Keys of a provider, fetched at `fetched_at` and fresh until `until` (monotonic clock)."""

    keys: KeySet
    fetched_at: float
    until: float

    def find(self, kid: object) -> Any:
        return next((key for key in self.keys if kid is not None and key.kid == kid), None)


class _Keys:
    """Published keys of one provider, cached.

    A request waits for one fetch at most, which it shares with others. After three failures in a
    row, there is no fetch for `open_s` seconds.
    """

    def __init__(self, client: httpx2.Client, expected: TokenIssuer, open_s: float) -> None:
        self._client = client
        self._url = expected.keys_url
        self._fetching = SingleFlight[_KeySet]()
        self._guarded = circuit_breaker(open_s)
        self._cached: _KeySet | None = None

    def of(self, token: Any) -> Any:
        """Return the key that a token names. Raises IdTokenRefused and ProviderUnavailable."""
        kid = token.headers().get("kid")
        cached, now = self._cached, time.monotonic()
        if cached is None or now >= cached.until:
            cached = self._fetching.call(self._fetch)
        key = cached.find(kid)
        if key is None and now - cached.fetched_at >= REFETCH_INTERVAL_S:
            key = self._fetching.call(self._fetch).find(kid)
        if key is None:
            raise IdTokenRefused("The ID token is signed with an unknown key.")
        return key

    def _fetch(self) -> _KeySet:
        now = time.monotonic()
        try:
            with self._guarded():
                response = self._client.get(self._url, timeout=TIMEOUT_S)
                response.raise_for_status()
                keys = KeySet.import_key_set(response.json())
        except (CircuitOpen, httpx2.HTTPError, JoseError, ValueError, KeyError, TypeError) as error:
            raise ProviderUnavailable from error
        age = MAX_AGE.search(response.headers.get("cache-control", ""))
        until = now + (float(age[1]) if age else DEFAULT_MAX_AGE_S)
        self._cached = _KeySet(keys, now, until)
        return self._cached


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
