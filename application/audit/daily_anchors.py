"""Daily anchors: each day, the head of a tenant's hash chain is signed and stored write-once.

A log that is rewritten later, even with a consistent hash chain, contradicts its anchors.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

import structlog

from application.audit.hash_chain import HashChainReader
from application.audit.verification import AnchoredEvent, Anchors, verify_chain
from application.kernel.ports import Clock
from domain.ids import TenantId

log: Any = structlog.get_logger()

SUFFIX: Final = ".jws"


@dataclass(frozen=True)
class StoredAnchor:
    """A signed anchor, and the id of the key that signed it."""

    at: datetime
    key_id: str
    document: str

    @property
    def name(self) -> str:
        """Name of the anchor: names of later anchors are greater."""
        return f"{self.at:%Y-%m-%dT%H%M%SZ}.{self.key_id}{SUFFIX}"


def key_id_of(name: str) -> str:
    """Return the key id in the name of an anchor."""
    return name.removesuffix(SUFFIX).partition(".")[2]


class AnchorStore(Protocol):
    """Write-once storage of anchors. Every method raises StorageUnavailable."""

    def put(self, tenant_id: TenantId, name: str, document: str) -> None:
        """Store an anchor durably; an existing one of the same name stays as it is."""
        ...

    def names(self, tenant_id: TenantId) -> list[str]:
        """Return the names of a tenant's anchors, the oldest first."""
        ...

    def get(self, tenant_id: TenantId, name: str) -> str:
        """Return an anchor."""
        ...


@dataclass(frozen=True)
class DailyAnchors:
    """Verifies a tenant's chain against its latest anchor, then stores a new anchor."""

    chain: HashChainReader
    anchors: Anchors
    store: AnchorStore
    clock: Clock

    def __call__(self, tenant_id: TenantId) -> StoredAnchor | None:
        """Return the new anchor; None, with an error in the log, if the chain is broken.

        Raises StorageUnavailable, KmsUnavailable, and AnchorRefused if the latest anchor is not
        one of this platform.
        """
        verdict = verify_chain(self.chain, tenant_id, anchored=self._anchored(tenant_id))
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
        head = AnchoredEvent(tenant_id, verdict.position, verdict.hash)
        now = self.clock()
        document = self.anchors.sign([head], at=now)
        anchor = StoredAnchor(now, self.anchors.read(document).key_id, document)
        self.store.put(tenant_id, anchor.name, document)
        return anchor

    def _anchored(self, tenant_id: TenantId) -> tuple[AnchoredEvent, ...]:
        """Return the head in the latest anchor. The storage vouches for keys deleted since."""
        names = self.store.names(tenant_id)
        if not names:
            return ()
        document = self.store.get(tenant_id, names[-1])
        return self.anchors.read(document, trusted={key_id_of(names[-1])}).heads
