"""Verification of the pose coach's stores by hash trees, compared with reading all their sessions.

Two stores in files have the same sessions, but for some that one of them lacks. `tree` compares the
stores' trees, `all` reads every session of both and compares their hashes: the answer is the same.
Times are medians of rounds that alternate, and a ratio is the median of the rounds' ratios. `reads`
are the nodes and buckets of both trees that a comparison reads.

Run `python -m benchmarks.pose_verification [--sessions 2000] [--rounds 20] [--most 100] [--json]`;
`--most` is the largest number of differences.
"""

import json
import sqlite3
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from adapters.pose_coach.analytics import SqliteAnalytics
from adapters.pose_coach.document_content import to_content
from adapters.pose_coach.documents import SqliteDocuments
from application.pose_coach.hash_tree import HashTree, differing_sessions
from application.pose_coach.stores import (
    SessionRecord,
    SessionStore,
    document_path,
    to_timestamp,
)
from benchmarks._report import Row, compare, print_report
from domain.ids import DEFAULT_TENANT

USER: Final = "abc123def456ghi789"
FIRST: Final = datetime(2025, 10, 17, 14, 30, tzinfo=UTC)
LACKING: Final = (0, 1, 3, 10, 100)
"""Sessions that the analytics store lacks, one count after the other."""


def session(number: int) -> SessionRecord:
    """Return a session with the content of a typical one."""
    return SessionRecord(
        session_id=f"session-{number}",
        user_id=USER,
        exercise="squat",
        reps=number % 30,
        accuracy=0.87,
        timestamp=to_timestamp(FIRST + timedelta(minutes=number)),
        duration=120,
        feedback_points=("Keep knees aligned", "Great depth"),
    )


def run(sessions: int, rounds: int, most: int) -> list[Row]:
    """Measure in a folder that is removed afterwards; one row per count of differences."""
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(SqliteDocuments(Path(folder))) as document,
        closing(SqliteAnalytics(Path(folder))) as analytics,
    ):
        both: tuple[SessionStore, ...] = (document, analytics)
        fill(Path(folder), both, sessions)
        rows: list[Row] = []
        lacking = 0
        for wanted in (each for each in LACKING if each <= most):
            for number in range(lacking, wanted):
                analytics.delete(DEFAULT_TENANT, USER, f"session-{number}")
            lacking = wanted
            assert by_tree(*both) == by_reading(*both)
            times = compare(lambda _: by_tree(*both), lambda _: by_reading(*both), rounds)
            rows.append(
                {
                    "sessions": sessions,
                    "differences": lacking,
                    "reads": reads(*both),
                    "tree_ms": round(1e3 * times.ours_s, 2),
                    "all_ms": round(1e3 * times.theirs_s, 2),
                    "ratio": round(times.ratio, 3),
                }
            )
        return rows


def fill(folder: Path, both: Sequence[SessionStore], sessions: int) -> None:
    """Save sessions in both stores, by one transaction each, as `save` would."""
    records = [session(number) for number in range(sessions)]
    paths = [document_path(USER, each.session_id) for each in records]
    for store in both:
        store.save_profile(DEFAULT_TENANT, USER)
        store.save(DEFAULT_TENANT, replace(records[0], session_id="first"), FIRST)
        store.delete(DEFAULT_TENANT, USER, "first")
    with closing(sqlite3.connect(folder / "pose_documents.default.sqlite3")) as file, file:
        file.executemany(
            "INSERT INTO document VALUES (?, ?, ?, ?)",
            [
                (
                    path,
                    path.rpartition("/")[0],
                    each.session_id,
                    json.dumps(to_content(each, FIRST)),
                )
                for path, each in zip(paths, records, strict=True)
            ],
        )
    with closing(sqlite3.connect(folder / "pose_analytics.default.sqlite3")) as file, file:
        file.executemany(
            "INSERT INTO workout_sessions (id, user_id, exercise, reps, accuracy, timestamp,"
            " duration, feedback_points) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    *(number + 2, USER, each.exercise, each.reps, each.accuracy),
                    *(each.timestamp, each.duration, json.dumps(each.feedback_points)),
                )
                for number, each in enumerate(records)
            ],
        )
        file.executemany(
            "INSERT INTO workout_session_keys VALUES (?, ?)",
            [(each.session_id, number + 2) for number, each in enumerate(records)],
        )
    for store in both:
        store.rebuild_tree(DEFAULT_TENANT)


@dataclass
class CountedTree:
    """A tree that counts its reads."""

    tree: HashTree
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


def reads(document: SessionStore, analytics: SessionStore) -> int:
    """Return how many reads of both trees a comparison takes."""
    trees = [CountedTree(store.tree(DEFAULT_TENANT)) for store in (document, analytics)]
    list(differing_sessions(*trees))
    return sum(each.reads for each in trees)


def by_tree(document: SessionStore, analytics: SessionStore) -> set[str]:
    """Return the ids of sessions that differ, by the trees."""
    trees = (document.tree(DEFAULT_TENANT), analytics.tree(DEFAULT_TENANT))
    return set(differing_sessions(*trees))


def by_reading(document: SessionStore, analytics: SessionStore) -> set[str]:
    """Return the ids of sessions that differ, by reading all of them."""
    one, other = hashes(document), hashes(analytics)
    return {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}


def hashes(store: SessionStore) -> Mapping[str, int]:
    """Return the hash of each session in a store."""
    return {each.session_id: each.digest() for each in store.list(DEFAULT_TENANT, USER)}


if __name__ == "__main__":
    print_report(__doc__, run, sessions=2000, rounds=20, most=100)
