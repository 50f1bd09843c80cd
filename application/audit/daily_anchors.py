"""Daily anchors: each day, the head of a tenant's hash chain is signed and stored write-once.

A log that is rewritten later, even with a consistent hash chain, contradicts its anchors.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from application.audit.hash_chain import HashChainReader
from application.audit.stored_anchors import AnchorsVerdict, StoredAnchors, link_to, name_of
from application.audit.verification import NO_ANCHOR, AnchoredEvent, AnchorLink, verify_chain
from application.kernel.ports import Clock
from domain.ids import TenantId

log: Any = structlog.get_logger()


@dataclass(frozen=True)
class DailyAnchors:
    """Verifies a tenant's chain against its latest anchors, then stores a new anchor."""

    chain: HashChainReader
    stored: StoredAnchors
    clock: Clock

    def __call__(self, tenant_id: TenantId) -> AnchorLink | None:
        """Return the new anchor; None, with an error in the log, if there can be none.

        There can be none if the hash chain is broken, or the newest anchor is missing or changed.
        Forged anchors are logged too, but do not prevent a new one: write-once storage keeps them.
        Raises StorageUnavailable, KmsUnavailable and KeyRefused.
        """
        recorded = self.stored.newest.find(tenant_id)
        anchors = self.stored.check(tenant_id, first=recorded.name if recorded else "")
        for problem in anchors.problems:
            log.error(
                "audit.anchor_tampered",
                tenant=tenant_id,
                tampering=problem.tampering,
                anchor=problem.name,
                sentence=problem.sentence,
            )
        newest, anchored = _newest(tenant_id, recorded, anchors)
        verdict = verify_chain(self.chain, tenant_id, anchored=anchored)
        if verdict.broken is not None:
            log.error(
                "audit.chain_broken",
                tenant=tenant_id,
                tampering=verdict.broken.tampering,
                position=verdict.broken.position,
            )
            return None
        if not verdict.events:
            return None
        if recorded is not None and newest.name in {each.name for each in anchors.problems}:
            return None
        return self._store(AnchoredEvent(tenant_id, verdict.position, verdict.hash), newest)

    def _store(self, head: AnchoredEvent, previous: AnchorLink) -> AnchorLink | None:
        """Store an anchor; None if another process did in the same second."""
        now = self.clock()
        document = self.stored.anchors.sign([head], at=now, previous=previous)
        name = name_of(now, self.stored.anchors.read(document).key_id)
        self.stored.store.put(head.tenant_id, name, document)
        if self.stored.store.get(head.tenant_id, name) != document:
            log.warning("audit.anchor_exists", tenant=head.tenant_id, anchor=name)
            return None
        anchor = link_to(name, document)
        self.stored.newest.save(head.tenant_id, anchor)
        return anchor


def _newest(
    tenant_id: TenantId, recorded: AnchorLink | None, anchors: AnchorsVerdict
) -> tuple[AnchorLink, Sequence[AnchoredEvent]]:
    """Return the newest anchor, and the events that the log has to contain.

    After a crash, the database may not have the newest one yet: it names the recorded one.
    """
    if recorded is not None:
        newest = recorded
        for link, anchor in anchors.verified.items():
            if anchor.previous == newest:
                newest = link
        return newest, anchors.heads
    if anchors.verified:
        return next(reversed(anchors.verified)), anchors.heads
    if not anchors.unconfirmed:
        return NO_ANCHOR, ()
    newest, anchor = next(reversed(anchors.unconfirmed.items()))
    log.warning("audit.anchor_unconfirmed", tenant=tenant_id, anchor=newest.name)
    return newest, anchor.heads
