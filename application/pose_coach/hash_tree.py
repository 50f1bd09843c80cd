"""Hash tree of sessions: finds where two sets of sessions differ, by reading few nodes.

A session's bucket is the first DEPTH hexadecimal digits of the hash of its id. The hash of a node
is the sum of the hashes of the sessions below it, modulo 2^256: an incremental multiset hash, so
that a change of one session updates one node per level (M. Bellare, D. Micciancio, "A New Paradigm
for Collision-Free Hashing", 1997). It detects faults, not forgery.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, Protocol

DEPTH: Final = 4
"""Levels below the root, each with 16 times as many nodes: 65,536 buckets."""

MODULUS: Final = 1 << 256


class HashTree(Protocol):
    """Reads of a tree. Each call is one read of a store."""

    def root(self) -> int:
        """Return the hash of all sessions; 0 without any."""
        ...

    def children(self, prefix: str) -> Mapping[str, int]:
        """Return the hashes of the nodes below a node, by prefix; empty ones may be missing."""
        ...

    def bucket(self, prefix: str) -> Mapping[str, int]:
        """Return the hashes of the sessions in a bucket, by session id."""
        ...


def bucket_of(session_id: str) -> str:
    """Return the prefix of a session's bucket."""
    return sha256(session_id.encode()).hexdigest()[:DEPTH]


def path_of(session_id: str) -> tuple[str, ...]:
    """Return the prefixes of the nodes above a session, that of the root first."""
    bucket = bucket_of(session_id)
    return tuple(bucket[:length] for length in range(DEPTH + 1))


@dataclass
class MemoryTree:
    """A tree in memory, of sessions that are not in a store with a tree."""

    sessions: Mapping[str, int]
    nodes: dict[str, int] = field(init=False, default_factory=dict[str, int])
    buckets: dict[str, dict[str, int]] = field(
        init=False, default_factory=dict[str, dict[str, int]]
    )

    def __post_init__(self) -> None:
        for session_id, digest in self.sessions.items():
            for prefix in path_of(session_id):
                self.nodes[prefix] = (self.nodes.get(prefix, 0) + digest) % MODULUS
            self.buckets.setdefault(bucket_of(session_id), {})[session_id] = digest

    def root(self) -> int:
        return self.nodes.get("", 0)

    def children(self, prefix: str) -> Mapping[str, int]:
        below = (f"{prefix}{digit:x}" for digit in range(16))
        return {child: self.nodes[child] for child in below if child in self.nodes}

    def bucket(self, prefix: str) -> Mapping[str, int]:
        return self.buckets.get(prefix, {})


def differing_sessions(left: HashTree, right: HashTree) -> Iterator[str]:
    """Yield the ids of sessions that only one side has, or that differ.

    Reads one node of each side per level and difference.
    """
    if left.root() != right.root():
        yield from _below("", left, right)


def _below(prefix: str, left: HashTree, right: HashTree) -> Iterator[str]:
    if len(prefix) == DEPTH:
        yield from _different(left.bucket(prefix), right.bucket(prefix))
        return
    for child in _different(left.children(prefix), right.children(prefix)):
        yield from _below(child, left, right)


def _different(left: Mapping[str, int], right: Mapping[str, int]) -> Iterable[str]:
    return [key for key in sorted(left.keys() | right.keys()) if left.get(key) != right.get(key)]
