from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.clock import new_id, utc_now
from adapters.event_log.memory import MemoryEventLog
from application.kernel.command_handler import CommandHandler, Request, Snapshot, TooManyConflicts
from application.kernel.ports import AppendResult, VersionConflict
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
    """A log in which another writer wins a number of races."""

    losses = 0

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
    """R-EVT-16: the first one is stored after the second one has asked whether it was."""
    command_id = new_id()
    begun: list[AppendResult | None] = []

    class Overtaken(MemoryEventLog):
        def done(self, *args: Any, **kwargs: Any) -> AppendResult | None:
            answer = super().done(*args, **kwargs)
            begun.append(answer)
            if len(begun) == 1:
                begun.append(
                    handler.execute(request(REGISTER), origin=origin(), command_id=command_id)
                )
            return answer

    handler = CommandHandler(Overtaken(clock=utc_now, new_id=new_id), settled=settled.append)
    second = handler.execute(request(REGISTER), origin=origin(), command_id=command_id)
    assert (second.position, second.repeated) == (1, True)
    assert begun[0] is None
    assert settled == [1, 1], "the read models follow before each is answered"


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


def test_a_command_that_always_conflicts_is_reported(carry: CommandHandler, log: Racing) -> None:
    log.losses = 1000
    with pytest.raises(TooManyConflicts):
        carry.execute(request(REGISTER), origin=origin(), command_id=new_id())
