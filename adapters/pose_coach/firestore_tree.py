"""Hash tree of the sessions in a Firestore database, beside their documents.

A document that every write changes would limit Firestore to about one write per second. So there is
no document for the root: 256 documents, one for each two first digits, hold the hashes of their
buckets, and the nodes above are sums of them.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from adapters.pose_coach.firestore_api import Document, FirestoreDatabase, Query, Write
from application.pose_coach.hash_tree import DEPTH, MODULUS, bucket_of

SHARDS: Final = "kinelogHashes"
"""Collection of the hashes of buckets, by the first digits of a bucket."""

INDEX: Final = "kinelogSessions"
"""Collection of the path, bucket and hash of each session, by its id."""

SHARD_DIGITS: Final = 2


def index_path(session_id: str) -> str:
    """Return the path of the entry of a session; its id may be a path itself."""
    return f"{INDEX}/{quote(session_id, safe='')}"


def shard_path(session_id: str) -> str:
    """Return the path of the document with the hash of a session's bucket."""
    return f"{SHARDS}/{bucket_of(session_id)[:SHARD_DIGITS]}"


def to_entry(session_id: str, path: str, digest: int) -> Mapping[str, str]:
    """Return the fields of the entry of a session."""
    return {
        "sessionId": session_id,
        "path": path,
        "bucket": bucket_of(session_id),
        "hash": f"{digest:064x}",
    }


def digest_of(entry: Document | None) -> int:
    """Return the hash in an entry; 0 without one."""
    return 0 if entry is None else _number(entry.fields.get("hash"))


def buckets_of(shard: Document | None) -> dict[str, int]:
    """Return the hashes of the buckets of a document; {} if they were made unreadable by hand."""
    try:
        found = json.loads("{}" if shard is None else str(shard.fields.get("buckets")))
        return {str(key): _number(value) for key, value in found.items()}
    except (ValueError, AttributeError):
        return {}


def shard_fields(buckets: Mapping[str, int]) -> Mapping[str, str]:
    """Return the fields of the document of these buckets."""
    kept = {key: f"{value:064x}" for key, value in sorted(buckets.items()) if value}
    return {"hash": f"{sum(buckets.values()) % MODULUS:064x}", "buckets": json.dumps(kept)}


def change_shard(shard: Document | None, session_id: str, difference: int) -> Write:
    """Return the write that adds to the hash of a session's bucket, if no other one came first.

    Also written without a difference, so that two writers of one session follow each other.
    """
    buckets = buckets_of(shard)
    bucket = bucket_of(session_id)
    buckets[bucket] = (buckets.get(bucket, 0) + difference) % MODULUS
    return Write(
        shard_path(session_id), shard_fields(buckets), expects=shard, expects_none=shard is None
    )


def _number(text: object) -> int:
    try:
        return int(str(text), 16)
    except ValueError:
        return 0


@dataclass
class FirestoreTree:
    """Implements `HashTree`. The hashes of all shards are read once, by one query."""

    database: Callable[[], FirestoreDatabase]
    _shards: Mapping[str, int] | None = field(init=False, default=None)

    def root(self) -> int:
        return sum(self._all_shards().values()) % MODULUS

    def children(self, prefix: str) -> Mapping[str, int]:
        below = (
            self._all_shards()
            if len(prefix) < SHARD_DIGITS
            else buckets_of(self._shard(prefix[:SHARD_DIGITS]))
        )
        sums: dict[str, int] = {}
        for key, digest in below.items():
            if key.startswith(prefix):
                child = key[: len(prefix) + 1]
                sums[child] = (sums.get(child, 0) + digest) % MODULUS
        return {child: digest for child, digest in sums.items() if digest}

    def bucket(self, prefix: str) -> Mapping[str, int]:
        assert len(prefix) == DEPTH  # noqa: S101  of the protocol
        entries, _ = self.database().query(Query(INDEX, equals=("bucket", prefix)))
        return {str(each.fields["sessionId"]): digest_of(each) for each in entries}

    def _all_shards(self) -> Mapping[str, int]:
        if self._shards is None:
            found, _ = self.database().query(Query(SHARDS, fields=("hash",)))
            self._shards = {each.path.removeprefix(f"{SHARDS}/"): digest_of(each) for each in found}
        return self._shards

    def _shard(self, digits: str) -> Document | None:
        path = f"{SHARDS}/{digits}"
        return self.database().get([path]).get(path)
