"""Google, Apple and Firebase vouch for people with signed tokens, whose keys they publish."""

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
"""Seconds by which a provider's clock and ours may differ."""

LONGEST_SUBJECT: Final = 255
"""Characters of a subject: OpenID Connect Core 1.0, section 2."""

FRESH_S: Final = 3600.0
"""Seconds for which keys are used whose answer does not say for how long."""

AGAIN_S: Final = 30.0
"""Seconds between two questions because of an unknown key: strangers cannot make us ask more."""

TIMEOUT_S: Final = 5.0
MAX_AGE: Final = re.compile(r"(?:^|[\s,])max-age=(\d{1,9})")


@dataclass(frozen=True, slots=True)
class TokenIssuer:
    """What is expected of a provider's tokens: who issued them for whom, and where its keys are.

    `authorized_party` is who asked for them, where that is known: OpenID Connect Core 1.0, 3.1.3.7.
    """

    issuers: tuple[str, ...]
    audiences: tuple[str, ...]
    keys_url: str
    algorithms: tuple[str, ...] = ("RS256",)
    authorized_party: str | None = None


def google(*client_ids: str) -> TokenIssuer:
    """Expect what https://developers.google.com/identity/openid-connect/openid-connect says."""
    return TokenIssuer(
        issuers=("https://accounts.google.com", "accounts.google.com"),
        audiences=client_ids,
        keys_url="https://www.googleapis.com/oauth2/v3/certs",
    )


def apple(*client_ids: str) -> TokenIssuer:
    """Expect what Apple's "Authenticating users with Sign in with Apple" says."""
    return TokenIssuer(
        issuers=("https://appleid.apple.com",),
        audiences=client_ids,
        keys_url="https://appleid.apple.com/auth/keys",
    )


def firebase(project: str) -> TokenIssuer:
    """Expect what https://firebase.google.com/docs/auth/admin/verify-id-tokens says."""
    return TokenIssuer(
        issuers=(f"https://securetoken.google.com/{project}",),
        audiences=(project,),
        keys_url="https://www.googleapis.com/service_accounts/v1/jwk/"
        "securetoken@system.gserviceaccount.com",
    )


class ProviderIdTokens:
    """`IdTokens` of the providers that are set up; those of others are refused.

    Keys are held for as long as their answer allows, and asked for again where a token names one
    that is not among them. Any thread may ask. `client` is used for nothing else.
    """

    def __init__(
        self, vouching: Mapping[Provider, TokenIssuer], client: httpx2.Client, *, clock: Clock
    ) -> None:
        self._vouching = vouching
        self._keys = {name: _Keys(client, known) for name, known in vouching.items()}
        self._clock = clock

    def read(self, provider: Provider, token: str, nonce: str | None = None) -> ProviderUser:
        expected = self._vouching.get(provider)
        if expected is None:
            raise IdTokenRefused(f"Signing in with {provider} is not set up here.")
        try:
            read = jwt.decode(token, self._keys[provider].of, algorithms=expected.algorithms)
            self._expectations(expected, nonce).validate(read.claims)
            return _person(provider, read.claims)
        except (JoseError, ValueError, TypeError) as refused:
            raise IdTokenRefused from refused

    def _expectations(self, expected: TokenIssuer, nonce: str | None) -> jwt.JWTClaimsRegistry:
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
    """The published keys of one provider."""

    def __init__(self, client: httpx2.Client, expected: TokenIssuer) -> None:
        self._client = client
        self._url = expected.keys_url
        self._lock = Lock()
        self._known: KeySet | None = None
        self._fresh_until = 0.0
        self._asked_at = float("-inf")

    def of(self, token: Any) -> Any:
        """Give the key that a token names. Raises IdTokenRefused and ProviderUnavailable."""
        kid = token.headers().get("kid")
        with self._lock:
            now = time.monotonic()
            if self._known is None or now >= self._fresh_until:
                self._ask(now)
            key = self._find(kid)
            if key is None and now - self._asked_at >= AGAIN_S:
                self._ask(now)
                key = self._find(kid)
        if key is None:
            raise IdTokenRefused("The identity token is signed with a key that is not published.")
        return key

    def _find(self, kid: object) -> Any:
        keys: Any = self._known or ()
        return next((key for key in keys if kid is not None and key.kid == kid), None)

    def _ask(self, now: float) -> None:
        try:
            answer = self._client.get(self._url, timeout=TIMEOUT_S)
            answer.raise_for_status()
            self._known = KeySet.import_key_set(answer.json())
        except (httpx2.HTTPError, JoseError, ValueError, KeyError, TypeError) as away:
            raise ProviderUnavailable from away
        age = MAX_AGE.search(answer.headers.get("cache-control", ""))
        self._asked_at = now
        self._fresh_until = now + (float(age[1]) if age else FRESH_S)


def _person(provider: Provider, claims: Mapping[str, Any]) -> ProviderUser:
    subject, email, name = claims["sub"], claims.get("email"), claims.get("name")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise IdTokenRefused
    return ProviderUser(
        provider=provider,
        subject=subject,
        email=email if isinstance(email, str) else None,
        email_verified=claims.get("email_verified") in {True, "true"},  # Apple: also as text
        name=name if isinstance(name, str) else None,
    )
