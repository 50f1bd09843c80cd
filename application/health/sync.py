"""Sync of health clouds: at once after linking, every day, and after a webhook.

Each sync fetches the days since the last one and a week before it, because records come late, are
corrected and are deleted. Only new and changed records are stored; stored records that the cloud no
longer lists are deleted. So a sync can be repeated, and makes up for lost webhooks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Event
from typing import Any, Final

import structlog

from application.health.deliveries import DeliveringCloud
from application.health.linking import HealthLinking, metrics_of
from application.health.links import PREFIX_END, HealthLink
from application.health.pauses import pause_after
from application.health.periods import EVERY, start_of_sync
from application.health.providers import (
    CloudChallenge,
    CloudConsentLost,
    CloudForbidden,
    CloudNotice,
    CloudUnavailable,
    CloudWebhook,
    FetchedPage,
    Grant,
    HealthProvider,
)
from application.health.service import HealthService, SentBatch, integration_id
from application.health.write_back import WriteBack
from application.kernel.batches import batched
from application.kernel.command_handler import Request
from application.kernel.encryption import KeyDisabled, KeyRefused, SubjectErased
from application.kernel.ports import NewId, StorageUnavailable
from application.privacy.consents import ConsentMissing
from domain.health.batch import MAX_BATCH, SYNC, Measured, NotShared
from domain.health.events import CloudSource, ConsentLoss
from domain.health.integration import HEALTH_INTEGRATION, NotConnected, NoteConsentLost
from domain.kernel import Origin, Rejected
from projections.user_profile import USER_PROFILE, zone_of

MARGIN: Final = timedelta(hours=1)
"""Time at the beginning of a period in which no missing record is deleted: clouds list whole
seconds, and may leave out a record there that still exists."""

LEASE: Final = timedelta(minutes=10)
"""Time for one sync, until another process may try it."""

EARLY: Final = timedelta(minutes=2)
"""Time before the end of an access token at which it is renewed."""

MAX_ATTEMPTS: Final = 14
"""Attempts before a link counts as failed, after about two days. Used-up quotas do not count."""

DELIVERIES: Final = 20
"""Deliveries of a link that one sync reads."""

GIVE_UP: Final = timedelta(days=2)
"""Time after which a delivery that cannot be read is given up: its address has ended by then."""

logger: Any = structlog.get_logger()


@dataclass
class Fetched:
    """Records of a period: their ids, those that could not be taken, and what is not listed.

    `more` deliveries may wait.
    """

    ids: set[str] = field(default_factory=set[str])
    unreadable: int = 0
    impossible: int = 0
    forbidden: set[str] = field(default_factory=set[str])
    more: bool = False


class LeaseLostError(Exception):
    """The link was linked again, ended, or claimed by another process."""


@dataclass(frozen=True)
class HealthSync:
    """Fetches records of linked clouds. Every step is idempotent."""

    linking: HealthLinking
    health: HealthService
    write_back: WriteBack
    new_id: NewId

    def receive(self, source: CloudSource, webhook: CloudWebhook) -> CloudChallenge | int:
        """Make the links that a webhook names due, or end them; return how many, or a challenge.

        Raises SourceUnknown, CloudWebhookForged, StorageUnavailable and KmsUnavailable; KeyDisabled
        and KeyRefused only after the links of other tenants, so that the cloud sends it again.
        """
        found = self.linking.provider(source).read_webhook(webhook)
        if isinstance(found, CloudChallenge):
            return found
        count = 0
        refusal: KeyDisabled | KeyRefused | None = None
        for notice in found:
            try:
                count += self._receive_notice(source, notice)
            except (KeyDisabled, KeyRefused) as refused:
                refusal = refused
        if refusal is not None:
            raise refusal
        return count

    def _receive_notice(self, source: CloudSource, notice: CloudNotice) -> int:
        links, account = self.linking.links, notice.account
        if not notice.is_withdrawal:
            try:
                if notice.delivery is not None:
                    self.linking.keep(source, account, notice.delivery)
            finally:  # also if the delivery could not be kept for all links
                woken = links.wake(source, account, self.linking.clock())
            return woken
        count = 0
        for link in links.of_account(source, account):
            if link.state in {"active", "failed"}:
                count += 1
                lost = self._without_consent(link, "withdrawn")
                links.put(lost)  # so that a sync under way stores nothing
                self._note_loss(lost, "withdrawn")
        return count

    def run_due(self, stop: Event) -> int:
        """Sync the links that are due; return how many. Raises StorageUnavailable.

        A link whose tenant has disabled its key is tried again after its lease.
        """
        count = 0
        while not stop.is_set():
            now = self.linking.clock()
            try:
                link = self.linking.links.claim_due(now, now + LEASE)
            except (KeyDisabled, KeyRefused) as refused:
                logger.warning("health.link_unreadable", code=refused.code)
                continue
            if link is None:
                break
            count += 1
            self.sync_health_data(link)
        return count

    def sync_health_data(self, link: HealthLink) -> None:
        """Sync a link that was claimed, and store when the next sync is due (R-HLT-08).

        Raises StorageUnavailable; then it is due after its lease.
        """
        provider = self.linking.providers.get(link.source)
        if link.state == "ending":
            if not self.linking.revoke(link):
                self._postpone(link, CloudUnavailable())
            return
        if link.grant is None:  # the key of the person was destroyed
            self._end(link)
            return
        if provider is None:  # it is no longer set up
            self._postpone(link, CloudUnavailable())
            return
        try:
            self._sync(link, link.grant, provider)
        except StorageUnavailable:
            raise
        except LeaseLostError:
            logger.warning("health.lease_lost", source=link.source)
        except CloudConsentLost:
            self._lose(link, "refused")
        except ConsentMissing:
            self._withdraw(link)
        except (NotConnected, SubjectErased):
            self._end(link)
        except Rejected as obstacle:
            self._postpone(link, obstacle)
        except Exception as error:  # it is logged, and its type is stored
            logger.exception("health.sync_failed", source=link.source)
            self._postpone(link, error)

    def _sync(self, link: HealthLink, grant: Grant, provider: HealthProvider) -> None:
        began = self.linking.clock()
        self.linking.consents.require(link.tenant_id, link.user_id, "health_data")
        if not self.health.is_connected(link.tenant_id, link.user_id, link.source):
            raise NotConnected  # nothing is fetched after a disconnection that was interrupted
        self.linking.revoke_former(link.tenant_id, link.user_id, link.source)
        is_new = grant.expires_at - began <= EARLY
        if is_new:
            link = self._refreshed(link, grant, provider)
        start = start_of_sync(link, provider, began)
        try:
            fetched = self._fetch(link, provider, start, began)
        except CloudConsentLost:
            if is_new:
                raise
            is_new, link = True, self._refreshed(link, grant, provider)
            fetched = self._fetch(link, provider, start, began)
        self._delete_missing(link, provider, fetched, (start + MARGIN, began))
        try:
            pause = self._write_workouts(link, provider)
        except CloudConsentLost:  # the access token may have ended while records were fetched
            if is_new:
                raise
            link = self._refreshed(link, grant, provider)
            pause = self._write_workouts(link, provider)
        now = self.linking.clock()
        done = replace(
            link,
            synced_until=link.synced_until if start == began else began,
            due_at=now if fetched.more else now + (EVERY if pause is None else min(EVERY, pause)),
            changed_at=now,
            attempts=0,
            reason=CloudForbidden.code if fetched.forbidden else None,
            forbidden=tuple(sorted(fetched.forbidden)),
            refused=fetched.unreadable + fetched.impossible,
        )
        self.linking.links.save(done)

    def _write_workouts(self, link: HealthLink, provider: HealthProvider) -> timedelta | None:
        """Write completed workouts; return the pause until the rest is due, None without any."""
        return self.write_back.write(link, provider, lambda: self._hold(link))

    def _zone(self, link: HealthLink) -> str:
        profile = self.health.read.get(USER_PROFILE, link.tenant_id, link.user_id)
        return zone_of(profile).key

    def _fetch(
        self, link: HealthLink, provider: HealthProvider, start: datetime, end: datetime
    ) -> Fetched:
        """Store the records of a period."""
        fetched = Fetched()
        if link.grant is not None:
            self._store(link, provider.fetch(link.grant, start, end), fetched)
            if isinstance(provider, DeliveringCloud):
                self._read_deliveries(link, link.grant, provider, fetched)
        return fetched

    def _read_deliveries(
        self, link: HealthLink, grant: Grant, cloud: DeliveringCloud, fetched: Fetched
    ) -> None:
        """Store what webhooks have brought, the oldest first: a newer one replaces its records.

        A delivery is kept until its records are stored, or `GIVE_UP` has passed. Other links have
        their turn before the next deliveries of this one.
        """
        waiting, source = self.linking.deliveries, link.source
        found = waiting.oldest(link.tenant_id, link.user_id, source, DELIVERIES)
        for delivery in found:
            try:
                self._store(link, cloud.read_delivery(grant, delivery.content), fetched)
            except CloudUnavailable:
                if self.linking.clock() - delivery.received_at < GIVE_UP:
                    raise
                fetched.unreadable += 1
            waiting.delete(link.tenant_id, delivery.number)
        fetched.more = len(found) == DELIVERIES

    def _store(self, link: HealthLink, pages: Iterable[FetchedPage], fetched: Fetched) -> None:
        for page in pages:
            fetched.unreadable += page.unreadable
            fetched.forbidden.update(page.forbidden)
            named = [replace(each, id=link.prefix + each.id) for each in page.measured]
            for part in batched(named, MAX_BATCH):
                fetched.ids.update(each.id for each in part)
                fetched.impossible += self._push(link, part, [])

    def _delete_missing(
        self,
        link: HealthLink,
        provider: HealthProvider,
        fetched: Fetched,
        period: tuple[datetime, datetime],
    ) -> None:
        """Delete records of this account that the cloud no longer lists, and count the sync.

        A record that cannot be read may be any of those that are missing, so they stay for now. A
        cloud that delivers lists no metric.
        """
        scopes = () if link.grant is None else link.grant.scopes
        listed = set(metrics_of(provider, scopes)) - fetched.forbidden
        if isinstance(provider, DeliveringCloud):
            listed.clear()
        stored = self.health.stored_ids(link.tenant_id, link.user_id, link.source, listed, period)
        missing = sorted(each for each in stored - fetched.ids if _is_of(link, each))
        parts = [] if fetched.unreadable else [*batched(missing, MAX_BATCH)]
        for deleted in parts or [[]]:
            self._push(link, [], deleted)

    def _refreshed(self, link: HealthLink, grant: Grant, provider: HealthProvider) -> HealthLink:
        """Return a link with new tokens. They are stored at once: the old ones may have ended."""
        renewed = replace(link, grant=provider.refresh(grant))
        self._hold(renewed)
        return renewed

    def _hold(self, link: HealthLink) -> None:
        """Store the tokens of a link under way, and lease it anew. Raises LeaseLostError."""
        if not self.linking.links.save_grant(link, self.linking.clock() + LEASE):
            raise LeaseLostError

    def _push(self, link: HealthLink, measured: Sequence[Measured], deleted: Sequence[str]) -> int:
        """Store a batch, and return how many of its records are impossible."""
        self._hold(link)
        sent = SentBatch(measured, deleted, self._zone(link), None)
        synced = self.health.push(
            link.user_id, link.source, sent, origin=self._origin(link), command_id=self.new_id()
        )
        if synced.refused:
            codes = sorted({each.reason.code for each in synced.refused})
            logger.info(
                "health.records_refused", source=link.source, count=len(synced.refused), codes=codes
            )
        return sum(1 for each in synced.refused if each.reason.code != NotShared.code)

    def _lose(self, link: HealthLink, reason: ConsentLoss) -> None:
        """Forget the tokens of a link under way, and note that the cloud gives no more records."""
        lost = self._without_consent(link, reason)
        if self.linking.links.save(lost):
            self._note_loss(lost, reason)

    def _withdraw(self, link: HealthLink) -> None:
        """Revoke the tokens of a person who withdrew the consent here, and note it."""
        if self.linking.links.save_grant(link, self.linking.clock() + LEASE):
            self._note_loss(link, "withdrawn")
            self._end(link)

    def _without_consent(self, link: HealthLink, reason: ConsentLoss) -> HealthLink:
        now = self.linking.clock()
        return replace(
            link, grant=None, state="needs_consent", reason=reason, due_at=now, changed_at=now
        )

    def _note_loss(self, link: HealthLink, reason: ConsentLoss) -> None:
        self.linking.deliveries.delete_all(link.tenant_id, link.user_id, link.source)
        command = NoteConsentLost(user_id=link.user_id, reason=reason, at=self.linking.clock())
        request = Request(HEALTH_INTEGRATION, integration_id(link.user_id, link.source), [command])
        self.linking.commands.execute(request, origin=self._origin(link), command_id=self.new_id())

    def _end(self, link: HealthLink) -> None:
        self.linking.end(link.tenant_id, link.user_id, link.source)

    def _postpone(self, link: HealthLink, obstacle: Exception) -> None:
        """Store when to try again, or that a link has failed. Tokens renewed meanwhile stay."""
        stored = self.linking.links.get(link.tenant_id, link.user_id, link.source)
        if stored is None or stored.claims != link.claims:
            return
        link = replace(link, grant=stored.grant)
        now, attempts = self.linking.clock(), link.attempts + 1
        pause = pause_after(attempts, getattr(obstacle, "retry_after_s", None))
        is_quota = isinstance(obstacle, CloudUnavailable) and obstacle.obstacle == "rate_limited"
        is_over = attempts >= MAX_ATTEMPTS and not is_quota
        reason = obstacle.code if isinstance(obstacle, Rejected) else type(obstacle).__name__
        failed = link.state == "active" and is_over
        postponed = replace(
            link,
            state="failed" if failed else link.state,
            attempts=attempts,
            due_at=now + pause,
            changed_at=now,
            reason=reason,
        )
        self.linking.links.save(postponed)
        logger.warning(
            "health.sync_postponed",
            source=link.source,
            code=reason,
            attempts=attempts,
            failed=failed,
        )

    def _origin(self, link: HealthLink) -> Origin:
        return Origin(tenant_id=link.tenant_id, actor=SYNC, correlation_id=self.new_id())


def _is_of(link: HealthLink, record_id: str) -> bool:
    """Return whether a record is of the linked account. Ids of early links have no prefix."""
    return record_id.startswith(link.prefix) if link.prefix else PREFIX_END not in record_id
