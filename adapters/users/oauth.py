"""A provider that speaks OpenID Connect says where its doors are, and who has come back.

The code flow of OpenID Connect Core 1.0 with PKCE (RFC 7636), by what its discovery tells.
"""

import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, Final, TypeVar, cast

import httpx2
import structlog
from authlib.integrations.base_client import (  # type: ignore[import-untyped]  # without stubs
    OAuthError,
)
from authlib.integrations.httpx_client import (  # type: ignore[import-untyped]  # without stubs
    OAuth2Client,
    OAuth2ClientAuth,
)
from authlib.oauth2.client import (  # type: ignore[import-untyped]  # without stubs
    OAuth2Client as OAuth2Base,
)
from purgatory import SyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState

from adapters.users.id_tokens import TIMEOUT_S, ProviderIdTokens, TokenIssuer
from application.kernel.ports import Clock
from application.users.errors import (
    CodeRefused,
    IdTokenRefused,
    ProviderUnavailable,
    ProviderUnknown,
)
from application.users.oauth_redirects import Flow, Returned
from application.users.tokens import ProviderUser
from domain.kernel import Rejected
from domain.users.identities import Provider

T = TypeVar("T")

logger: Any = structlog.get_logger()

FRESH_S: Final = 3600.0
"""Seconds for which what a provider's discovery said is used."""

FAILURES: Final = 3
LEFT_ALONE_S: Final = 10.0
"""After three failures in a row a provider is left alone for so long, and then tried once."""

ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA")
"""Signatures that only the provider can make. RS256 is what every provider has."""

REFUSED_CODES: Final = frozenset({"invalid_grant", "invalid_request"})
"""Errors of RFC 6749, section 5.2, that are about the code; others are about us."""


@dataclass(frozen=True, slots=True)
class OidcClient:
    """What a provider knows us by. It does not show its secret.

    `secret` is asked for each time: Apple's is made anew. `issuers` are other names that the
    provider signs under; `posts_back` says that people come back by a form.
    """

    issuer: str
    client_id: str
    secret: Callable[[], str]
    scope: str = "openid email profile"
    issuers: tuple[str, ...] = ()
    posts_back: bool = False

    def __repr__(self) -> str:
        return f"OidcClient({self.issuer}, {self.client_id})"


@dataclass(frozen=True, slots=True)
class ProviderMetadata:
    """What a provider's discovery said; `until` by the monotonic clock."""

    until: float
    authorization: str
    token: str
    userinfo: str | None
    auth_method: str
    names_itself: bool
    id_tokens: ProviderIdTokens


class OidcProviders:
    """`RedirectProviders` on OpenID Connect. Any thread may ask. `tls` checks certificates.

    A provider that fails three times in a row is left alone for `left_alone_s` seconds.
    """

    def __init__(
        self,
        clients: Mapping[Provider, OidcClient],
        client: httpx2.Client,
        *,
        tls: ssl.SSLContext,
        clock: Clock,
        left_alone_s: float = LEFT_ALONE_S,
    ) -> None:
        self._clients = clients
        self._http = client
        self._clock = clock
        self._tls = tls
        self._locks = {name: Lock() for name in clients}
        self._doors: dict[Provider, ProviderMetadata] = {}
        self._breakers = SyncCircuitBreakerFactory(
            FAILURES, left_alone_s, exclude=[(Rejected, _is_answer)]
        )

    def names(self) -> Sequence[Provider]:
        return sorted(self._clients)

    def posts_back(self, provider: Provider) -> bool:
        return self._known(provider).posts_back

    def page(self, flow: Flow, callback: str) -> str:
        known = self._known(flow.provider)
        doors = self._asked(flow.provider, lambda: self._doors_of(flow.provider))
        asked = {"nonce": flow.nonce, "redirect_uri": callback, "scope": known.scope}
        if known.posts_back:
            asked["response_mode"] = "form_post"
        asking: Any = OAuth2Base(None, client_id=known.client_id, code_challenge_method="S256")
        url, _ = asking.create_authorization_url(
            doors.authorization, state=flow.state, code_verifier=flow.verifier, **asked
        )
        return str(url)

    def redeem(self, flow: Flow, returned: Returned, callback: str) -> ProviderUser:
        known = self._known(flow.provider)

        def redeemed() -> ProviderUser:
            doors = self._doors_of(flow.provider)
            _require_issuer(known, doors, returned)
            tokens = self._tokens(known, doors, flow, returned, callback)
            person = doors.id_tokens.read(flow.provider, _text(tokens, "id_token"), flow.nonce)
            if person.email is None and doors.userinfo is not None:
                person = self._with_address(person, doors.userinfo, _text(tokens, "access_token"))
            return person if person.name is not None else replace(person, name=returned.name)

        return self._asked(flow.provider, redeemed)

    def _tokens(
        self,
        known: OidcClient,
        doors: ProviderMetadata,
        flow: Flow,
        returned: Returned,
        callback: str,
    ) -> Mapping[str, Any]:
        """Change the code for tokens. The provider compares the verifier with our challenge.

        Authlib's session keeps the tokens, so that threads cannot share one.
        """
        auth = OAuth2ClientAuth(known.client_id, known.secret(), doors.auth_method)
        try:
            session: Any = OAuth2Client(known.client_id, timeout=TIMEOUT_S, verify=self._tls)
            with session:
                tokens: Mapping[str, Any] = session.fetch_token(
                    doors.token,
                    grant_type="authorization_code",
                    code=returned.code,
                    redirect_uri=callback,
                    code_verifier=flow.verifier,
                    auth=auth,
                )
        except OAuthError as refused:
            if refused.error in REFUSED_CODES:
                raise CodeRefused from refused
            logger.warning("oidc.we_are_refused", provider=flow.provider, error=refused.error)
            raise ProviderUnavailable from refused
        except (httpx2.HTTPError, ValueError) as away:
            raise ProviderUnavailable from away
        return tokens

    def _with_address(self, person: ProviderUser, url: str, access_token: str) -> ProviderUser:
        """Ask for the address where the identity token has none, as the specification allows.

        OpenID Connect Core 1.0, 5.3.2: the answer counts only if it is about the same subject.
        """
        headers = {"Authorization": f"Bearer {access_token}"}
        told = _object(self._get(url, headers=headers))
        if told.get("sub") != person.subject:
            raise IdTokenRefused
        email, name = told.get("email"), told.get("name")
        return replace(
            person,
            email=email if isinstance(email, str) else None,
            email_verified=told.get("email_verified") in {True, "true"},
            name=name if person.name is None and isinstance(name, str) else person.name,
        )

    def _doors_of(self, provider: Provider) -> ProviderMetadata:
        """Give what discovery says, asked for where it has not been lately."""
        with self._locks[provider]:
            doors = self._doors.get(provider)
            if doors is None or time.monotonic() >= doors.until:
                doors = self._doors[provider] = self._discovered(provider)
            return doors

    def _discovered(self, provider: Provider) -> ProviderMetadata:
        """Read OpenID Connect Discovery 1.0; what says it is of another issuer is not taken."""
        known = self._clients[provider]
        told = _object(self._get(f"{known.issuer.rstrip('/')}/.well-known/openid-configuration"))
        if told.get("issuer") != known.issuer:
            logger.warning("oidc.another_issuer", provider=provider)
            raise ProviderUnavailable
        offered = told.get("id_token_signing_alg_values_supported", ["RS256"])
        vouching = TokenIssuer(
            issuers=(known.issuer, *known.issuers),
            audiences=(known.client_id,),
            keys_url=_text(told, "jwks_uri"),
            algorithms=tuple(each for each in ALGORITHMS if each in offered),
            authorized_party=known.client_id,
        )
        methods = told.get("token_endpoint_auth_methods_supported", ())
        return ProviderMetadata(
            until=time.monotonic() + FRESH_S,
            authorization=_text(told, "authorization_endpoint"),
            token=_text(told, "token_endpoint"),
            userinfo=told.get("userinfo_endpoint"),
            auth_method="client_secret_post"
            if "client_secret_post" in methods
            else "client_secret_basic",
            names_itself=bool(told.get("authorization_response_iss_parameter_supported")),
            id_tokens=ProviderIdTokens({provider: vouching}, self._http, clock=self._clock),
        )

    def _get(self, url: str, headers: Mapping[str, str] | None = None) -> httpx2.Response:
        try:
            answer = self._http.get(url, timeout=TIMEOUT_S, headers=headers)
            answer.raise_for_status()
        except httpx2.HTTPError as away:
            raise ProviderUnavailable from away
        return answer

    def _known(self, provider: Provider) -> OidcClient:
        known = self._clients.get(provider)
        if known is None:
            raise ProviderUnknown
        return known

    def _asked(self, provider: Provider, ask: Callable[[], T]) -> T:
        try:
            with self._breakers.get_breaker(provider):
                return ask()
        except OpenedState as left_alone:
            raise ProviderUnavailable from left_alone


def _is_answer(refusal: BaseException) -> bool:
    """Whether the provider has answered, though not as one may wish."""
    return not isinstance(refusal, ProviderUnavailable)


def _require_issuer(known: OidcClient, doors: ProviderMetadata, returned: Returned) -> None:
    """Refuse an answer that another provider gave (RFC 9207, section 2.4)."""
    if returned.issuer is None and not doors.names_itself:
        return
    if returned.issuer != known.issuer:
        raise CodeRefused


def _object(answer: httpx2.Response) -> Mapping[str, Any]:
    try:
        told = answer.json()
    except ValueError as unreadable:
        raise ProviderUnavailable from unreadable
    if not isinstance(told, dict):
        raise ProviderUnavailable
    return cast("Mapping[str, Any]", told)


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str):
        raise ProviderUnavailable
    return value
