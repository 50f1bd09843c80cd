"""The hash tree finds differing sessions by reading few nodes."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from application.pose_coach.hash_tree import DEPTH, MemoryTree, differing_sessions

CONTENT = st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(1, 3), max_size=12)


@dataclass
class CountingTree:
    """Counts the reads of a tree."""

    tree: MemoryTree
    reads: int = 0

    def root(self) -> int:
        self.reads += 1
        return self.tree.root()

    def children(self, prefix: str) -> Mapping[str, int]:
        self.reads += 1
        return self.tree.children(prefix)

    def bucket(self, prefix: str) -> Mapping[str, int]:
        self.reads += 1
        return self.tree.bucket(prefix)


def hashed(sessions: Mapping[str, int]) -> MemoryTree:
    """Return the tree of sessions, each with the hash of its id and content."""
    return MemoryTree(
        {
            key: int.from_bytes(sha256(f"{key}={content}".encode()).digest())
            for key, content in sessions.items()
        }
    )


@given(CONTENT, CONTENT)
def test_exactly_the_differing_sessions_are_found(
    left: dict[str, int], right: dict[str, int]
) -> None:
    """R-PCH-18."""
    found = list(differing_sessions(hashed(left), hashed(right)))
    expected = {key for key in left.keys() | right.keys() if left.get(key) != right.get(key)}
    assert set(found) == expected
    assert len(found) == len(expected)


def test_reads_grow_with_the_differences_and_not_with_the_sessions() -> None:
    """R-OPS-08: each difference costs one read per level of each side."""
    many = {f"session-{number}": number + 1 for number in range(20_000)}
    other = {**many, "session-7": 1, "session-new": 5}
    del other["session-9999"]
    left, right = CountingTree(hashed(many)), CountingTree(hashed(other))
    assert set(differing_sessions(left, right)) == {"session-7", "session-new", "session-9999"}
    assert left.reads == right.reads <= 1 + 3 * (DEPTH + 1)
    same = CountingTree(hashed(many))
    assert list(differing_sessions(CountingTree(hashed(many)), same)) == []
    assert same.reads == 1
