"""Limits that hold when many requests come at the same moment, and places that were given up."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from adapters.clock import new_id, utc_now
from adapters.event_log.postgres import PostgresEventLog
from adapters.event_log.sqlite import SqliteEventLog
from application.capacities.places import Places, take_place
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import EventLog
from domain.capacities.capacity import CAPACITY
from domain.capacities.commands import TakePlace
from domain.event_text import MAX_TEXTS
from domain.ids import DEFAULT_TENANT, EnrollmentId, UserId
from domain.kernel import Origin, Recorded
from domain.supervision.commands import AllowTrainer, DisallowTrainer, TooManyAthletes
from domain.supervision.supervision import SUPERVISION
from tests.adapters.event_log.postgres_databases import empty
from tests.golden.examples import CODEC

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
ORIGIN = Origin(tenant_id=DEFAULT_TENANT, actor="test", correlation_id=UUID(int=1))
COACH = UserId("coach")
LIMIT, MANY = 5, 20


@pytest.fixture(params=["sqlite", "postgresql"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EventLog]:
    if request.param == "sqlite":
        path = tmp_path / "log.sqlite"
        with closing(SqliteEventLog(path, clock=utc_now, new_id=new_id, codec=CODEC)) as log:
            yield log
        return
    url = request.getfixturevalue("database")
    empty(url)
    with closing(PostgresEventLog(url, clock=utc_now, new_id=new_id, codec=CODEC)) as log:
        yield log


def sees(history: Sequence[Recorded[Any]]) -> bool:
    return SUPERVISION.fold(each.event for each in history).find(COACH) is not None


ATHLETES = Places("athletes", SUPERVISION, sees, contended=True)


def handler_of(log: EventLog) -> CommandHandler:
    return CommandHandler(log, settled=lambda _: None)


def allow(log: EventLog, handler: CommandHandler, athlete: str) -> bool:
    """Let the trainer see the training of an athlete; return whether there was a place."""
    permission = AllowTrainer(
        athlete_id=UserId(athlete), trainer_id=COACH, video=False, version="2", at=AT,
        enrollment_id=EnrollmentId("e"),
    )  # fmt: skip
    command_id = uuid4()
    try:
        take_place(
            log, DEFAULT_TENANT, ATHLETES, wanting(athlete),
            lambda place: handler.execute(
                Request(SUPERVISION, athlete, [permission]), place,
                origin=ORIGIN, command_id=command_id,
            ),
        )  # fmt: skip
    except TooManyAthletes:
        return False
    return True


def disallow(handler: CommandHandler, athlete: str) -> None:
    withdraw = DisallowTrainer(trainer_id=COACH, at=AT)
    handler.execute(Request(SUPERVISION, athlete, [withdraw]), origin=ORIGIN, command_id=uuid4())


def at_once(run: Callable[[str], bool], names: Sequence[str]) -> list[str]:
    """Return the names for which it succeeded."""
    with ThreadPoolExecutor(len(names)) as threads:
        return [name for name, done in zip(names, threads.map(run, names), strict=True) if done]


def wanting(athlete: str, *, limit: int = LIMIT, before: tuple[str, ...] = ()) -> TakePlace:
    return TakePlace(
        user_id=COACH, place=athlete, limit=limit, refusal=TooManyAthletes, before=before, at=AT
    )


def take_all_places(log: EventLog, handler: CommandHandler) -> list[str]:
    """Return the athletes that take the places."""
    names = [f"athlete-{number}" for number in range(LIMIT)]
    assert at_once(lambda each: allow(log, handler, each), names) == names
    return names


def supervised(log: EventLog, names: Sequence[str]) -> list[str]:
    return [each for each in names if sees(log.load(DEFAULT_TENANT, f"supervision-{each}"))]


def test_requests_at_the_same_moment_do_not_pass_the_limit(log: EventLog) -> None:
    """R-TEN-03, R-PAY-13: from several processes; places that were given up are used again."""
    handlers = [handler_of(log), handler_of(log)]
    names = [f"athlete-{number}" for number in range(MANY)]
    admitted = at_once(lambda each: allow(log, handlers[hash(each) % 2], each), names)
    assert len(admitted) == LIMIT
    assert supervised(log, names) == admitted
    for name in admitted[:2]:
        disallow(handlers[0], name)
    again = at_once(
        lambda each: allow(log, handlers[hash(each) % 2], each),
        [each for each in names if each not in admitted[2:]],
    )
    assert len(again) == 2
    assert len(supervised(log, names)) == LIMIT


def test_a_place_that_is_taken_again_at_this_moment_is_not_freed(log: EventLog) -> None:
    """R-TEN-03: whether it was given up is checked in the same append."""
    handler = handler_of(log)
    names = take_all_places(log, handler)
    disallow(handler, names[0])
    calls: list[Request] = []

    def execute(place: Request) -> Any:
        calls.append(place)
        if len(calls) == 2:
            assert allow(log, handler, names[0]), "the place is still theirs"
        return handler.execute(place, origin=ORIGIN, command_id=uuid4())

    with pytest.raises(TooManyAthletes):
        take_place(log, DEFAULT_TENANT, ATHLETES, wanting("eve"), execute)
    assert supervised(log, names) == names


def test_places_that_another_request_has_just_freed_are_taken(log: EventLog) -> None:
    """R-TEN-03: the other request frees them between the refusal and the search for them."""
    handler = handler_of(log)
    names = take_all_places(log, handler)
    for name in names[:2]:
        disallow(handler, name)
    freed: list[str] = []

    def execute(place: Request) -> Any:
        try:
            return handler.execute(place, origin=ORIGIN, command_id=uuid4())
        except TooManyAthletes:
            assert allow(log, handler, "frank"), "two places were given up"
            freed.append("frank")
            raise

    take_place(log, DEFAULT_TENANT, ATHLETES, wanting("eve"), execute)
    assert freed == ["frank"]


def test_a_place_whose_stream_has_changed_is_looked_at_again(log: EventLog) -> None:
    """R-TEN-03: an item that was uploaded is checked at this moment, for example."""
    handler = handler_of(log)
    names = take_all_places(log, handler)
    disallow(handler, names[0])
    calls: list[Request] = []

    def execute(place: Request) -> Any:
        calls.append(place)
        if len(calls) == 2:
            allow_other = AllowTrainer(
                athlete_id=UserId(names[0]), trainer_id=UserId("other"), video=False,
                version="2", at=AT, enrollment_id=EnrollmentId("e"),
            )  # fmt: skip
            supervision = Request(SUPERVISION, names[0], [allow_other])
            handler.execute(supervision, origin=ORIGIN, command_id=uuid4())
        return handler.execute(place, origin=ORIGIN, command_id=uuid4())

    take_place(log, DEFAULT_TENANT, ATHLETES, wanting("eve"), execute)
    assert len(calls) == 3


def test_many_places_are_counted_and_given_up_together(log: EventLog) -> None:
    """R-TEN-03: more than an event may list."""
    handler = handler_of(log)
    names = tuple(f"athlete-{number:03}" for number in range(2 * MAX_TEXTS + 1))

    def execute(place: Request) -> Any:
        return handler.execute(place, origin=ORIGIN, command_id=uuid4())

    def take(athlete: str, before: tuple[str, ...]) -> Any:
        wanted = wanting(athlete, limit=len(names), before=before)
        return take_place(log, DEFAULT_TENANT, ATHLETES, wanted, execute)

    take("eve", names[1:])
    assert taken(log) == {*names[1:], "eve"}
    take("frank", ())  # only names without a permission are left
    assert taken(log) == {"frank"}


def taken(log: EventLog) -> set[str]:
    history = log.load(DEFAULT_TENANT, f"capacity-{ATHLETES.stream_id(COACH)}")
    return set(CAPACITY.fold(each.event for each in history).places)
