"""Capacity: places of which one user has a limited number."""

from dataclasses import replace
from datetime import UTC, datetime

from domain.capacities import events
from domain.capacities.capacity import CAPACITY
from domain.capacities.commands import TakePlace
from domain.ids import UserId
from domain.kernel import Rejected
from tests.specification import specification

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
COACH = UserId("coach")
given = specification(CAPACITY)


class FullError(Rejected):
    """All places are taken."""

    code = "test.full"


def take(place: str, limit: int | None = 2) -> TakePlace:
    return TakePlace(user_id=COACH, place=place, limit=limit, refusal=FullError, at=AT)


def taken(place: str, *freed: str) -> events.PlaceTaken:
    return events.PlaceTaken(user_id=COACH, place=place, freed=freed, at=AT)


def test_places_are_taken_up_to_the_limit() -> None:
    """R-PAY-13, R-TEN-03"""
    given().when(take("a")).then(taken("a"))
    given(taken("a")).when(take("b")).then(taken("b"))
    given(taken("a"), taken("b")).when(take("c")).then_rejected(FullError)
    given(taken("a"), taken("b")).when(take("b")).then(taken("b"))
    given(taken("a"), taken("b")).when(take("c", limit=None)).then(taken("c"))


def test_places_that_were_given_up_are_free() -> None:
    full = given(taken("a"), taken("b"))
    full.when(replace(take("c"), freed=("a",))).then(taken("c", "a"))
    full.when(replace(take("c"), freed=("z",))).then_rejected(FullError)
    after = given(taken("a"), taken("b"), taken("c", "a"))
    after.when(take("a")).then_rejected(FullError)


def test_places_that_are_older_than_the_count_are_counted() -> None:
    counted = events.PlacesCounted(user_id=COACH, places=("a", "b"), at=AT)
    before = replace(take("c", limit=3), before=("b", "a"))
    given().when(before).then(counted, taken("c"))
    given().when(replace(before, limit=2)).then_rejected(FullError)
    given(counted, taken("c")).when(before).then(taken("c"))
    given().when(replace(take("c"), before=("a", "b"), freed=("b",))).then(counted, taken("c", "b"))
