"""Every interleaving of a payment's steps on SQLite, with a process killed before each effect."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4, uuid5

import pytest

from adapters.event_log.sqlite import SqliteEventLog
from application.kernel.command_handler import CommandHandler
from application.kernel.ports import AppendResult, Change, EventLog
from domain.kernel import Origin
from tests.contracts.payment_world import AT, ViolationError, World
from tests.golden.examples import CODEC

pytestmark = pytest.mark.slow

DEPTH = 4


def opened(folder: Path) -> closing[SqliteEventLog]:
    path = folder / "log.sqlite3"
    return closing(SqliteEventLog(path, clock=lambda: AT, new_id=uuid4, codec=CODEC))


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    with opened(tmp_path) as log:
        yield log


def explored(log: EventLog, depth: int, *, off_session: bool) -> World:
    """Explore, print what was explored, and return the world."""
    world = World(log, off_session=off_session)
    states = world.explore(depth)
    print(f"{depth=}, {off_session=}: {states} states, {world.runs} runs, {world.kills} kills")  # noqa: T201
    assert states > 50
    return world


@pytest.mark.parametrize("off_session", [False, True])
def test_every_interleaving_on_a_store_ends_with_one_charge_or_none(
    log: EventLog,
    off_session: bool,  # noqa: FBT001
) -> None:
    """R-PAY-07, R-PAY-11, R-PAY-12, R-EVT-17: and with access and an invoice exactly if charged."""
    assert explored(log, DEPTH, off_session=off_session).kills > 100


class InTwoAppends(CommandHandler):
    """A defective handler: each stream is stored in an append of its own."""

    def _append(self, changes: Sequence[Change], origin: Origin, command_id: UUID) -> AppendResult:
        *before, last = (
            super(InTwoAppends, self)._append([each], origin, uuid5(command_id, str(number)))
            for number, each in enumerate(changes)
        )
        del before
        return last


def test_a_payment_that_is_stored_before_its_subscription_is_found(log: EventLog) -> None:
    """R-EVT-17: a kill between the two leaves money without access."""
    world = World(log, lambda log: InTwoAppends(log, settled=lambda _: None))
    with pytest.raises(ViolationError, match="differ from money"):
        world.explore(DEPTH)


if __name__ == "__main__":
    for kind in (False, True):
        with TemporaryDirectory() as folder, opened(Path(folder)) as store:
            explored(store, int(sys.argv[1]), off_session=kind)
