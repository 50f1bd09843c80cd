"""Document store of the pose coach in Firestore, a database for each tenant."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from hashlib import sha256
from threading import Lock
from typing import Any, Final, TypeVar

import grpc  # type: ignore[import-untyped]  # without types

from adapters.pose_coach.document_content import to_content, to_record
from adapters.pose_coach.firestore_api import (
    Contended,
    Document,
    FirestoreDatabase,
    Query,
    Write,
)
from adapters.pose_coach.firestore_rebuild import rebuild
from adapters.pose_coach.firestore_tree import (
    FirestoreTree,
    change_shard,
    digest_of,
    index_path,
    shard_path,
    to_entry,
)
from application.kernel.ports import StorageUnavailable
from application.pose_coach.hash_tree import HashTree
from application.pose_coach.stores import (
    ProfileRecord,
    SessionRecord,
    StoreName,
    document_path,
    to_timestamp,
)
from domain.ids import DEFAULT_TENANT, TenantId

T = TypeVar("T")

ATTEMPTS: Final = 10
"""Times that a write is tried while others write; each takes one round trip more."""

LONGEST_NAME: Final = 63
"""Characters of a database id in Firestore: a to z, 0 to 9 and `-`."""


class FirestoreDocuments:
    """Implements `DocumentStore`. The default tenant has the database `(default)`.

    `metadata` is sent with each call. Databases are not created: a missing one is an outage. Each
    write is one commit of a session with its part of the hash tree.
    """

    name: StoreName = "document"

    def __init__(
        self, channel: grpc.Channel, project: str, metadata: Sequence[tuple[str, str]] = ()
    ) -> None:
        self._channel = channel
        self._project = project
        self._metadata = metadata
        self._databases: dict[TenantId, FirestoreDatabase] = {}
        self._lock = Lock()

    def close(self) -> None:
        """Close the connection."""
        self._channel.close()

    def save(self, tenant_id: TenantId, record: SessionRecord, created_at: datetime) -> None:
        self._write(tenant_id, lambda database: _save(database, record, created_at))

    def document(self, tenant_id: TenantId, path: str) -> Mapping[str, Any] | None:
        found = self._database(tenant_id).get([path]).get(path)
        return None if found is None else _content(found)

    def get(self, tenant_id: TenantId, user_id: str, session_id: str) -> SessionRecord | None:
        content = self.document(tenant_id, document_path(user_id, session_id))
        return None if content is None else to_record(content)

    def find(self, tenant_id: TenantId, session_id: str) -> SessionRecord | None:
        database = self._database(tenant_id)
        entry = database.get([index_path(session_id)]).get(index_path(session_id))
        content = None if entry is None else self.document(tenant_id, str(entry.fields["path"]))
        return None if content is None else to_record(content)

    def delete(self, tenant_id: TenantId, user_id: str, session_id: str) -> bool:
        path = document_path(user_id, session_id)
        return self._write(tenant_id, lambda database: _delete(database, path, session_id))

    def discard(self, tenant_id: TenantId, session_id: str) -> None:
        self._write(tenant_id, lambda database: _discard(database, session_id))

    def list(self, tenant_id: TenantId, user_id: str) -> Sequence[SessionRecord]:
        found, _ = self._database(tenant_id).query(_sessions_of(user_id))
        records = [record for each in found if (record := to_record(_content(each)))]
        return sorted(records, key=lambda each: (each.timestamp, each.session_id), reverse=True)

    def save_profile(
        self, tenant_id: TenantId, user_id: str, profile: ProfileRecord | None = None
    ) -> None:
        del tenant_id, user_id, profile  # documents need no profile

    def delete_profile(self, tenant_id: TenantId, user_id: str) -> int:
        deleted = 0
        while found := self._database(tenant_id).query(_sessions_of(user_id))[0]:
            for each in found:
                session_id = each.path.rpartition("/")[2]
                deleted += self.delete(tenant_id, user_id, session_id)
        return deleted

    def tree(self, tenant_id: TenantId) -> HashTree:
        return FirestoreTree(partial(self._database, tenant_id))

    def rebuild_tree(self, tenant_id: TenantId) -> None:
        self._write(tenant_id, rebuild)

    def _database(self, tenant_id: TenantId) -> FirestoreDatabase:
        with self._lock:
            if tenant_id not in self._databases:
                self._databases[tenant_id] = FirestoreDatabase(
                    self._channel, self._project, database_id(tenant_id), self._metadata
                )
            return self._databases[tenant_id]

    def _write(self, tenant_id: TenantId, change: Callable[[FirestoreDatabase], T]) -> T:
        """Read and write, again if another write came between."""
        database = self._database(tenant_id)
        for attempt in range(ATTEMPTS):
            try:
                return change(database)
            except Contended:
                time.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311  no secret
        raise StorageUnavailable("The document store cannot be written: others write for too long.")


def database_id(tenant_id: TenantId) -> str:
    """Return the id of a tenant's database; one that would not fit ends with a hash."""
    if tenant_id == DEFAULT_TENANT:
        return "(default)"
    full = f"pose-coach-{tenant_id}"
    if len(full) <= LONGEST_NAME and "_" not in full and not full.endswith("-"):
        return full
    hashed = sha256(full.encode()).hexdigest()[:16]
    return f"{full.replace('_', '-')[: LONGEST_NAME - 17]}-{hashed}"


def _save(database: FirestoreDatabase, record: SessionRecord, created_at: datetime) -> None:
    session_id = record.session_id
    path, entry_path = document_path(record.user_id, session_id), index_path(session_id)
    found = database.get([path, entry_path, shard_path(session_id)])
    fields = to_content(record, created_at)
    fields["accuracy"] = float(record.accuracy)
    fields["createdAt"] = created_at
    existing = found.get(path)
    if existing is not None and isinstance(existing.fields.get("createdAt"), datetime):
        fields["createdAt"] = existing.fields["createdAt"]
    entry = found.get(entry_path)
    writes = [
        Write(path, fields),
        Write(entry_path, to_entry(session_id, path, record.digest())),
        _shard(found, session_id, record.digest() - digest_of(entry)),
    ]
    if entry is not None and entry.fields.get("path") != path:
        writes.append(Write(str(entry.fields["path"]), None))  # it was another user's
    database.commit(writes)


def _delete(database: FirestoreDatabase, path: str, session_id: str) -> bool:
    entry_path = index_path(session_id)
    found = database.get([path, entry_path, shard_path(session_id)])
    entry = found.get(entry_path)
    writes = [Write(path, None)] if path in found else []
    if entry is not None and entry.fields.get("path") == path:
        writes.append(Write(entry_path, None))
        writes.append(_shard(found, session_id, -digest_of(entry)))
    if writes:
        database.commit(writes)
    return path in found


def _discard(database: FirestoreDatabase, session_id: str) -> None:
    entry_path = index_path(session_id)
    found = database.get([entry_path, shard_path(session_id)])
    entry = found.get(entry_path)
    if entry is not None:
        database.commit(
            [
                Write(str(entry.fields["path"]), None),
                Write(entry_path, None),
                _shard(found, session_id, -digest_of(entry)),
            ]
        )


def _shard(found: Mapping[str, Document], session_id: str, difference: int) -> Write:
    return change_shard(found.get(shard_path(session_id)), session_id, difference)


def _sessions_of(user_id: str) -> Query:
    return Query("workoutSessions", parent=f"users/{user_id}")


def _content(document: Document) -> Mapping[str, Any]:
    """Return the fields as the embedded store has them, with text for the time of creation."""
    created_at = document.fields.get("createdAt")
    if not isinstance(created_at, datetime):
        return document.fields
    return {**document.fields, "createdAt": to_timestamp(created_at)}
