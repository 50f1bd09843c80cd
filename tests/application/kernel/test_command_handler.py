from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.clock import new_id, utc_now
from adapters.event_log.memory import MemoryEventLog
from application.kernel.command_handler import CommandHandler, Request, Snapshot, TooManyConflicts
from application.kernel.ports import AppendResult, StorageUnavailable, VersionConflict
from domain.ids import DEFAULT_TENANT
from domain.kernel import Origin
from domain.users import commands
from domain.users.user import USER

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
REGISTER = commands.RegisterUser(time_zone="Europe/Paris", locale="fr", at=AT)


def origin() -> Origin:
    return Origin(tenant_id=DEFAULT_TENANT, actor="ada", correlation_id=new_id())


def request(*changes: commands.UserCommand) -> Request:
    return Request(USER, "ada", changes)


class Racing(MemoryEventLog):
    """A log in which another writer wins a number of races. It counts how often it is read."""

    losses = 0
    reads = 0

    def load(self, *args: Any, **kwargs: Any) -> Any:
        self.reads += 1
        return super().load(*args, **kwargs)

    def append(self, *args: Any, **kwargs: Any) -> AppendResult:
        if self.losses:
            self.losses -= 1
            raise VersionConflict
        return super().append(*args, **kwargs)


@pytest.fixture
def log() -> Racing:
    return Racing(clock=utc_now, new_id=new_id)


@pytest.fixture
def settled() -> list[int]:
    return []


@pytest.fixture
def carry(log: Racing, settled: list[int]) -> CommandHandler:
    return CommandHandler(log, settled=settled.append)


def test_a_command_is_decided_and_stored(
    carry: CommandHandler, log: Racing, settled: list[int]
) -> None:
    appended = carry.execute(request(REGISTER), origin=origin(), command_id=new_id())
    assert [recorded.event.event_name for recorded in log.load(DEFAULT_TENANT, "user-ada")] == [
        "user.created"
    ]
    assert settled == [appended.position]


def test_the_same_command_twice_happens_once(carry: CommandHandler, log: Racing) -> None:
    """R-EVT-16: every operation can be retried safely."""
    command_id = new_id()
    first = carry.execute(request(REGISTER), origin=origin(), command_id=command_id)
    second = carry.execute(request(REGISTER), origin=origin(), command_id=command_id)
    assert (second.position, second.repeated) == (first.position, True)
    assert len(log.load(DEFAULT_TENANT, "user-ada")) == 1


def test_the_same_command_at_the_same_moment_happens_once(settled: list[int]) -> None:
    """R-EVT-16: the first one is stored after the second one has been decided."""
    command_id = new_id()
    begun: list[AppendResult] = []

    class Overtaken(MemoryEventLog):
        def append(self, *args: Any, **kwargs: Any) -> AppendResult:
            if not begun:
                begun.append(AppendResult(0))
                begun.append(
                    handler.execute(request(REGISTER), origin=origin(), command_id=command_id)
                )
            return super().append(*args, **kwargs)

    handler = CommandHandler(Overtaken(clock=utc_now, new_id=new_id), settled=settled.append)
    second = handler.execute(request(REGISTER), origin=origin(), command_id=command_id)
    assert (second.position, second.repeated) == (1, True)
    assert (begun[1].position, begun[1].repeated) == (1, False)
    assert settled == [1, 1], "the read models follow before each is answered"


def test_an_outage_takes_one_call(settled: list[int]) -> None:
    """An outage takes the patience of one call, not of several."""
    calls: list[str] = []

    class Away(MemoryEventLog):
        def load(self, *_: Any, **__: Any) -> Any:
            calls.append("load")
            raise StorageUnavailable

        def done(self, *_: Any, **__: Any) -> Any:
            calls.append("done")
            raise StorageUnavailable

    handler = CommandHandler(Away(clock=utc_now, new_id=new_id), settled=settled.append)
    with pytest.raises(StorageUnavailable):
        handler.execute(request(REGISTER), origin=origin(), command_id=new_id())
    assert calls == ["load"]


def test_a_refusal_stores_nothing(carry: CommandHandler, log: Racing) -> None:
    carry.execute(request(REGISTER), origin=origin(), command_id=new_id())
    change = commands.ChangeProfile(time_zone="UTC", locale="en")
    with pytest.raises(commands.UserAlreadyRegistered):
        carry.execute(request(change, REGISTER), origin=origin(), command_id=new_id())
    assert len(log.load(DEFAULT_TENANT, "user-ada")) == 1


def test_a_lost_race_is_decided_again(carry: CommandHandler, log: Racing) -> None:
    log.losses = 3
    assert carry.execute(request(REGISTER), origin=origin(), command_id=new_id()).position == 1


def test_commands_are_decided_on_the_latest_state(carry: CommandHandler, log: Racing) -> None:
    """R-WKT-10: after a conflict the state includes the events of the other writer."""
    carry.execute(request(REGISTER), origin=origin(), command_id=new_id())
    seen: list[Snapshot] = []

    def race(snapshot: Snapshot) -> None:
        seen.append(snapshot)
        if len(seen) == 1:  # another writer is faster, once
            change = commands.ChangeProfile(time_zone="UTC", locale="fr")
            carry.execute(request(change), origin=origin(), command_id=new_id())

    change = commands.ChangeProfile(time_zone="Asia/Tokyo")
    carry.execute(
        Request(USER, "ada", [change], on_load=race), origin=origin(), command_id=new_id()
    )
    assert [snapshot.version for snapshot in seen] == [1, 2]
    assert log.load(DEFAULT_TENANT, "user-ada")[-1].event.locale == "fr"


TO_PARIS = commands.ChangeProfile(time_zone="Europe/Paris")
TO_TOKYO = commands.ChangeProfile(time_zone="Asia/Tokyo")


def after(carry: CommandHandler, *changes: commands.UserCommand) -> Snapshot:
    """Execute commands, and return the state after them."""
    states: list[Snapshot] = []
    wanted = Request(USER, "ada", changes, on_append=states.append)
    carry.execute(wanted, origin=origin(), command_id=new_id())
    assert len(states) == 1
    return states[0]


def decide_on(
    carry: CommandHandler, snapshot: Snapshot, *changes: commands.UserCommand
) -> AppendResult:
    wanted = Request(USER, "ada", changes, snapshot)
    return carry.execute(wanted, origin=origin(), command_id=new_id())


def test_the_state_after_a_command_is_that_of_its_stream(
    carry: CommandHandler, log: Racing
) -> None:
    snapshot = after(carry, REGISTER, TO_TOKYO)
    events = [recorded.event for recorded in log.load(DEFAULT_TENANT, "user-ada")]
    assert snapshot == Snapshot(len(events), USER.fold(events))


def test_a_repeated_command_gives_no_state(carry: CommandHandler) -> None:
    command_id, states = new_id(), list[Snapshot]()
    wanted = Request(USER, "ada", [REGISTER, TO_TOKYO], on_append=states.append)
    carry.execute(wanted, origin=origin(), command_id=command_id)
    change = Request(USER, "ada", [TO_PARIS], on_append=states.append)
    assert carry.execute(change, origin=origin(), command_id=command_id).repeated
    assert len(states) == 1


def test_a_stream_is_not_read_after_a_latest_snapshot(carry: CommandHandler, log: Racing) -> None:
    snapshot, log.reads = after(carry, REGISTER), 0
    decide_on(carry, snapshot, TO_TOKYO)
    assert log.reads == 0
    assert log.load(DEFAULT_TENANT, "user-ada")[-1].event.time_zone == "Asia/Tokyo"


def test_an_outdated_snapshot_is_brought_up_to_date(carry: CommandHandler, log: Racing) -> None:
    snapshot = after(carry, REGISTER)
    carry.execute(request(TO_TOKYO), origin=origin(), command_id=new_id())
    decide_on(carry, snapshot, TO_PARIS)
    zones = [recorded.event.time_zone for recorded in log.load(DEFAULT_TENANT, "user-ada")]
    assert zones == ["Europe/Paris", "Asia/Tokyo", "Europe/Paris"]


def test_an_outdated_snapshot_refuses_nothing(carry: CommandHandler) -> None:
    carry.execute(request(REGISTER), origin=origin(), command_id=new_id())
    assert decide_on(carry, Snapshot(0, USER.initial), TO_TOKYO).position == 2


def test_a_latest_snapshot_refuses_as_its_stream_does(carry: CommandHandler, log: Racing) -> None:
    snapshot = after(carry, REGISTER)
    with pytest.raises(commands.UserAlreadyRegistered):
        decide_on(carry, snapshot, REGISTER)
    assert len(log.load(DEFAULT_TENANT, "user-ada")) == 1


def test_a_command_that_always_conflicts_is_reported(carry: CommandHandler, log: Racing) -> None:
    log.losses = 1000
    with pytest.raises(TooManyConflicts):
        carry.execute(request(REGISTER), origin=origin(), command_id=new_id())
