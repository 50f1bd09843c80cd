"""Health records stored a second on the embedded composition, compared with less work.

`batch`: a batch of 500 records that a device sends, compared with a bare append of the same event
by the same log, without read models. They take turns; times are medians, and a ratio is the median
of the rounds' ratios. `import`: a file of records from its upload until all are stored, compared
with reading it once by the same child process. `fresh_s` passes until the read models show them.

Run `python -m benchmarks.health_ingestion [--rounds 40] [--thousands 50] [--json]`; thousands of
records in the file.
"""

import hashlib
import io
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Final

from adapters.clock import new_id
from application.health.imports import HealthImport
from application.health.service import SentBatch
from application.kernel.ports import Change
from application.platform import Platform
from benchmarks._report import Row, compare, print_report, seconds
from benchmarks.eventlog import ORIGIN, TENANT
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.health.batch import MAX_BATCH, Measured
from domain.health.events import MetricsSynced
from domain.ids import UserId

WHO: Final = UserId("athlete")
"""An athlete without an account, who needs no consent of their own."""
PATIENCE_S: Final = 3600.0


def run(rounds: int, thousands: int) -> list[Row]:
    """Measure on a platform that is removed afterwards."""
    with (
        tempfile.TemporaryDirectory() as folder,
        open_platform(Settings(home=Path(folder), postgres_url=None)) as platform,
    ):
        platform.health.connect(
            WHO, "apple_health", ["heart_rate"], origin=ORIGIN, command_id=new_id()
        )
        return [measure_batches(platform, rounds), measure_import(platform, 1000 * thousands)]


def measure_batches(platform: Platform, rounds: int) -> Row:
    """Measure batches of a device."""
    at = platform.clock() - timedelta(days=300)
    pushed: list[MetricsSynced] = []

    def push(number: int) -> None:
        begin = at + timedelta(minutes=number * MAX_BATCH)
        measured = [record(index, begin + timedelta(minutes=index)) for index in range(MAX_BATCH)]
        sent = SentBatch(measured, (), "UTC", None)
        synced = platform.health.push(WHO, "apple_health", sent, origin=ORIGIN, command_id=new_id())
        pushed.append(synced.batch)

    def append(number: int) -> None:
        change = Change(f"bare-{number}", 0, [pushed[0]])
        platform.log.append([change], origin=ORIGIN, command_id=new_id())

    push(-1)
    times = compare(push, append, rounds)
    return {
        "work": "batch",
        "records": MAX_BATCH,
        "records_s": round(MAX_BATCH / times.ours_s),
        "reference": "append",
        "ratio": round(times.ratio, 2),
    }


def measure_import(platform: Platform, records: int) -> Row:
    """Measure the import of a file."""
    file = table(records, platform.clock() - timedelta(minutes=2 * records))
    reading = seconds(
        lambda: sum(1 for _ in platform.health_imports.reader.read(file, "csv", None))
    )
    new = HealthImport(
        id=new_id(),
        tenant_id=TENANT,
        user_id=WHO,
        source="apple_health",
        format="csv",
        time_zone="UTC",
        since=None,
        digest=hashlib.sha256(file.getvalue()).hexdigest(),
        created_at=platform.clock(),
    )

    def take() -> None:
        platform.health_imports.submit(new, file)
        platform.health_imports.run_next(Event())

    importing = seconds(take)
    done = platform.health_imports.get(TENANT, WHO, new.id)
    if done.accepted != records:
        raise SystemExit(f"Of {records} records, {done.accepted} were stored: {done.problem}")
    behind = seconds(lambda: platform.fresh(platform.log.head(), PATIENCE_S))
    return {
        "work": "import",
        "records": records,
        "records_s": round(records / importing),
        "reference": "read",
        "ratio": round(importing / reading, 2),
        "fresh_s": round(behind, 1),
    }


def record(number: int, at: datetime) -> Measured:
    """Return a heart rate."""
    bpm = 60.0 + number % 90
    return Measured(f"r-{at:%s}", "heart_rate", bpm, "bpm", at, at, "Watch")


def table(records: int, begin: datetime) -> io.BytesIO:
    """Return a file with a heart rate each minute."""
    times = (begin + timedelta(minutes=number) for number in range(records))
    rows = (
        f"heart_rate,{60 + number % 90},bpm,{at.isoformat()},,Watch"
        for number, at in enumerate(times)
    )
    return io.BytesIO("\n".join(("metric,value,unit,start,end,device", *rows)).encode())


if __name__ == "__main__":
    print_report(__doc__, run, rounds=40, thousands=50)
