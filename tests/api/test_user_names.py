"""User names are read from the log in one batch, and not stored elsewhere."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from api.graphql.pagination import global_id
from application.kernel.command_handler import CommandHandler, Request
from application.platform import Platform
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from domain.personal import Personal
from domain.users import commands
from domain.users.user import USER
from tests.api.conftest import WEB
from tests.api.driver import ApiDriver

NAMES = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on User { userId username } } }"
NAME = "query($id: ID!) { user(id: $id) { username } }"
TWICE = """
mutation($first: ChangeProfileInput!, $second: ChangeProfileInput!) {
  first: changeProfile(input: $first) { ... on UserPayload { user { username } } }
  second: changeProfile(input: $second) { ... on UserPayload { user { username } } }
}"""


class Counting:
    """Forwards all calls to a log or a response cache, and counts them by method."""

    def __init__(self, real: Any) -> None:
        self._real = real
        self.calls: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        self.calls[name] += 1
        return getattr(self._real, name)


@pytest.fixture
def log(platform: Platform) -> Counting:
    return Counting(platform.log)


@pytest.fixture
def answers(platform: Platform) -> Counting:
    return Counting(platform.cache)


@pytest.fixture
def named(platform: Platform, log: Counting, answers: Counting) -> Iterator[ApiDriver]:
    counting: Any = (log, answers)
    watched = replace(platform, log=counting[0], cache=counting[1])
    app = build_app(watched, web=WEB)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield ApiDriver(client, platform)


def call(name: str | None, who: str) -> commands.ChangeProfile:
    if name is None:
        return commands.ChangeProfile(clear_username=True)
    return commands.ChangeProfile(username=Personal(UserId(who), name))


def settle(driver: ApiDriver, who: str, name: str | None) -> None:
    opened = commands.RegisterUser(at=driver.platform.clock())
    driver.write(Request(USER, who, [opened, call(name, who)]))


@pytest.mark.parametrize("count", [1, 100])
def test_the_names_of_all_users_of_an_answer_are_one_read(
    named: ApiDriver, log: Counting, count: int
) -> None:
    """R-API-07: no N+1."""
    people = [f"user-{number}" for number in range(count)]
    for who in people:
        settle(named, who, None if who == "user-7" else who.title())
    log.calls.clear()
    view = named.ask(NAMES, ids=[global_id("User", who) for who in people])["nodes"]
    assert [each["userId"] for each in view] == people
    assert [each["username"] for each in view] == [
        None if who == "user-7" else who.title() for who in people
    ]
    assert log.calls == {"load_many": 1}


def test_a_name_is_kept_with_no_answer_and_is_never_an_old_one(
    named: ApiDriver, answers: Counting
) -> None:
    """R-TEN-09, R-IDN-17: the name is current, although no read model has processed the event."""
    settle(named, "ada", "Ada")
    assert named.ask(NAME, id="ada") == {"user": {"username": "Ada"}}
    unnoticed = CommandHandler(named.platform.log, settled=lambda _: None)
    origin = Origin(tenant_id=DEFAULT_TENANT, actor="ada", correlation_id=uuid4())
    renamed = Request(USER, "ada", [call("Augusta", "ada")])
    unnoticed.execute(renamed, origin=origin, command_id=uuid4())
    assert named.ask(NAME, id="ada") == {"user": {"username": "Augusta"}}
    assert "put" not in answers.calls


def test_each_change_of_an_operation_tells_what_it_came_to(driver: ApiDriver) -> None:
    """R-API-07: each mutation of an operation reads its own result."""
    settle(driver, "ada", "Ada")
    place = {"userId": "ada", "timeZone": "UTC", "locale": "en"}
    view = driver.ask(
        TWICE, first={**place, "username": "Augusta"}, second={**place, "username": "King"}
    )
    assert view == {
        "first": {"user": {"username": "Augusta"}},
        "second": {"user": {"username": "King"}},
    }
