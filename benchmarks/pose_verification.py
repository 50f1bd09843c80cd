"""Verification of the pose coach's stores by hash trees, compared with reading all their sessions.

Two stores in files have the same sessions, but for some that one of them lacks. `tree` compares the
stores' trees, `all` reads every session of both and compares their hashes: the answer is the same.
Times are medians of rounds that alternate, and a ratio is the median of the rounds' ratios.

Run `python -m benchmarks.pose_verification [--sessions 2000] [--rounds 20] [--json]`.
"""

import tempfile
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from adapters.pose_coach.analytics import SqliteAnalytics
from adapters.pose_coach.documents import SqliteDocuments
from application.pose_coach.hash_tree import differing_sessions
from application.pose_coach.stores import SessionRecord, SessionStore, to_timestamp
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


def run(sessions: int, rounds: int) -> list[Row]:
    """Measure in a folder that is removed afterwards; one row per count of differences."""
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(SqliteDocuments(Path(folder))) as document,
        closing(SqliteAnalytics(Path(folder))) as analytics,
    ):
        both: tuple[SessionStore, ...] = (document, analytics)
        for store in both:
            store.save_profile(DEFAULT_TENANT, USER)
            for number in range(sessions):
                store.save(DEFAULT_TENANT, session(number), FIRST)
        rows: list[Row] = []
        lacking = 0
        for wanted in LACKING:
            for number in range(lacking, wanted):
                analytics.delete(DEFAULT_TENANT, USER, f"session-{number}")
            lacking = wanted
            assert by_tree(*both) == by_reading(*both)
            times = compare(lambda _: by_tree(*both), lambda _: by_reading(*both), rounds)
            rows.append(
                {
                    "sessions": sessions,
                    "differences": lacking,
                    "tree_ms": round(1e3 * times.ours_s, 2),
                    "all_ms": round(1e3 * times.theirs_s, 2),
                    "ratio": round(times.ratio, 3),
                }
            )
        return rows


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
    print_report(__doc__, run, sessions=2000, rounds=20)
