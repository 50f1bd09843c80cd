"""OAuth client of a health cloud (RFC 6749, RFC 7636), with a table of what differs there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, Literal

import httpx2
from authlib.integrations.base_client import (  # type: ignore[import-untyped]  # no type stubs
    OAuthError,
)
from authlib.integrations.httpx_client import (  # type: ignore[import-untyped]  # no type stubs
    OAuth2Client,
)
from authlib.oauth2.client import (  # type: ignore[import-untyped]  # no type stubs
    OAuth2Client as OAuth2Base,
)
from pydantic import SecretStr

from adapters.health.http import BOUNDED, TIMEOUT_S, CloudHttp
from application.health.providers import (
    CloudAnswerUnreadable,
    CloudConsentLost,
    CloudUnavailable,
    Grant,
    LinkRefused,
)
from application.kernel.ports import Clock

DEFAULT_LIFETIME_S: Final = 3600

ENDED: Final = "invalid_grant"
"""Error of RFC 6749, section 5.2, about a code or refresh token that is not valid any more."""


@dataclass(frozen=True)
class CloudOAuth:
    """What differs between clouds: addresses, how scopes are separated, further parameters."""

    client_id: str
    secret: SecretStr = field(repr=False)
    authorize_url: str
    token_url: str
    scopes: tuple[str, ...]
    separator: str = " "
    client_auth: Literal["client_secret_post", "client_secret_basic"] = "client_secret_post"
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])
    is_ended: Callable[[Mapping[str, Any]], bool] = lambda _: False
    """Whether an answer without `error` says that a code or refresh token is not valid any more."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Answer of a token endpoint, whole: some clouds name the account in it."""

    content: Mapping[str, Any] = field(repr=False)

    def text(self, name: str) -> str | None:
        """Return a text of the answer, or None."""
        found = self.content.get(name)
        return found if isinstance(found, str) and found else None


class RequestInvalid(CloudAnswerUnreadable):
    """The token endpoint refuses a request: some do so for a code that was not issued."""

    code = "health.cloud_request_invalid"


class OAuthCalls:
    """Calls of the token endpoint of a cloud. Thread-safe: each has a session of its own."""

    def __init__(self, oauth: CloudOAuth, http: CloudHttp, clock: Clock) -> None:
        self._oauth = oauth
        self._http = http
        self._clock = clock

    def page(self, state: str, verifier: str, callback: str) -> str:
        """Return the URL of the page on which the person agrees."""
        oauth = self._oauth
        builder: Any = OAuth2Base(None, client_id=oauth.client_id, code_challenge_method="S256")
        url, _ = builder.create_authorization_url(
            oauth.authorize_url,
            state=state,
            code_verifier=verifier,
            redirect_uri=callback,
            scope=oauth.separator.join(oauth.scopes),
            **oauth.parameters,
        )
        return str(url)

    def redeem(self, code: str, verifier: str, callback: str) -> Tokens:
        """Exchange a code for tokens. Raises LinkRefused and CloudUnavailable."""
        form = {"code": code, "redirect_uri": callback, "code_verifier": verifier}
        try:
            return self._tokens(grant_type="authorization_code", **form)
        except (CloudConsentLost, RequestInvalid):
            raise LinkRefused from None

    def refresh(self, refresh_token: str) -> Tokens:
        """Return new tokens. Raises CloudConsentLost and CloudUnavailable."""
        return self._tokens(grant_type="refresh_token", refresh_token=refresh_token)

    def grant(
        self, tokens: Tokens, account: str, scopes: tuple[str, ...], before: Grant | None = None
    ) -> Grant:
        """Return a grant. A refresh token that is not replaced stays. Raises as `redeem`."""
        access = tokens.text("access_token")
        if access is None:
            raise CloudAnswerUnreadable
        lifetime = tokens.content.get("expires_in")
        seconds = lifetime if isinstance(lifetime, int | float) else DEFAULT_LIFETIME_S
        kept = None if before is None else before.refresh_token
        return Grant(
            account=account,
            access_token=access,
            refresh_token=tokens.text("refresh_token") or kept,
            expires_at=self._clock() + timedelta(seconds=max(0.0, min(seconds, 10**8))),
            scopes=scopes,
        )

    def granted(self, scope: str | None) -> tuple[str, ...]:
        """Return the scopes of a text that we asked for; all of them if it names none."""
        if not scope:
            return self._oauth.scopes
        named = scope.replace(",", " ").split()
        return tuple(each for each in self._oauth.scopes if each in named)

    def _tokens(self, **form: str) -> Tokens:
        """Post to the token endpoint, with the client's secret."""
        oauth = self._oauth
        session: Any = OAuth2Client(
            oauth.client_id,
            oauth.secret.get_secret_value(),
            token_endpoint_auth_method=oauth.client_auth,
            timeout=TIMEOUT_S,
            event_hooks=BOUNDED,
        )
        session.register_compliance_hook("access_token_response", self._checked)
        try:
            with session:
                found: Mapping[str, Any] = session.fetch_token(oauth.token_url, **form)
        except OAuthError as refused:
            if refused.error == ENDED:
                raise CloudConsentLost from None
            is_invalid = refused.error == "invalid_request"
            raise (RequestInvalid if is_invalid else CloudAnswerUnreadable) from None
        except httpx2.HTTPError:
            raise CloudUnavailable from None
        except (ValueError, RecursionError):
            raise CloudAnswerUnreadable from None
        if oauth.is_ended(found):
            raise CloudConsentLost
        return Tokens(dict(found))

    def _checked(self, response: httpx2.Response) -> httpx2.Response:
        self._http.check(response)
        return response
