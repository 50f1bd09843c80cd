"""OpenID Connect client: authorization code flow with PKCE (RFC 7636) and discovery."""

import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar, cast

import httpx2
import structlog
from authlib.integrations.base_client import (  # type: ignore[import-untyped]  # no type stubs
    OAuthError,
)
from authlib.integrations.httpx_client import (  # type: ignore[import-untyped]  # no type stubs
    OAuth2Client,
    OAuth2ClientAuth,
)
from authlib.oauth2.client import (  # type: ignore[import-untyped]  # no type stubs
    OAuth2Client as OAuth2Base,
)

from adapters.circuit_breaker import CircuitOpen, circuit_breaker
from adapters.single_flight import SingleFlight
from adapters.users.id_tokens import TIMEOUT_S, ProviderIdTokens, TokenIssuer
from application.kernel.ports import Clock
from application.users.errors import (
    CodeRefused,
    IdTokenRefused,
    ProviderUnavailable,
    ProviderUnknown,
)
from application.users.ports import CallbackParameters, Flow
from application.users.tokens import ProviderUser
from domain.kernel import Rejected
from domain.users.identities import Provider

T = TypeVar("T")

logger: Any = structlog.get_logger()

METADATA_TTL_S: Final = 3600.0
"""Lifetime of cached provider metadata."""

OPEN_S: Final = 10.0
"""Seconds for which the circuit breaker stays open after three failures in a row."""

ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA")
"""Accepted asymmetric signatures. Every provider supports RS256."""

CODE_ERRORS: Final = frozenset({"invalid_grant", "invalid_request"})
"""Errors of RFC 6749, section 5.2, about the code; the others are about our client."""


@dataclass(frozen=True, slots=True)
class OidcClient:
    """Client configuration for one provider. `repr` hides its secret.

    `secret` is called each time, because Apple's expires. `issuers` are further issuer names in the
    provider's tokens. `uses_form_post`: the callback is a form post.
    """

    issuer: str
    client_id: str
    secret: Callable[[], str]
    scope: str = "openid email profile"
    issuers: tuple[str, ...] = ()
    uses_form_post: bool = False

    def __repr__(self) -> str:
        return f"OidcClient({self.issuer}, {self.client_id})"


@dataclass(frozen=True, slots=True)
class ProviderMetadata:
    """Endpoints and keys from a provider's discovery; `until` is on the monotonic clock."""

    until: float
    authorization: str
    token: str
    userinfo: str | None
    auth_method: str
    sends_issuer: bool
    id_tokens: ProviderIdTokens


class OidcProviders:
    """Implements `RedirectProviders` with OpenID Connect. `tls` verifies certificates. Thread-safe.

    After three failures in a row, a provider is not called for `open_s` seconds.
    """

    def __init__(
        self,
        clients: Mapping[Provider, OidcClient],
        client: httpx2.Client,
        *,
        tls: ssl.SSLContext,
        clock: Clock,
        open_s: float = OPEN_S,
    ) -> None:
        self._clients = clients
        self._http = client
        self._clock = clock
        self._tls = tls
        self._discovering = {name: SingleFlight[ProviderMetadata]() for name in clients}
        self._metadata: dict[Provider, ProviderMetadata] = {}
        self._breakers = {
            name: circuit_breaker(open_s, (Rejected, _is_response)) for name in clients
        }

    def names(self) -> Sequence[Provider]:
        return sorted(self._clients)

    def uses_form_post(self, provider: Provider) -> bool:
        return self._client_of(provider).uses_form_post

    def page(self, flow: Flow, callback: str) -> str:
        client = self._client_of(flow.provider)
        metadata = self._call(flow.provider, lambda: self._load_metadata(flow.provider))
        parameters = {"nonce": flow.nonce, "redirect_uri": callback, "scope": client.scope}
        if client.uses_form_post:
            parameters["response_mode"] = "form_post"
        builder: Any = OAuth2Base(None, client_id=client.client_id, code_challenge_method="S256")
        url, _ = builder.create_authorization_url(
            metadata.authorization, state=flow.state, code_verifier=flow.verifier, **parameters
        )
        return str(url)

    def redeem(self, flow: Flow, parameters: CallbackParameters, callback: str) -> ProviderUser:
        client = self._client_of(flow.provider)

        def exchange() -> ProviderUser:
            metadata = self._load_metadata(flow.provider)
            _require_issuer(client, metadata, parameters)
            tokens = self._tokens(client, metadata, flow, parameters, callback)
            person = metadata.id_tokens.read(flow.provider, _text(tokens, "id_token"), flow.nonce)
            if person.email is None and metadata.userinfo is not None:
                person = self._with_address(
                    person, metadata.userinfo, _text(tokens, "access_token")
                )
            return person if person.name is not None else replace(person, name=parameters.name)

        return self._call(flow.provider, exchange)

    def _tokens(
        self,
        client: OidcClient,
        metadata: ProviderMetadata,
        flow: Flow,
        parameters: CallbackParameters,
        callback: str,
    ) -> Mapping[str, Any]:
        """Exchange the code for tokens. The provider checks the verifier against our challenge.

        Authlib's session stores the tokens, so threads cannot share one.
        """
        auth = OAuth2ClientAuth(client.client_id, client.secret(), metadata.auth_method)
        try:
            session: Any = OAuth2Client(client.client_id, timeout=TIMEOUT_S, verify=self._tls)
            with session:
                tokens: Mapping[str, Any] = session.fetch_token(
                    metadata.token,
                    grant_type="authorization_code",
                    code=parameters.code,
                    redirect_uri=callback,
                    code_verifier=flow.verifier,
                    auth=auth,
                )
        except OAuthError as refused:
            if refused.error in CODE_ERRORS:
                raise CodeRefused from refused
            logger.warning("oidc.client_rejected", provider=flow.provider, error=refused.error)
            raise ProviderUnavailable from refused
        except (httpx2.HTTPError, ValueError) as error:
            raise ProviderUnavailable from error
        return tokens

    def _with_address(self, person: ProviderUser, url: str, access_token: str) -> ProviderUser:
        """Get the address from the UserInfo endpoint if the ID token has none.

        OpenID Connect Core 1.0, 5.3.2: the response counts only if it is about the same subject.
        """
        headers = {"Authorization": f"Bearer {access_token}"}
        document = _object(self._get(url, headers=headers))
        if document.get("sub") != person.subject:
            raise IdTokenRefused
        email, name = document.get("email"), document.get("name")
        return replace(
            person,
            email=email if isinstance(email, str) else None,
            email_verified=document.get("email_verified") in {True, "true"},
            name=name if person.name is None and isinstance(name, str) else person.name,
        )

    def _load_metadata(self, provider: Provider) -> ProviderMetadata:
        """Return the provider metadata, fetched if it is missing or outdated, once for all."""
        metadata = self._metadata.get(provider)
        if metadata is None or time.monotonic() >= metadata.until:
            metadata = self._discovering[provider].call(lambda: self._discover(provider))
            self._metadata[provider] = metadata
        return metadata

    def _discover(self, provider: Provider) -> ProviderMetadata:
        """Fetch OpenID Connect Discovery 1.0; reject metadata of another issuer."""
        client = self._clients[provider]
        document = _object(
            self._get(f"{client.issuer.rstrip('/')}/.well-known/openid-configuration")
        )
        if document.get("issuer") != client.issuer:
            logger.warning("oidc.issuer_mismatch", provider=provider)
            raise ProviderUnavailable
        supported = document.get("id_token_signing_alg_values_supported", ["RS256"])
        issuer = TokenIssuer(
            issuers=(client.issuer, *client.issuers),
            audiences=(client.client_id,),
            keys_url=_text(document, "jwks_uri"),
            algorithms=tuple(each for each in ALGORITHMS if each in supported),
            authorized_party=client.client_id,
        )
        methods = document.get("token_endpoint_auth_methods_supported", ())
        return ProviderMetadata(
            until=time.monotonic() + METADATA_TTL_S,
            authorization=_text(document, "authorization_endpoint"),
            token=_text(document, "token_endpoint"),
            userinfo=document.get("userinfo_endpoint"),
            auth_method="client_secret_post"
            if "client_secret_post" in methods
            else "client_secret_basic",
            sends_issuer=bool(document.get("authorization_response_iss_parameter_supported")),
            id_tokens=ProviderIdTokens({provider: issuer}, self._http, clock=self._clock),
        )

    def _get(self, url: str, headers: Mapping[str, str] | None = None) -> httpx2.Response:
        try:
            response = self._http.get(url, timeout=TIMEOUT_S, headers=headers)
            response.raise_for_status()
        except httpx2.HTTPError as error:
            raise ProviderUnavailable from error
        return response

    def _client_of(self, provider: Provider) -> OidcClient:
        client = self._clients.get(provider)
        if client is None:
            raise ProviderUnknown
        return client

    def _call(self, provider: Provider, request: Callable[[], T]) -> T:
        try:
            with self._breakers[provider]():
                return request()
        except CircuitOpen as circuit_open:
            raise ProviderUnavailable from circuit_open


def _is_response(refusal: BaseException) -> bool:
    """Return whether the provider responded, even with an error."""
    return not isinstance(refusal, ProviderUnavailable)


def _require_issuer(
    client: OidcClient, metadata: ProviderMetadata, parameters: CallbackParameters
) -> None:
    """Reject a callback of another provider (RFC 9207, section 2.4)."""
    if parameters.issuer is None and not metadata.sends_issuer:
        return
    if parameters.issuer != client.issuer:
        raise CodeRefused


def _object(response: httpx2.Response) -> Mapping[str, Any]:
    try:
        document = response.json()
    except ValueError as unreadable:
        raise ProviderUnavailable from unreadable
    if not isinstance(document, dict):
        raise ProviderUnavailable
    return cast("Mapping[str, Any]", document)


def _text(document: Mapping[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str):
        raise ProviderUnavailable
    return value
