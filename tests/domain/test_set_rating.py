"""How hard sets felt, as the athlete says."""

import pytest

from domain.sessions import commands, events
from domain.sessions.feedback_commands import RateSet
from domain.sessions.session import SESSION
from domain.values import InvalidRpe
from tests.domain.session_examples import AT, FIRST_SET, STARTED, session_completed, set_completed
from tests.specification import specification

given = specification(SESSION)

DONE = (*FIRST_SET, set_completed(1, 0))


def rate(rpe: float | None, number: int = 1) -> RateSet:
    return RateSet(set=number, rpe=rpe, at=AT)


def rated(rpe: float | None) -> events.SetRated:
    return events.SetRated(set=1, rpe=rpe, at=AT)


@pytest.mark.parametrize(
    "history",
    [FIRST_SET, DONE, (*DONE, session_completed(0))],
    ids=["in the set", "after it", "after the session"],
)
def test_a_set_is_rated_once_and_the_rating_can_be_changed(
    history: tuple[events.SessionEvent, ...],
) -> None:
    """R-WKT-02."""
    given(*history).when(rate(8.5)).then(rated(8.5))
    given(*history, rated(8.5)).when(rate(8.5)).then_nothing()
    given(*history, rated(8.5)).when(rate(9)).then(rated(9))
    given(*history, rated(8.5)).when(rate(None)).then(rated(None))
    given(*history).when(rate(None)).then_nothing()


@pytest.mark.parametrize("number", [0, 2])
def test_only_a_set_that_has_begun_is_rated(number: int) -> None:
    given(*DONE).when(rate(8, number)).then_rejected(commands.SetOutOfOrder)


def test_a_missing_or_deleted_session_is_not_rated() -> None:
    given().when(rate(8)).then_rejected(commands.SessionMissing)
    deleted = events.SessionDeleted(at=AT, trained=None)
    given(STARTED, deleted).when(rate(8)).then_rejected(commands.SessionMissing)


@pytest.mark.parametrize("rpe", [0.5, 10.5, 8.25, float("nan")])
def test_a_rating_is_from_1_to_10_in_steps_of_a_half(rpe: float) -> None:
    with pytest.raises(InvalidRpe):
        rate(rpe)
