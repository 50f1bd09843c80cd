"""Rebuilds the hash tree of a Firestore database from the documents of sessions."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import unquote

from adapters.pose_coach.document_content import to_record
from adapters.pose_coach.firestore_api import (
    Document,
    FirestoreDatabase,
    Query,
    Write,
)
from adapters.pose_coach.firestore_tree import (
    INDEX,
    SHARD_DIGITS,
    SHARDS,
    index_path,
    shard_fields,
    shard_path,
    to_entry,
)
from application.pose_coach.hash_tree import DEPTH, MemoryTree
from application.pose_coach.stores import damaged_digest, document_path

CHUNK: Final = 400
"""Documents of one commit."""


def rebuild(database: FirestoreDatabase) -> None:
    """Replace entries and shards that differ from the sessions, all read as they are at one moment.

    A shard is written only if it has not changed since that moment. Raises Contended if it has;
    then the caller may repeat the whole rebuild.
    """
    documents, moment = database.query(Query("workoutSessions", everywhere=True))
    stored = {each.path: each for each in database.query(Query(INDEX), moment)[0]}
    shards = {each.path: each for each in database.query(Query(SHARDS), moment)[0]}
    digests = {
        name: (each, _digest(name, each)) for name, each in _named(documents, stored).items()
    }
    entries = {
        index_path(name): to_entry(name, each.path, digest)
        for name, (each, digest) in digests.items()
    }
    changes: dict[str, list[Write]] = {}
    for path in sorted(stored.keys() | entries.keys()):
        old, fields = stored.get(path), entries.get(path)
        if old is None or old.fields != fields:
            session_id = unquote(path.rpartition("/")[2])
            changes.setdefault(shard_path(session_id), []).append(_replacing(path, fields, old))
    wanted = _wanted_shards(MemoryTree({name: digest for name, (_, digest) in digests.items()}))
    for path in sorted(shards.keys() | wanted.keys()):
        old, fields = shards.get(path), wanted.get(path, shard_fields({}))
        if path in changes or old is None or old.fields != fields:
            writes = [*changes.get(path, []), _replacing(path, fields, old)]
            for start in range(0, len(writes), CHUNK):
                database.commit(writes[start : start + CHUNK])


def _named(documents: Sequence[Document], stored: Mapping[str, Document]) -> Mapping[str, Document]:
    """Return documents by session id, and further documents with the same id by their paths.

    The document of the present entry comes first, then one at the path where `save` stores it. A
    further one counts as damaged, not as a session.
    """
    named: dict[str, Document] = {}

    def order(document: Document) -> tuple[bool, bool, str]:
        session_id = document.path.rpartition("/")[2]
        entry = stored.get(index_path(session_id))
        is_current = entry is not None and entry.fields.get("path") == document.path
        return not is_current, not _is_session(document), document.path

    for each in sorted(documents, key=order):
        session_id = each.path.rpartition("/")[2]
        named[each.path if session_id in named else session_id] = each
    return named


def _is_session(document: Document) -> bool:
    record = to_record(document.fields)
    return record is not None and document.path == document_path(record.user_id, record.session_id)


def _digest(name: str, document: Document) -> int:
    record = to_record(document.fields)
    if record is None or name != record.session_id or not _is_session(document):
        content: list[Any] = [document.path, document.fields]
        return damaged_digest(json.dumps(content, default=str, sort_keys=True))
    return record.digest()


def _replacing(path: str, fields: Mapping[str, Any] | None, old: Document | None) -> Write:
    return Write(path, fields, expects=old, expects_none=old is None)


def _wanted_shards(tree: MemoryTree) -> Mapping[str, Mapping[str, str]]:
    buckets: dict[str, dict[str, int]] = {}
    for prefix, digest in tree.nodes.items():
        if len(prefix) == DEPTH:
            buckets.setdefault(f"{SHARDS}/{prefix[:SHARD_DIGITS]}", {})[prefix] = digest
    return {path: shard_fields(each) for path, each in buckets.items()}
