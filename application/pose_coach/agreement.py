"""Agreement of the pose coach's stores with each other and with the log; repair from one of them.

The two stores are compared by their hash trees. The log has no tree: comparing with it reads all
sessions of the tenant.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from application.kernel.ports import Clock
from application.kernel.read_models import PAGE_LIMIT, ReadModels, Window
from application.pose_coach.hash_tree import MemoryTree, differing_sessions
from application.pose_coach.sinks import PROFILE, FindKey, SinkEntry, SinkStates
from application.pose_coach.stores import SessionRecord, SessionStore, StoreName
from domain.ids import TenantId, UserId
from domain.pose_coach.key import PoseCoachKey
from projections.pose_session import POSE_SESSION

SourceName = Literal["document", "analytics", "log"]

OTHER: Final[Mapping[StoreName, StoreName]] = {"document": "analytics", "analytics": "document"}


@dataclass(frozen=True)
class Verification:
    """Ids of the sessions in which each two differ. The log was compared only if asked for."""

    stores: tuple[str, ...]
    log_and_document: tuple[str, ...] = ()
    log_and_analytics: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether no difference was found."""
        return not (self.stores or self.log_and_document or self.log_and_analytics)


@dataclass(frozen=True)
class Agreement:
    """Compares and repairs the stores of one installation. Raises StorageUnavailable."""

    stores: Mapping[StoreName, SessionStore]
    states: SinkStates
    read: ReadModels
    find_key: FindKey
    clock: Clock

    def verify(
        self, tenant_id: TenantId, *, with_log: bool = False, deep: bool = False
    ) -> Verification:
        """Find differences. `deep` first computes the trees again from the stored sessions."""
        if deep:
            for store in self.stores.values():
                store.rebuild_tree(tenant_id)
        document, analytics = (self.stores[name].tree(tenant_id) for name in OTHER)
        between = tuple(differing_sessions(document, analytics))
        if not with_log:
            return Verification(between)
        log = _tree(self._log(tenant_id))
        return Verification(
            between,
            tuple(differing_sessions(log, document)),
            tuple(differing_sessions(log, analytics)),
        )

    def repair(
        self, tenant_id: TenantId, source: SourceName, *, dry_run: bool = False
    ) -> Mapping[StoreName, tuple[str, ...]]:
        """Copy what differs from the source to the other stores; return the ids by store.

        Can be interrupted and repeated. With `dry_run` nothing is changed.
        """
        if source == "log":
            return self._repair_from_log(tenant_id, dry_run=dry_run)
        origin, target = self.stores[source], self.stores[OTHER[source]]
        trees = origin.tree(tenant_id), target.tree(tenant_id)
        differing = tuple(differing_sessions(*trees))
        for session_id in () if dry_run else differing:
            self._copy(tenant_id, target, session_id, origin.find(tenant_id, session_id))
        return {target.name: differing}

    def _repair_from_log(
        self, tenant_id: TenantId, *, dry_run: bool
    ) -> Mapping[StoreName, tuple[str, ...]]:
        log = self._log(tenant_id)
        tree = _tree(log)
        repaired: dict[StoreName, tuple[str, ...]] = {}
        for name, store in self.stores.items():
            repaired[name] = tuple(differing_sessions(tree, store.tree(tenant_id)))
            if dry_run:
                continue
            for session_id in repaired[name]:
                record = log[session_id][1] if session_id in log else None
                self._copy(tenant_id, store, session_id, record)
            owners = {key: log[key][0] for key in repaired[name] if key in log}
            self._mark(tenant_id, name, owners)
        return repaired

    def _copy(
        self,
        tenant_id: TenantId,
        store: SessionStore,
        session_id: str,
        wanted: SessionRecord | None,
    ) -> None:
        existing = store.find(tenant_id, session_id)
        if existing is not None and (wanted is None or wanted.user_id != existing.user_id):
            store.delete(tenant_id, existing.user_id, session_id)
        if wanted is not None:
            store.save_profile(tenant_id, wanted.user_id)
            store.save(tenant_id, wanted, self.clock())

    def _mark(self, tenant_id: TenantId, name: StoreName, owners: Mapping[str, UserId]) -> None:
        """Have the sink write repaired sessions once more, so that it knows their state."""
        entries = {
            (owner, key): SinkEntry(tenant_id, owner, key)
            for session_id, owner in owners.items()
            for key in (PROFILE, session_id)
        }
        self.states.mark(name, list(entries.values()), None, self.clock())

    def _log(self, tenant_id: TenantId) -> dict[str, tuple[UserId, SessionRecord]]:
        """Return all sessions of the log with their owners, by id."""
        sessions: dict[str, tuple[UserId, SessionRecord]] = {}
        keys: dict[UserId, PoseCoachKey | None] = {}
        after: str | None = None
        while True:
            page = self.read.page(
                POSE_SESSION, tenant_id, window=Window(first=PAGE_LIMIT, after=after)
            )
            for edge in page.edges:
                owner = edge.row.user_id
                if owner not in keys:
                    keys[owner] = self.find_key(tenant_id, owner)
                key = keys[owner]
                if key is not None:
                    sessions[edge.key] = owner, SessionRecord.of(edge.row, key)
            if not page.has_next:
                return sessions
            after = page.edges[-1].cursor


def _tree(sessions: Mapping[str, tuple[UserId, SessionRecord]]) -> MemoryTree:
    return MemoryTree({key: record.digest() for key, (_, record) in sessions.items()})
