"""Cost of a session in the pose coach's stores, with many sessions stored compared with few.

Both are stores in files. `save` stores a new session with its place in the hash tree, `get` reads
one. Rounds alternate; times are medians, and a ratio is the median of the rounds' ratios: at 1, the
cost of a session does not grow with the stores. `a_second` are saves with many sessions stored.

Run `python -m benchmarks.pose_growth [--few 1000] [--many 100000] [--rounds 200] [--json]`.
"""

import tempfile
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from adapters.pose_coach.analytics import SqliteAnalytics
from adapters.pose_coach.documents import SqliteDocuments
from application.pose_coach.stores import SessionStore
from benchmarks._report import Row, compare, print_report
from benchmarks.pose_verification import FIRST, USER, fill, session
from domain.ids import DEFAULT_TENANT

NEW: Final = 1_000_000
"""Number of the first session that is saved beside those that are stored."""


def run(few: int, many: int, rounds: int) -> list[Row]:
    """Measure in folders that are removed afterwards."""
    with filled(many) as grown, filled(few) as small:
        return [
            measured(work, large, other, rounds)
            for large, other in zip(grown, small, strict=True)
            for work in ("save", "get")
        ]


@contextmanager
def filled(sessions: int) -> Generator[tuple[SessionStore, SessionStore]]:
    """Open both stores with this many sessions."""
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(SqliteDocuments(Path(folder))) as document,
        closing(SqliteAnalytics(Path(folder))) as analytics,
    ):
        fill(Path(folder), (document, analytics), sessions)
        yield document, analytics


def measured(work: str, large: SessionStore, small: SessionStore, rounds: int) -> Row:
    """Compare a kind of work in a store with many sessions and in one with few."""

    def save(store: SessionStore) -> Callable[[int], object]:
        return lambda number: store.save(DEFAULT_TENANT, session(NEW + number), FIRST)

    def get(store: SessionStore) -> Callable[[int], object]:
        return lambda number: store.get(DEFAULT_TENANT, USER, f"session-{number}")

    way = save if work == "save" else get
    times = compare(way(large), way(small), rounds)
    row: Row = {
        "store": large.name,
        "work": work,
        "many_us": round(1e6 * times.ours_s, 1),
        "few_us": round(1e6 * times.theirs_s, 1),
        "ratio": round(times.ratio, 2),
    }
    return row | ({"a_second": round(1 / times.ours_s)} if work == "save" else {})


if __name__ == "__main__":
    print_report(__doc__, run, few=1000, many=100_000, rounds=200)
