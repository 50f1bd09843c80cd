"""Agreement of the pose coach's stores with each other and with the log; repair from one of them.

The two stores are compared by their hash trees. The log has no tree: comparing with it reads all
sessions of the tenant.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from application.kernel.ports import Clock, EventLog
from application.kernel.read_models import PAGE_LIMIT, ReadModels, Window
from application.pose_coach.hash_tree import HashTree, MemoryTree, differing_sessions
from application.pose_coach.restored_log import LogMark, is_in_log
from application.pose_coach.sink_states import PROFILE, SinkEntry, SinkStates
from application.pose_coach.sinks import FindKey, find_saved
from application.pose_coach.stores import SessionRecord, SessionStore, StoreName
from domain.ids import PoseSessionId, TenantId, UserId
from domain.pose_coach.key import PoseCoachKey
from domain.pose_coach.pose_session import POSE_SESSION as DECIDER
from projections.pose_session import POSE_SESSION, PoseSession

SourceName = Literal["document", "analytics", "log"]

OTHER: Final[Mapping[StoreName, StoreName]] = {"document": "analytics", "analytics": "document"}


@dataclass(frozen=True)
class Verification:
    """Ids of the sessions in which each two differ. The log was compared only if asked for.

    `unknown_to_log` are those of which the log has no event at all. `log_restored` is the position
    up to which the stores followed a log that has something else there now, or nothing.
    """

    stores: tuple[str, ...]
    log_and_document: tuple[str, ...] = ()
    log_and_analytics: tuple[str, ...] = ()
    unknown_to_log: tuple[str, ...] = ()
    log_restored: int | None = None

    @property
    def agrees(self) -> bool:
        """Whether no difference was found, and the stores followed the log that there is."""
        differ = self.stores or self.log_and_document or self.log_and_analytics
        return not differ and self.log_restored is None


@dataclass(frozen=True)
class Agreement:
    """Compares and repairs the stores of one installation. Raises StorageUnavailable."""

    stores: Mapping[StoreName, SessionStore]
    states: SinkStates
    log: EventLog
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
        restored = self._restored()
        if not with_log:
            return Verification(between, log_restored=restored)
        log = self._log(tenant_id)
        with_document, with_analytics = (
            tuple(differing_sessions(log, tree)) for tree in (document, analytics)
        )
        unknown = tuple(
            session_id
            for session_id in sorted({*with_document, *with_analytics})
            if not self.log.load(tenant_id, f"{DECIDER.category}-{session_id}")
        )
        return Verification(between, with_document, with_analytics, unknown, restored)

    def accept_log(self) -> int | None:
        """Accept a restored log; return the position up to which the lost one was followed.

        Returns None if no log was restored. The sinks follow the log from its start. Sessions that
        it lost stay in the stores until a repair.
        """
        restored = self._restored()
        for sink in self.stores:
            if not is_in_log(self.states.followed(sink), self.log):
                self.states.mark(sink, [], LogMark(0), self.clock())
            self.states.note_restored(sink, None)
        return restored

    def _restored(self) -> int | None:
        """Return the highest position that a sink has followed and the log does not have."""
        marks = [self.states.followed(sink) for sink in self.stores]
        lost = [mark.position for mark in marks if not is_in_log(mark, self.log)]
        noted = self.states.restored()
        return max([*lost, *([] if noted is None else [noted])], default=None)

    def repair(
        self, tenant_id: TenantId, source: SourceName, *, dry_run: bool = False
    ) -> Mapping[StoreName, tuple[str, ...]]:
        """Copy what differs from the source to the other stores; return the ids by store.

        Can be interrupted and repeated, while the sinks run. With `dry_run` nothing is changed.
        """
        origin = None if source == "log" else self.stores[source]
        wanted = self._log(tenant_id) if origin is None else origin.tree(tenant_id)
        return {
            store.name: self._copy_all(tenant_id, origin, store, wanted, dry_run=dry_run)
            for store in self.stores.values()
            if store is not origin
        }

    def _copy_all(
        self,
        tenant_id: TenantId,
        origin: SessionStore | None,
        target: SessionStore,
        wanted: HashTree,
        *,
        dry_run: bool,
    ) -> tuple[str, ...]:
        """Copy what differs to a store, from the log if `origin` is None; return the ids.

        The sinks may write meanwhile, or lag behind. So a session that the log has is never
        deleted, and at the end the sinks write each one again, as the log has it by then.
        """
        differing = tuple(differing_sessions(wanted, target.tree(tenant_id)))
        logged = {key: self._logged(tenant_id, key) for key in differing}
        records: dict[str, SessionRecord | None] = (
            {key: each.record if each else None for key, each in logged.items()}
            if origin is None
            else {key: origin.find(tenant_id, key) for key in differing}
        )
        copied = tuple(
            key for key in differing if records[key] or not self._is_saved(tenant_id, key)
        )
        if dry_run:
            return copied
        owners = {key: self._owner(tenant_id, key, logged[key]) for key in differing}
        keys = {key: record.user_id for key in copied if (record := records[key])}
        self._mark(tenant_id, target.name, {key: owners[key] for key in keys}, keys)
        for key in copied:
            self._copy(tenant_id, target, key, records[key], logged[key])
        for name in self.stores:
            self._mark(tenant_id, name, owners, {})
        return copied

    def _copy(
        self,
        tenant_id: TenantId,
        store: SessionStore,
        session_id: str,
        wanted: SessionRecord | None,
        logged: "_Logged | None",
    ) -> None:
        if wanted is None and self._is_saved(tenant_id, session_id):
            return  # in the meantime
        if wanted is None:
            store.discard(tenant_id, session_id)
        else:
            store.save_profile(tenant_id, wanted.user_id)
            store.save(tenant_id, wanted, logged.row.created_at if logged else self.clock())

    def _mark(
        self,
        tenant_id: TenantId,
        name: StoreName,
        owners: Mapping[str, UserId | None],
        stored_for: Mapping[str, str],
    ) -> None:
        """Have a sink write sessions, and the profiles of their owners, once more.

        `stored_for` are the users' keys under which sessions are about to be stored, by session.
        """
        entries: dict[tuple[UserId, str], SinkEntry] = {}
        for session_id, owner in owners.items():
            if owner is not None:
                for key in (PROFILE, session_id):
                    entries[owner, key] = SinkEntry(
                        tenant_id, owner, key, stored_for=stored_for.get(session_id)
                    )
        self.states.mark(name, list(entries.values()), None, self.clock())

    def _owner(
        self, tenant_id: TenantId, session_id: str, logged: "_Logged | None"
    ) -> UserId | None:
        """Return whose session it is, or was before it was deleted, as far as the sinks know."""
        if logged is not None:
            return logged.row.user_id
        entries = self.states.of_sessions(tenant_id, [session_id]).get(session_id, {})
        return next((entry.user_id for entry in entries.values()), None)

    def _is_saved(self, tenant_id: TenantId, session_id: str) -> bool:
        """Check whether the log has a session, also one whose row is in quarantine."""
        saved = find_saved(self.log, tenant_id, PoseSessionId(session_id))
        return saved is not None and self.find_key(tenant_id, saved.user_id) is not None

    def _logged(self, tenant_id: TenantId, session_id: str) -> "_Logged | None":
        """Return a session as the log has it now."""
        row = self.read.get(POSE_SESSION, tenant_id, session_id)
        key = None if row is None else self.find_key(tenant_id, row.user_id)
        return None if row is None or key is None else _Logged(row, SessionRecord.of(row, key))

    def _log(self, tenant_id: TenantId) -> MemoryTree:
        """Return the tree of all sessions of the log."""
        digests: dict[str, int] = {}
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
                    digests[edge.key] = SessionRecord.of(edge.row, key).digest()
            if not page.has_next:
                return MemoryTree(digests)
            after = page.edges[-1].cursor


@dataclass(frozen=True)
class _Logged:
    """A session of the log: its row, and the record that the stores are to hold."""

    row: PoseSession
    record: SessionRecord
