"""A tenant keeps an administrator who can sign in and has not asked to be deleted."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from tests.api.administrators import BOB, administrator, code
from tests.api.people import Person, Town

pytestmark = pytest.mark.both_compositions

LAST: Final = (409, "tenant.last_administrator")

Change = Callable[[Person, Person], Any]
"""A change by an administrator, who may do it to another one."""


def leave(who: Person, _: Person) -> Any:
    return who.post("/v1/me/erasure", json={})


def resign(who: Person, _: Person) -> Any:
    return who.ask("DELETE", f"/v1/users/{who.id}/roles/administrator")


def suspend(who: Person, other: Person) -> Any:
    return who.post(f"/v1/users/{other.id}:suspend")


@pytest.fixture
def ada(town: Town) -> Person:
    return administrator(town)


@pytest.fixture
def bob(town: Town, ada: Person) -> Person:
    """Return a second administrator."""
    bob = town.citizen(BOB)
    assert ada.ask("PUT", f"/v1/users/{bob.id}/roles/administrator").status_code == 204
    return town.log_in(bob, BOB)


def test_one_who_is_being_deleted_does_not_count(ada: Person, bob: Person) -> None:
    """R-TEN-06"""
    assert leave(ada, bob).status_code == 202
    assert code(leave(bob, ada)) == LAST
    assert code(resign(bob, ada)) == LAST
    assert code(suspend(ada, bob)) == LAST
    assert ada.ask("DELETE", "/v1/me/erasure").status_code == 204
    assert resign(bob, ada).status_code == 204


@pytest.mark.parametrize(
    ("first", "second"),
    [(leave, leave), (leave, resign), (resign, leave), (resign, resign), (suspend, suspend)],
)
def test_of_two_administrators_one_stays(
    town: Town,
    ada: Person,
    bob: Person,
    first: Change,
    second: Change,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R-TEN-06: the change of the other one is stored just before that of the first."""
    append = town.platform.log.append
    between: list[Any] = []

    def append_later(*arguments: Any, **options: Any) -> Any:
        monkeypatch.undo()
        between.append(second(bob, ada))
        return append(*arguments, **options)

    monkeypatch.setattr(town.platform.log, "append", append_later)
    assert code(first(ada, bob)) == LAST
    assert [answer.status_code < 300 for answer in between] == [True]
