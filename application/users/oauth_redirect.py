"""The OAuth redirect flow: sign-in and linking at a provider's page (R-IDN-02).

The state of a redirect travels with the browser, signed. A flow that begins in one browser cannot
end in another, and no state has to be stored or cleaned up here.
"""

import hmac
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from application.kernel.ports import Clock
from application.users.errors import (
    FlowRefused,
    ProviderEmailUnverified,
    ReturnPathRefused,
    SignInCancelled,
    SignInEnded,
)
from application.users.external_identities import ExternalIdentityService
from application.users.ports import (
    CallbackParameters,
    Flow,
    Flows,
    NewSecret,
    RedirectProviders,
    SignedInUser,
)
from application.users.tokens import AccessClaims, ProviderUser, SignedIn
from domain.ids import TenantId
from domain.kernel import Origin
from domain.users.identities import Provider

FLOW_LIFETIME: Final = timedelta(minutes=10)
"""Time limit for a redirect flow; the signed state expires with it."""

CALLBACK: Final = "/v1/auth/oauth/{provider}/callback"
"""Path of the OAuth callback, below the base URL."""

RETURN_PATH: Final = re.compile(r"/(?![/\\])[!-\[\]-~]{0,511}")
r"""A local path: no host (`//`), no `\`, which browsers treat as `/`, no dropped characters."""


def check_return_path(return_to: str) -> None:
    """Check that a browser may be sent there: to a path of this site. Raises ReturnPathRefused."""
    if not RETURN_PATH.fullmatch(return_to):
        raise ReturnPathRefused


@dataclass(frozen=True)
class OAuthRedirectService:
    """Signs in, and links, by redirect to a provider's page. `base_url` is our public URL."""

    providers: RedirectProviders
    flows: Flows
    external_identities: ExternalIdentityService
    base_url: str
    clock: Clock
    new_secret: NewSecret

    def begin(
        self,
        provider: Provider,
        tenant_id: TenantId,
        *,
        return_to: str = "/",
        links: AccessClaims | None = None,
    ) -> tuple[str, str]:
        """Begin a flow: return the provider's page, and the signed state for the browser.

        Raises ProviderUnknown, ProviderUnavailable and ReturnPathRefused.
        """
        check_return_path(return_to)
        self.external_identities.scopes.require(provider, tenant_id)
        flow = Flow(
            provider=provider,
            tenant_id=tenant_id,
            state=self.new_secret(),
            nonce=self.new_secret(),
            verifier=self.new_secret(),
            return_to=return_to,
            expires_at=self.clock() + FLOW_LIFETIME,
            links=None if links is None else SignedInUser(links.user_id, links.sign_in_id),
        )
        return self.providers.page(flow, self._callback(provider)), self.flows.sign(flow)

    def read_flow(self, provider: Provider, signed: str | None) -> Flow:
        """Verify the state that the browser kept. Raises FlowRefused."""
        if signed is None:
            raise FlowRefused
        flow = self.flows.read(signed)
        if flow.provider != provider or flow.expires_at <= self.clock():
            raise FlowRefused
        return flow

    def complete(
        self, flow: Flow, parameters: CallbackParameters, *, origin: Origin, command_id: UUID
    ) -> SignedIn | None:
        """Complete a flow: sign in, or link the identity and return None.

        Raises FlowRefused, SignInCancelled, ProviderEmailUnverified, and what `redeem` and
        `ExternalIdentityService` raise.
        """
        if parameters.state is None or not hmac.compare_digest(
            parameters.state.encode(), flow.state.encode()
        ):
            raise FlowRefused
        if parameters.error is not None or parameters.code is None:
            raise SignInCancelled
        person = self.providers.redeem(flow, parameters, self._callback(flow.provider))
        if flow.links is not None:
            self._link(flow.links, person, origin=origin, command_id=command_id)
            return None
        self._require_verified_email(person, flow.tenant_id)
        return self.external_identities.sign_in(person, origin=origin, command_id=command_id)

    def _link(
        self, user: SignedInUser, person: ProviderUser, *, origin: Origin, command_id: UUID
    ) -> None:
        revocations = self.external_identities.sign_in_service.revocations
        if not revocations.is_live(origin.tenant_id, user.sign_in_id, self.clock()):
            raise SignInEnded
        self.external_identities.link(user.user_id, person, origin=origin, command_id=command_id)

    def _require_verified_email(self, person: ProviderUser, tenant_id: TenantId) -> None:
        """Reject an unverified address, whether or not it has an account here.

        A linked identity is found by its subject, so its address does not matter.
        """
        identities = self.external_identities.identities
        user_id = identities.find(tenant_id, person.provider, person.subject)
        if user_id is None and person.email is not None and not person.email_verified:
            raise ProviderEmailUnverified

    def _callback(self, provider: Provider) -> str:
        return self.base_url + CALLBACK.format(provider=provider)
