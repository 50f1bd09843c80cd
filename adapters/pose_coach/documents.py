"""Embedded document store of the pose coach: documents by path, in SQLite."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, cast

import sqlalchemy as sa

from adapters.pose_coach.document_content import to_content, to_record
from adapters.pose_coach.tenant_files import TenantFiles
from adapters.pose_coach.tree_tables import SqlTree, TreeTables
from application.pose_coach.hash_tree import HashTree
from application.pose_coach.stores import (
    ProfileRecord,
    SessionRecord,
    StoreName,
    damaged_digest,
    document_path,
)
from domain.ids import TenantId

METADATA: Final = sa.MetaData()
TREE: Final = TreeTables(METADATA)

DOCUMENT: Final = sa.Table(
    "document",
    METADATA,
    sa.Column("path", sa.Text, primary_key=True),
    sa.Column("collection", sa.Text, nullable=False, index=True),
    sa.Column("session_id", sa.Text, nullable=False, unique=True),
    sa.Column("content", sa.Text, nullable=False),
)


class SqliteDocuments:
    """Implements `DocumentStore` in `pose_documents.{tenant}.sqlite3`."""

    name: StoreName = "document"

    def __init__(self, home: Path) -> None:
        self._files = TenantFiles(home, "pose_documents", METADATA, "The document store")
        self.close = self._files.close

    def save(self, tenant_id: TenantId, record: SessionRecord, created_at: datetime) -> None:
        path = document_path(record.user_id, record.session_id)
        content = to_content(record, created_at)
        with self._files.writing(tenant_id) as connection:
            existing = _read(connection, path) or {}
            content["createdAt"] = existing.get("createdAt", content["createdAt"])
            same = (DOCUMENT.c.path == path) | (DOCUMENT.c.session_id == record.session_id)
            connection.execute(sa.delete(DOCUMENT).where(same))
            row = {
                "path": path,
                "collection": _collection(record.user_id),
                "session_id": record.session_id,
                "content": json.dumps(content, ensure_ascii=False),
            }
            connection.execute(sa.insert(DOCUMENT).values(row))
            TREE.change(connection, record.session_id, record.digest())

    def document(self, tenant_id: TenantId, path: str) -> Mapping[str, Any] | None:
        with self._files.reading(tenant_id) as connection:
            return _read(connection, path)

    def get(self, tenant_id: TenantId, user_id: str, session_id: str) -> SessionRecord | None:
        content = self.document(tenant_id, document_path(user_id, session_id))
        return None if content is None else to_record(content)

    def find(self, tenant_id: TenantId, session_id: str) -> SessionRecord | None:
        query = sa.select(DOCUMENT.c.content).where(DOCUMENT.c.session_id == session_id)
        with self._files.reading(tenant_id) as connection:
            content = _parsed(connection.execute(query).scalar_one_or_none())
        return None if content is None else to_record(content)

    def delete(self, tenant_id: TenantId, user_id: str, session_id: str) -> bool:
        this = DOCUMENT.c.path == document_path(user_id, session_id)
        with self._files.writing(tenant_id) as connection:
            deleted = connection.execute(sa.delete(DOCUMENT).where(this)).rowcount == 1
            if deleted:
                TREE.change(connection, session_id, None)
        return deleted

    def discard(self, tenant_id: TenantId, session_id: str) -> None:
        with self._files.writing(tenant_id) as connection:
            connection.execute(sa.delete(DOCUMENT).where(DOCUMENT.c.session_id == session_id))
            TREE.change(connection, session_id, None)

    def list(self, tenant_id: TenantId, user_id: str) -> Sequence[SessionRecord]:
        with self._files.reading(tenant_id) as connection:
            return _of_user(connection, user_id)

    def save_profile(
        self, tenant_id: TenantId, user_id: str, profile: ProfileRecord | None = None
    ) -> None:
        del tenant_id, user_id, profile  # documents need no profile

    def delete_profile(self, tenant_id: TenantId, user_id: str) -> int:
        with self._files.writing(tenant_id) as connection:
            own = DOCUMENT.c.collection == _collection(user_id)
            session_ids = connection.execute(sa.select(DOCUMENT.c.session_id).where(own)).scalars()
            for session_id in (deleted := session_ids.all()):
                TREE.change(connection, session_id, None)
            connection.execute(sa.delete(DOCUMENT).where(own))
        return len(deleted)

    def tree(self, tenant_id: TenantId) -> HashTree:
        return SqlTree(TREE, partial(self._files.reading, tenant_id))

    def rebuild_tree(self, tenant_id: TenantId) -> None:
        with self._files.writing(tenant_id) as connection:
            rows = connection.execute(sa.select(DOCUMENT)).mappings()
            TREE.rebuild(connection, {row["session_id"]: _digest(row) for row in rows})


def _collection(user_id: str) -> str:
    return f"users/{user_id}/workoutSessions"


def _read(connection: sa.Connection, path: str) -> dict[str, Any] | None:
    query = sa.select(DOCUMENT.c.content).where(DOCUMENT.c.path == path)
    return _parsed(connection.execute(query).scalar_one_or_none())


def _parsed(content: str | None) -> dict[str, Any] | None:
    """Return an object in JSON; None for anything else."""
    try:
        parsed = json.loads(content or "null")
    except ValueError:
        return None
    return cast("dict[str, Any]", parsed) if isinstance(parsed, dict) else None


def _digest(row: sa.RowMapping) -> int:
    content = _parsed(row["content"])
    record = None if content is None else to_record(content)
    if record is not None:
        path = document_path(record.user_id, row["session_id"])
        place = (record.session_id, row["path"], row["collection"])
        if place == (row["session_id"], path, _collection(record.user_id)):
            return record.digest()
    return damaged_digest(row["content"])


def _of_user(connection: sa.Connection, user_id: str) -> Sequence[SessionRecord]:
    query = sa.select(DOCUMENT.c.content).where(DOCUMENT.c.collection == _collection(user_id))
    contents = [_parsed(each) for each in connection.execute(query).scalars()]
    records = [record for each in contents if each and (record := to_record(each))]
    return sorted(records, key=lambda each: (each.timestamp, each.session_id), reverse=True)
