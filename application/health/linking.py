"""Linking a health cloud: OAuth with PKCE, and its end.

The state of a flow travels with the browser, signed, as in a sign-in at a provider's page: a flow
that begins in one browser cannot end in another, so nobody can make somebody else's cloud fill
their account.
"""

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid5

import structlog

from application.health.deliveries import HealthDeliveries
from application.health.links import HealthLink, HealthLinks
from application.health.providers import (
    CloudAnswerUnreadable,
    CloudConsentLost,
    CloudForbidden,
    CloudUnavailable,
    Grant,
    HealthProvider,
    HealthProviders,
    LinkCancelled,
    LinkRefused,
    RevocationUnfinished,
)
from application.health.service import VERSION, integration_id
from application.health.writes import HealthWrites
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.encryption import SubjectErased
from application.kernel.ports import AppendResult, Clock, EventLog
from application.privacy.consent_cache import ConsentCache
from application.privacy.consents import ConsentMissing
from application.users.errors import FlowRefused, SignInEnded
from application.users.oauth_redirect import FLOW_LIFETIME, OAuthRedirectService
from application.users.ports import CallbackParameters, Flow, SignedInUser
from application.users.sign_in import SignInService
from application.users.tokens import AccessClaims
from domain.erasures.erasure import ERASURE, Certified, Underway
from domain.health.choices import SourceUnknown
from domain.health.events import CloudSource
from domain.health.integration import HEALTH_INTEGRATION, Connect, Disconnect, Link
from domain.ids import TenantId, UserId
from domain.kernel import Origin
from domain.users.identities import Provider

CALLBACK: Final = "/v1/auth/health/{source}/callback"
"""Path to which clouds send the browser back, below the base URL."""

PAGE: Final = "/health.html"
"""Page that the browser returns to after a flow."""

HELD: Final = timedelta(minutes=2)
"""Time for which a new link waits for its consent to be noted. A sync without it ends the link."""

logger: Any = structlog.get_logger()


@dataclass(frozen=True)
class HealthLinking:
    """Links clouds and ends links. `oauth` signs flows, and knows our public URL."""

    providers: HealthProviders
    links: HealthLinks
    writes: HealthWrites
    deliveries: HealthDeliveries
    log: EventLog
    commands: CommandHandler
    consents: ConsentCache
    oauth: Callable[[], OAuthRedirectService]
    sign_ins: Callable[[], SignInService]
    clock: Clock

    def provider(self, source: CloudSource) -> HealthProvider:
        """Return a cloud that is set up. Raises SourceUnknown."""
        found = self.providers.get(source)
        if found is None:
            raise SourceUnknown
        return found

    def begin(
        self, source: CloudSource, tenant_id: TenantId, claims: AccessClaims | None
    ) -> tuple[str, str]:
        """Begin a flow: return the page of the cloud, and the signed state for the browser.

        Raises SourceUnknown.
        """
        provider, oauth = self.provider(source), self.oauth()
        flow = Flow(
            provider=_named(source),
            tenant_id=tenant_id,
            state=oauth.new_secret(),
            nonce="",
            verifier=oauth.new_secret(),
            return_to=PAGE,
            expires_at=self.clock() + FLOW_LIFETIME,
            links=None if claims is None else SignedInUser(claims.user_id, claims.sign_in_id),
        )
        page = provider.page(flow.state, flow.verifier, self._callback(source))
        return page, oauth.flows.sign(flow)

    def read_flow(self, source: CloudSource, signed: str | None) -> Flow:
        """Verify the state that the browser kept. Raises LinkRefused."""
        try:
            return self.oauth().read_flow(_named(source), signed)
        except FlowRefused:
            raise LinkRefused from None

    def complete(
        self,
        source: CloudSource,
        flow: Flow,
        user_id: UserId,
        parameters: CallbackParameters,
        scope: str | None,
        *,
        origin: Origin,
    ) -> AppendResult:
        """Store the tokens of a cloud, and note the consent; a first sync follows at once.

        Raises LinkRefused, LinkCancelled, SignInEnded, ConsentMissing, SubjectErased, and what the
        cloud raises.
        """
        provider, now = self.provider(source), self.clock()
        sent = (parameters.state or "").encode()
        if not hmac.compare_digest(sent, flow.state.encode()):
            raise LinkRefused
        if parameters.error is not None or parameters.code is None:
            raise LinkCancelled
        if flow.links is not None:
            if not self.sign_ins().is_live(flow.tenant_id, flow.links.sign_in_id):
                raise SignInEnded
            self.consents.require(flow.tenant_id, user_id, "health_data")
        grant = provider.redeem(parameters.code, flow.verifier, self._callback(source), scope)
        metrics = metrics_of(provider, grant.scopes)
        before = self.links.get(flow.tenant_id, user_id, source)
        held = HealthLink(flow.tenant_id, user_id, source, grant, now + HELD, now)
        if not metrics:
            self._reject(held, before)
            raise LinkCancelled
        held = self._replacing(held, grant, before)
        self._hold(held, grant)
        connect = Connect(user_id=user_id, source=source, metrics=metrics, version=VERSION, at=now)
        link = Link(user_id=user_id, source=source, scopes=grant.scopes, at=now)
        appended = self.commands.execute(
            Request(HEALTH_INTEGRATION, integration_id(user_id, source), [connect, link]),
            origin=origin,
            command_id=uuid5(LINKS, flow.state),
        )
        self.links.put(replace(held, due_at=now))
        return appended

    def _hold(self, link: HealthLink, grant: Grant) -> None:
        """Store a new link, or revoke its tokens if the erasure of the person has begun.

        The erasure ends the links that it finds at its beginning. Raises SubjectErased.
        """
        try:
            self.links.put(link)
            self._require_no_erasure(link)
        except SubjectErased:
            self._unrevoked(link, [grant])
            self.links.delete(link.tenant_id, link.user_id, link.source)
            raise

    def _require_no_erasure(self, link: HealthLink) -> None:
        """Raise SubjectErased if the erasure of the person of a link has begun, or is over."""
        history = self.log.load(link.tenant_id, f"{ERASURE.category}-{link.user_id}")
        if isinstance(ERASURE.fold(each.event for each in history), Underway | Certified):
            raise SubjectErased

    def _replacing(self, link: HealthLink, grant: Grant, before: HealthLink | None) -> HealthLink:
        """Return a link that takes the place of one of any account.

        The tokens of another account are kept until they are revoked. Those of the same account are
        not revoked: at some clouds, the new ones would end with them.
        """
        prefix = self.links.prefix_of(link.source, grant.account)
        link = replace(link, account=grant.account, prefix=prefix)
        if before is None:
            return link
        if before.account == grant.account:
            return replace(link, prefix=before.prefix, former=before.former)
        ended = () if before.grant is None else (before.grant,)
        former = (each for each in before.former if each.account != grant.account)
        return replace(link, former=(*former, *ended))

    def _reject(self, link: HealthLink, before: HealthLink | None) -> None:
        """Revoke tokens that open no data, unless those of a link would end with them."""
        if before is None:
            self._end(link)
        elif link.grant is not None and not _is_used(before, link.grant):
            rejected = link.grant
            self.links.change_former(
                before.tenant_id, before.user_id, before.source, lambda former: (*former, rejected)
            )
            self.revoke_former(before.tenant_id, before.user_id, before.source)

    def revoke_former(self, tenant_id: TenantId, user_id: UserId, source: CloudSource) -> None:
        """Revoke the tokens of accounts that were linked before."""
        link = self.links.get(tenant_id, user_id, source)
        if link is not None and link.former:
            self._keep_former(link, link.former, self._unrevoked(link, link.former))

    def disconnect(
        self, user_id: UserId, source: CloudSource, *, origin: Origin, command_id: UUID
    ) -> AppendResult:
        """Withdraw the consent, and revoke the tokens at the cloud. Raises NotConnected.

        A repeated command ends no link that was made since. While the cloud is down, its tokens are
        kept to be revoked, and used for nothing else.
        """
        command = Disconnect(user_id=user_id, at=self.clock())
        request = Request(HEALTH_INTEGRATION, integration_id(user_id, source), [command])
        appended = self.commands.execute(request, origin=origin, command_id=command_id)
        link = self.links.get(origin.tenant_id, user_id, source)
        if link is not None and not self._is_newer(origin.tenant_id, user_id, source):
            self._end(link)
        return appended

    def _is_newer(self, tenant_id: TenantId, user_id: UserId, source: CloudSource) -> bool:
        """Return whether a source was connected again after it was disconnected."""
        stream = f"{HEALTH_INTEGRATION.category}-{integration_id(user_id, source)}"
        history = self.log.load(tenant_id, stream)
        integration = HEALTH_INTEGRATION.fold(recorded.event for recorded in history)
        return integration.active or integration.needs_consent

    def end(self, tenant_id: TenantId, user_id: UserId, source: CloudSource) -> None:
        """Revoke the tokens of a link and delete it, at once or when the cloud answers again."""
        link = self.links.get(tenant_id, user_id, source)
        if link is not None:
            self._end(link)

    def _end(self, link: HealthLink) -> None:
        now = self.clock()
        ending = replace(link, state="ending", attempts=0, due_at=now, changed_at=now)
        self.links.put(ending)
        self.revoke(ending)

    def end_all(self, tenant_id: TenantId, user_id: UserId) -> None:
        """Revoke the tokens of all links of a person, before they are erased.

        Links to clouds that are no longer set up are deleted, too.
        """
        for link in self.links.of_person(tenant_id, user_id):
            self._end(link)

    def revoke(self, link: HealthLink) -> bool:
        """Revoke the tokens of a link that ends, and delete it; return whether the cloud did."""
        grants = link.former if link.grant is None else (*link.former, link.grant)
        if left := self._unrevoked(link, grants):
            self._keep_former(link, link.former, left)
            return False
        self.writes.delete(link.tenant_id, link.user_id, link.source)
        self.deliveries.delete_all(link.tenant_id, link.user_id, link.source)
        self.links.delete(link.tenant_id, link.user_id, link.source)
        return True

    def _keep_former(self, link: HealthLink, tried: Sequence[Grant], left: Sequence[Grant]) -> None:
        """Of the tokens whose revocation was tried, keep those that are left to be revoked.

        Of one account, the newest tokens are sufficient.
        """
        kept = {each.account: each for each in left if each != link.grant}.values()
        self.links.change_former(
            link.tenant_id,
            link.user_id,
            link.source,
            lambda former: (*(each for each in former if each not in tried), *kept),
        )

    def keep(self, source: CloudSource, account: str, delivery: bytes) -> None:
        """Keep what a webhook brought for each link of an account, until it is synced.

        Nothing is kept of a person who withdrew the consent here; the next sync ends the link.
        """
        now = self.clock()
        for link in self.links.of_account(source, account):
            if (
                link.state in {"active", "failed"}
                and self._consents(link)
                and not self.deliveries.put(link.tenant_id, link.user_id, source, delivery, now)
            ):
                logger.warning("health.delivery_dropped", source=source)

    def _consents(self, link: HealthLink) -> bool:
        try:
            self.consents.require(link.tenant_id, link.user_id, "health_data")
        except ConsentMissing:
            return False
        return True

    def _unrevoked(self, link: HealthLink, grants: Sequence[Grant]) -> tuple[Grant, ...]:
        """Revoke tokens of a link at its cloud, and return those that are left to be revoked.

        A cloud refuses tokens that it has ended itself, so a refused revocation is not repeated.
        Tokens of an account that another user has linked are not revoked, because at some clouds
        the tokens of that link would end with them.
        """
        source = link.source
        provider = self.providers.get(source)
        if provider is None:  # it is no longer set up
            return ()
        left: list[Grant] = []
        for grant in grants:
            if self.links.has_other(link, grant.account):
                continue
            try:
                provider.revoke(grant)
            except (CloudConsentLost, CloudForbidden) as refusal:
                logger.warning("health.revocation_refused", source=source, code=refusal.code)
            except (CloudUnavailable, CloudAnswerUnreadable) as obstacle:
                logger.warning("health.revocation_waits", source=source, code=obstacle.code)
                left.append(grant)
            except RevocationUnfinished as unfinished:
                logger.warning("health.revocation_waits", source=source, code="renewed")
                left.append(unfinished.renewed)
        return tuple(left)

    def _callback(self, source: CloudSource) -> str:
        return self.oauth().base_url + CALLBACK.format(source=source)


LINKS: Final = UUID("019f2b60-7c11-7d0e-9b32-6e0c1f5a7d44")
"""Namespace of the ids of commands that link a cloud: a flow does so once."""


def _is_used(link: HealthLink, grant: Grant) -> bool:
    """Return whether a link has tokens of the account of a grant."""
    return link.grant is not None and link.grant.account == grant.account


def metrics_of(provider: HealthProvider, granted: Sequence[str]) -> tuple[str, ...]:
    """Return the metrics that the granted scopes open, in order."""
    opened = (
        metric for scope in provider.scopes if scope.name in granted for metric in scope.metrics
    )
    return tuple(sorted(set(opened)))


def _named(source: CloudSource) -> Provider:
    """Return the name of a flow's provider, which no identity provider can have."""
    return Provider(f"health:{source}")
