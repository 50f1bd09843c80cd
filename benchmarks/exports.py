"""Exports of sessions: sessions a second and memory, by the number of sessions.

Each export is written in a process of its own, page by page as the platform does it; the reference
`list` reads the same sessions into a list and writes them as one JSON document. Memory is the
largest resident size of the process beyond that of an export of no sessions. The athlete has one
set of 30 repetitions in each session.

Run `python -m benchmarks.exports [--sessions 10000] [--rounds 1] [--json]`.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from adapters.event_log.sqlite import SqliteEventLog
from adapters.exports.fit import FitEncoder
from adapters.privacy.certificate_signer import EXPORT, JoseCertificates
from adapters.read_models.database import Database
from adapters.read_models.projection_store import SqlProjectionStore
from adapters.read_models.queries import SqlReadModels
from api.http.session_export import to_json
from application.custom_exercises.lookup import ExerciseLookup
from application.exports.scope import ExportScope
from application.exports.sessions_file import SessionsFile
from application.exports.workout_files import WorkoutFiles
from application.kernel.ports import Change
from application.kernel.projection_runner import rebuild
from application.privacy.data_exports import ExportWriter
from application.sessions.session_export import sessions_of
from benchmarks._report import Row, print_report
from benchmarks.projections import ADA, session
from bootstrap.settings import Settings
from bootstrap.wiring.exports import build_signer
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from projections.athlete_day import ATHLETE_DAY
from projections.exercise_set import EXERCISE_SET
from projections.session_recording import SESSION_RECORDING
from projections.session_summary import SESSION_SUMMARY
from projections.workout_prescription import WORKOUT_PRESCRIPTION

AT: Final = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
ORIGIN: Final = Origin(tenant_id=DEFAULT_TENANT, actor="benchmark", correlation_id=UUID(int=1))
NOBODY: Final = UserId("nobody")
WAYS: Final = ("csv", "json", "fit", "list")
AT_ONCE: Final = 100
"""Sessions appended in one transaction."""


def train(folder: Path, sessions: int) -> None:
    """Store sessions, and the read models that exports are made from."""
    with (
        closing(SqliteEventLog(folder / "log.sqlite3", clock=lambda: AT, new_id=uuid4)) as log,
        closing(Database(f"sqlite:///{folder / 'rows.sqlite3'}")) as database,
    ):
        for first in range(0, sessions, AT_ONCE):
            numbers = range(first, min(sessions, first + AT_ONCE))
            starts = [AT + timedelta(days=number) for number in numbers]
            changes = [Change(f"session-{uuid4()}", 0, session(at)) for at in starts]
            log.append(changes, origin=ORIGIN, command_id=uuid4())
        rebuild(
            log,
            SqlProjectionStore(database),
            SESSION_SUMMARY,
            EXERCISE_SET,
            ATHLETE_DAY,
            SESSION_RECORDING,
            WORKOUT_PRESCRIPTION,
        )


def run(sessions: int, rounds: int) -> list[Row]:
    """Measure a tenth of the sessions and all; of several rounds, the fastest counts."""
    rows: list[Row] = []
    for size in (max(1, sessions // 10), sessions):
        with tempfile.TemporaryDirectory() as folder:
            train(Path(folder), size)
            for way in WAYS:
                empty = measured(way, folder, NOBODY)["peak_kb"]
                found = [measured(way, folder, ADA) for _ in range(rounds)]
                best = min(found, key=_seconds)
                rows.append(
                    {
                        "sessions": int(best["sessions"]),
                        "way": way,
                        "seconds": round(best["seconds"], 2),
                        "sessions_s": round(best["sessions"] / best["seconds"]),
                        "file_kb": round(best["size"] / 1024),
                        "memory_mb": round((best["peak_kb"] - empty) / 1024, 1),
                    }
                )
    return rows


def _seconds(found: Mapping[str, float]) -> float:
    return found["seconds"]


def measured(way: str, folder: str, athlete: UserId) -> dict[str, float]:
    """Write an export in a new process; return sessions, seconds, bytes and its peak of memory."""
    command = [sys.executable, "-m", "benchmarks.exports", "--child", way, folder, athlete]
    done = subprocess.run(command, check=True, capture_output=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def export(
    way: str,
    read: SqlReadModels,
    exercises: ExerciseLookup,
    signer: JoseCertificates,
    athlete: UserId,
    path: Path,
) -> int:
    """Write an export, and return its number of sessions."""
    if way == "list":
        pages = sessions_of(read, DEFAULT_TENANT, athlete, {}, {})
        whole = [json.loads(to_json(each)) for page in pages for each in page]
        path.write_text(json.dumps(whole), encoding="utf-8")
        return len(whole)
    writers: dict[str, ExportWriter] = {
        "csv": SessionsFile("csv", read, exercises, signer, to_json, lambda: None, lambda: AT),
        "json": SessionsFile("json", read, exercises, signer, to_json, lambda: None, lambda: AT),
        "fit": WorkoutFiles("fit", FitEncoder(), read, exercises, signer, lambda: None, lambda: AT),
    }
    with path.open("wb") as file:
        writers[way].write_into(DEFAULT_TENANT, ExportScope.own(athlete), file)
    return read.count(SESSION_SUMMARY, DEFAULT_TENANT, where={"athlete_id": athlete})


def peak_kb() -> int:
    """Return the largest resident size of this program; `ru_maxrss` includes who started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0])


def child(way: str, folder: str, athlete: str) -> None:
    """Write an export in this process, and print what it took."""
    path = Path(folder) / f"export.{way}"
    with (
        closing(
            SqliteEventLog(Path(folder) / "log.sqlite3", clock=lambda: AT, new_id=uuid4)
        ) as log,
        closing(Database(f"sqlite:///{Path(folder) / 'rows.sqlite3'}")) as database,
        build_signer(Settings(home=Path(folder)), EXPORT) as signer,
    ):
        begun = time.perf_counter()
        exercises = ExerciseLookup(log)
        sessions = export(way, SqlReadModels(database), exercises, signer, UserId(athlete), path)
        found = {
            "sessions": sessions,
            "seconds": time.perf_counter() - begun,
            "size": path.stat().st_size,
            "peak_kb": peak_kb(),
        }
    sys.stdout.write(json.dumps(found))


def main(arguments: Sequence[str]) -> None:
    """Measure, or be the process that is measured."""
    if arguments[:1] == ["--child"]:
        child(*arguments[1:])
    else:
        print_report(__doc__ or "", run, sessions=10_000, rounds=1)


if __name__ == "__main__":
    main(sys.argv[1:])
