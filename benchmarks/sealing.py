"""Cost of encrypted events compared with plain ones of the same size, in one log on one disk.

A sealed event has an e-mail address, a plain one the same text in clear; both are stored by the
port, each in a transaction of its own or several in one, for a person whose key exists. `first` is
the first event about a person: their key is generated, wrapped and stored before it. Rounds
alternate; times are medians, and a ratio is the median of the rounds' ratios.

Run `python -m benchmarks.sealing [--percent 100] [--json]`; percent of the usual rounds.
"""

import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from adapters.clock import new_id, utc_now
from adapters.encryption.envelope import EnvelopeCipher
from adapters.encryption.key_file import KeyFileKms
from adapters.encryption.subject_keys import SqlSubjectKeyStore
from adapters.event_log.codec import EventCodec
from adapters.event_log.sqlite import SqliteEventLog
from adapters.users.database import IdentityDatabase
from application.kernel.ports import Change
from benchmarks._report import Beside, Row, compare, part, print_report, row
from benchmarks.eventlog import ORIGIN, TENANT
from domain.ids import UserId
from domain.personal import Personal
from domain.users.events import EmailChanged, ProfileChanged

ADDRESS = "ada.lovelace@example.org"
BATCHES = {1: 300, 10: 100, 100: 30}
"""Events per transaction, and the number of such transactions on each side."""

PLAIN = ProfileChanged(time_zone="x" * 57, locale="x" * 57)
"""Text as long as the sealed address with its subject, nonce, tag and base64."""


def sealed(who: str) -> EmailChanged:
    return EmailChanged(email=Personal(UserId(who), ADDRESS))


def append(log: SqliteEventLog, stream: str, facts: list[Any]) -> None:
    log.append([Change(stream, 0, facts)], origin=ORIGIN, command_id=new_id())


def run(percent: int) -> list[Row]:
    """Measure in a folder that is removed afterwards; one row per kind of work."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        with closing(IdentityDatabase(f"sqlite:///{here / 'identity.sqlite'}")) as database:
            sealer = EnvelopeCipher(SqlSubjectKeyStore(database), KeyFileKms(here / "master.key"))
            codec = EventCodec(sealer=sealer)
            path = here / "log.sqlite"
            log = SqliteEventLog(path, clock=utc_now, new_id=new_id, codec=codec)
            with closing(log):
                return [*appends(log, percent), loads(log, percent), first(log, percent)]


def appends(log: SqliteEventLog, percent: int) -> list[Row]:
    results: list[Row] = []
    for size, rounds in BATCHES.items():
        sealed_facts: list[Any] = [sealed("ada")] * size
        plain_facts: list[Any] = [PLAIN] * size
        times = compare(
            lambda n, s=size, f=sealed_facts: append(log, f"sealed-{s}-{n}", f),  # type: ignore[misc]
            lambda n, s=size, f=plain_facts: append(log, f"plain-{s}-{n}", f),  # type: ignore[misc]
            part(rounds, percent),
        )
        results.append(to_row("append", size, times))
    return results


def loads(log: SqliteEventLog, percent: int) -> Row:
    append(log, "sealed-loaded", [sealed("ada")] * 100)
    append(log, "plain-loaded", [PLAIN] * 100)

    def load(stream: str) -> Callable[[int], object]:
        return lambda _: log.load(TENANT, stream)

    times = compare(load("sealed-loaded"), load("plain-loaded"), part(100, percent))
    return to_row("load", 100, times)


def first(log: SqliteEventLog, percent: int) -> Row:
    times = compare(
        lambda n: append(log, f"first-{n}", [sealed(f"person-{n}")]),
        lambda n: append(log, f"first-plain-{n}", [PLAIN]),
        part(200, percent),
    )
    return to_row("first", 1, times)


def to_row(work: str, size: int, times: Beside) -> Row:
    return row(work, size, times, ours="sealed", theirs="plain")


if __name__ == "__main__":
    print_report(__doc__, run, percent=100)
