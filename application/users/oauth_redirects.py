"""How somebody signs in by way of a provider's own page, and comes back from there (R-IDN-02).

What has to be remembered meanwhile travels with the browser, signed: a way that was begun in one
browser ends in no other, and nothing has to be kept or swept here.
"""

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol
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
from application.users.ports import NewSecret
from application.users.tokens import AccessClaims, ProviderUser, SignedIn
from domain.ids import TenantId, UserId
from domain.kernel import Origin
from domain.users.identities import Provider

FLOW_LIFETIME: Final = timedelta(minutes=10)
"""How long somebody may take at the provider; what we sign is verifiable for no longer."""

CALLBACK: Final = "/v1/auth/oauth/{provider}/callback"
"""Where providers send people back to, below the address of this Kinelog."""

RETURN_PATH: Final = re.compile(r"/(?![/\\])[!-\[\]-~]{0,511}")
r"""A path of ours: no host (`//`), no `\` that browsers take for `/`, nothing that they drop."""


@dataclass(frozen=True, slots=True)
class SignedInUser:
    """Somebody who is signed in, and by which sign-in."""

    user_id: UserId
    sign_in_id: UUID


@dataclass(frozen=True, slots=True)
class Flow:
    """What is remembered of a way to a provider and back.

    `state` binds the answer to the browser, `nonce` the identity token to the question, `verifier`
    the code to whoever asked (PKCE, RFC 7636). `links` says for whom the identity is to be linked;
    None where somebody signs in.
    """

    provider: Provider
    tenant_id: TenantId
    state: str
    nonce: str
    verifier: str
    return_to: str
    expires_at: datetime
    links: SignedInUser | None = None


@dataclass(frozen=True, slots=True)
class Returned:
    """What a provider sends people back with. None is what it did not send.

    `issuer` is that of RFC 9207; `name` is what Apple tells of somebody who comes first.
    """

    state: str | None = None
    code: str | None = None
    error: str | None = None
    issuer: str | None = None
    name: str | None = None


class Flows(Protocol):
    """Signs what a browser is to keep for us, and reads it back."""

    def sign(self, flow: Flow) -> str: ...

    def read(self, signed: str) -> Flow:
        """Raises FlowRefused for what was forged, has expired, or is something else."""
        ...


class RedirectProviders(Protocol):
    """The providers by way of whose pages people sign in.

    Every method but `names` raises ProviderUnknown for others, and those that ask the provider
    raise ProviderUnavailable.
    """

    def names(self) -> Sequence[Provider]: ...

    def posts_back(self, provider: Provider) -> bool:
        """Whether people come back by a form that the provider's page posts, as Apple's does."""
        ...

    def page(self, flow: Flow, callback: str) -> str:
        """Give the address of the provider's page for a new flow."""
        ...

    def redeem(self, flow: Flow, returned: Returned, callback: str) -> ProviderUser:
        """Change the code for who has come back. Raises CodeRefused and IdTokenRefused."""
        ...


@dataclass(frozen=True)
class OAuthRedirectService:
    """Signing in, and linking, by way of a provider's page. `base_url` is where people find us."""

    providers: RedirectProviders
    flows: Flows
    external_identities: ExternalIdentityService
    base_url: str
    clock: Clock
    new_secret: NewSecret

    def leave(
        self,
        provider: Provider,
        tenant_id: TenantId,
        *,
        return_to: str = "/",
        links: AccessClaims | None = None,
    ) -> tuple[str, str]:
        """Begin: give the provider's page, and what the browser keeps until it is back.

        Raises ProviderUnknown, ProviderUnavailable and ReturnPathRefused.
        """
        if not RETURN_PATH.fullmatch(return_to):
            raise ReturnPathRefused
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
        """Read what the browser kept. Raises FlowRefused."""
        if signed is None:
            raise FlowRefused
        flow = self.flows.read(signed)
        if flow.provider != provider or flow.expires_at <= self.clock():
            raise FlowRefused
        return flow

    def arrive(
        self, flow: Flow, returned: Returned, *, origin: Origin, command_id: UUID
    ) -> SignedIn | None:
        """End: sign in whoever has come back; None where an identity was linked instead.

        Raises FlowRefused, SignInCancelled, ProviderEmailUnverified, and what `redeem` and
        `ExternalIdentityService` raise.
        """
        if returned.state is None or not hmac.compare_digest(
            returned.state.encode(), flow.state.encode()
        ):
            raise FlowRefused
        if returned.error is not None or returned.code is None:
            raise SignInCancelled
        person = self.providers.redeem(flow, returned, self._callback(flow.provider))
        if flow.links is not None:
            self._link(flow.links, person, origin=origin, command_id=command_id)
            return None
        self._require_proof(person, flow.tenant_id)
        return self.external_identities.welcome(person, origin=origin, command_id=command_id)

    def _link(
        self, stay: SignedInUser, person: ProviderUser, *, origin: Origin, command_id: UUID
    ) -> None:
        live = self.external_identities.sign_in_service.live
        if not live.is_live(origin.tenant_id, stay.sign_in_id, self.clock()):
            raise SignInEnded
        self.external_identities.link(stay.user_id, person, origin=origin, command_id=command_id)

    def _require_proof(self, person: ProviderUser, tenant_id: TenantId) -> None:
        """Refuse an address that nobody has proved, whether or not somebody here has it.

        Whoever is known already does not come by their address.
        """
        known = self.external_identities.identities.find(tenant_id, person.provider, person.subject)
        if known is None and person.email is not None and not person.email_verified:
            raise ProviderEmailUnverified

    def _callback(self, provider: Provider) -> str:
        return self.base_url + CALLBACK.format(provider=provider)
