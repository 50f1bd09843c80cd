"""Hash tree of a store in two tables beside its sessions, changed in the same transaction."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from application.pose_coach.hash_tree import DEPTH, MODULUS, MemoryTree, bucket_of, path_of

BATCH: Final = 5_000
"""Rows of one statement, when a tree is computed again."""

Reading = Callable[[], AbstractContextManager[sa.Connection]]


class TreeTables:
    """The tables `session_hash` and `hash_node`. Hashes are 64 hexadecimal digits."""

    def __init__(self, metadata: sa.MetaData) -> None:
        self.sessions = sa.Table(
            "session_hash",
            metadata,
            sa.Column("session_id", sa.String(128), primary_key=True),
            sa.Column("bucket", sa.String(DEPTH), nullable=False, index=True),
            sa.Column("hash", sa.String(64), nullable=False),
        )
        self.nodes = sa.Table(
            "hash_node",
            metadata,
            sa.Column("prefix", sa.String(DEPTH), primary_key=True),
            sa.Column("parent", sa.String(DEPTH), index=True),
            sa.Column("hash", sa.String(64), nullable=False),
        )

    def change(self, connection: sa.Connection, session_id: str, digest: int | None) -> None:
        """Set the hash of a session, or remove it, and change the nodes above it."""
        this = self.sessions.c.session_id == session_id
        old = connection.execute(sa.select(self.sessions.c.hash).where(this)).scalar_one_or_none()
        before, after = int(old or "0", 16), digest or 0
        if before == after:
            return
        connection.execute(sa.delete(self.sessions).where(this))
        if digest is not None:
            row = {"session_id": session_id, "bucket": bucket_of(session_id), "hash": _hex(digest)}
            connection.execute(sa.insert(self.sessions).values(row))
        for prefix in path_of(session_id):
            self._add(connection, prefix, after - before)

    def _add(self, connection: sa.Connection, prefix: str, difference: int) -> None:
        this = self.nodes.c.prefix == prefix
        old = connection.execute(sa.select(self.nodes.c.hash).where(this)).scalar_one_or_none()
        connection.execute(sa.delete(self.nodes).where(this))
        new = (int(old or "0", 16) + difference) % MODULUS
        if new:
            parent = prefix[:-1] if prefix else None
            row = {"prefix": prefix, "parent": parent, "hash": _hex(new)}
            connection.execute(sa.insert(self.nodes).values(row))

    def rebuild(self, connection: sa.Connection, digests: Mapping[str, int]) -> None:
        """Replace the tree by that of these sessions."""
        connection.execute(sa.delete(self.sessions))
        connection.execute(sa.delete(self.nodes))
        if not digests:
            return
        sessions = [
            {"session_id": key, "bucket": bucket_of(key), "hash": _hex(digest)}
            for key, digest in digests.items()
        ]
        nodes = [
            {"prefix": prefix, "parent": prefix[:-1] if prefix else None, "hash": _hex(digest)}
            for prefix, digest in MemoryTree(digests).nodes.items()
        ]
        for table, rows in ((self.sessions, sessions), (self.nodes, nodes)):
            for start in range(0, len(rows), BATCH):
                connection.execute(sa.insert(table), rows[start : start + BATCH])


@dataclass(frozen=True)
class SqlTree:
    """Implements `HashTree`: each call is one query."""

    tables: TreeTables
    reading: Reading

    def root(self) -> int:
        nodes = self.tables.nodes
        with self.reading() as connection:
            query = sa.select(nodes.c.hash).where(nodes.c.prefix == "")
            return int(connection.execute(query).scalar_one_or_none() or "0", 16)

    def children(self, prefix: str) -> Mapping[str, int]:
        nodes = self.tables.nodes
        query = sa.select(nodes.c.prefix, nodes.c.hash).where(nodes.c.parent == prefix)
        return self._hashes(query)

    def bucket(self, prefix: str) -> Mapping[str, int]:
        sessions = self.tables.sessions
        query = sa.select(sessions.c.session_id, sessions.c.hash)
        return self._hashes(query.where(sessions.c.bucket == prefix))

    def _hashes(self, query: sa.Select[Any, Any]) -> Mapping[str, int]:
        with self.reading() as connection:
            return {key: int(digest, 16) for key, digest in connection.execute(query)}


def _hex(digest: int) -> str:
    return f"{digest:064x}"
