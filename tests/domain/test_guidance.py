"""Preferences, dismissed items and lists of recommendations (R-REC-07, R-REC-08)."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.guidance import commands
from domain.guidance.events import (
    ItemDismissed,
    MoreWanted,
    RecommendationClicked,
    RecommendationViewed,
    RecommendedItem,
)
from domain.guidance.features import Preferences
from domain.guidance.guidance import GUIDANCE, Guidance
from domain.guidance.reasons import ReasonCode
from domain.guidance.recommendation import RECOMMENDATION, RecommendationList
from domain.ids import UserId
from domain.personal import Erased, Personal
from domain.values import InvalidValue

AT = datetime(2030, 1, 1, 10, tzinfo=UTC)
LATER = AT + timedelta(minutes=3)
ADA = UserId("ada")
ITEMS = tuple(
    RecommendedItem("workout", name, 0.5, 1.0, rank, 0.5, None)
    for rank, name in enumerate(("legs", "push", "core"), 1)
)


def _guidance(*done: commands.GuidanceCommand) -> Guidance:
    state = Guidance()
    for each in done:
        state = GUIDANCE.fold(GUIDANCE.decide(each, state), state)
    return state


def _list(*done: commands.RecommendationCommand) -> RecommendationList:
    state = RecommendationList()
    for each in (_generate(), *done):
        state = RECOMMENDATION.fold(RECOMMENDATION.decide(each, state), state)
    return state


def _generate() -> commands.Generate:
    reasons: tuple[ReasonCode, ...] = ("next_in_plan", "fits_time", "not_done_yet")
    return commands.Generate(
        user_id=ADA, context="home", model="rules-1", items=ITEMS, reasons=reasons, at=AT
    )


def _viewed(count: int, user: UserId = ADA) -> commands.NoteViewed:
    return commands.NoteViewed(user_id=user, count=count, at=LATER)


def _clicked(item: str, user: UserId = ADA) -> commands.NoteClicked:
    return commands.NoteClicked(user_id=user, kind="workout", item_id=item, at=LATER)


def test_preferences_are_replaced_and_the_same_ones_change_nothing() -> None:
    preferences = Preferences(minutes=30, equipment=("barbell",), spared=("knee",))
    change = commands.ChangePreferences(user_id=ADA, preferences=preferences, at=AT)
    state = _guidance(change)
    assert state.preferences == preferences
    assert GUIDANCE.decide(change, state) == ()


def test_preferences_that_changed_meanwhile_are_not_replaced() -> None:
    first, second = Preferences(minutes=30), Preferences(minutes=60)
    change = commands.ChangePreferences(user_id=ADA, preferences=second, at=AT, expected=first)
    with pytest.raises(commands.GuidancePreferencesMoved):
        GUIDANCE.decide(change, Guidance())
    assert GUIDANCE.decide(change, Guidance(Personal(ADA, first)))


def test_erased_preferences_are_those_of_a_new_user() -> None:
    assert Guidance(Personal(ADA, Erased())).preferences == Preferences()


@pytest.mark.parametrize(
    "preferences",
    [
        Preferences(minutes=4),
        Preferences(minutes=241),
        Preferences(equipment=("spaceship",)),
        Preferences(equipment=("barbell", "barbell")),
        Preferences(spared=("soul",)),
    ],
)
def test_impossible_preferences_are_refused(preferences: Preferences) -> None:
    with pytest.raises(InvalidValue):
        commands.ChangePreferences(user_id=ADA, preferences=preferences, at=AT)


def test_an_item_is_dismissed_once_until_it_is_restored() -> None:
    dismiss = commands.DismissItem(kind="workout", item_id="legs", at=AT)
    restore = commands.RestoreItem(kind="workout", item_id="legs", at=LATER)
    state = _guidance(dismiss)
    assert state.dismissed == {("workout", "legs")}
    assert GUIDANCE.decide(dismiss, state) == ()
    assert _guidance(dismiss, restore).dismissed == frozenset()
    assert GUIDANCE.decide(restore, Guidance()) == ()


def test_more_is_wanted_once_and_a_dismissal_ends_it() -> None:
    """R-REC-09: the later of both counts."""
    want = commands.WantMore(kind="workout", item_id="legs", at=AT)
    stop = commands.StopWantingMore(kind="workout", item_id="legs", at=AT)
    dismiss = commands.DismissItem(kind="workout", item_id="legs", at=AT)
    state = _guidance(dismiss, want)
    assert state.wanted == {("workout", "legs")}
    assert state.dismissed == frozenset()
    assert GUIDANCE.decide(want, state) == ()
    assert _guidance(want, stop).wanted == frozenset()
    assert GUIDANCE.decide(stop, _guidance(want, stop)) == ()
    after = _guidance(want, dismiss)
    assert after.wanted == frozenset()
    assert after.dismissed == {("workout", "legs")}


def test_dismissed_items_have_a_limit() -> None:
    full = GUIDANCE.fold(
        ItemDismissed(kind="video", item_id=str(number), at=AT)
        for number in range(commands.MAX_DISMISSED)
    )
    with pytest.raises(commands.TooManyDismissed):
        GUIDANCE.decide(commands.DismissItem(kind="plan", item_id="a", at=AT), full)


def test_items_to_want_more_like_have_a_limit() -> None:
    full = GUIDANCE.fold(
        MoreWanted(kind="video", item_id=str(number), at=AT)
        for number in range(commands.MAX_WANTED)
    )
    with pytest.raises(commands.TooManyWanted):
        GUIDANCE.decide(commands.WantMore(kind="plan", item_id="a", at=AT), full)


def test_a_list_is_generated_once() -> None:
    assert RECOMMENDATION.decide(_generate(), _list()) == ()


def test_views_are_noted_only_as_far_as_they_are_new() -> None:
    state = _list(_viewed(2))
    assert RECOMMENDATION.decide(_viewed(2), state) == ()
    assert RECOMMENDATION.decide(_viewed(9), state) == (RecommendationViewed(count=3, at=LATER),)


def test_the_first_click_on_an_item_has_its_place() -> None:
    clicked = RecommendationClicked(kind="workout", item_id="push", place=2, at=LATER)
    assert RECOMMENDATION.decide(_clicked("push"), _list()) == (clicked,)
    assert RECOMMENDATION.decide(_clicked("push"), _list(_clicked("push"))) == ()


@pytest.mark.parametrize(
    "command", [_viewed(1, UserId("eve")), _clicked("legs", UserId("eve")), _clicked("other")]
)
def test_lists_of_others_and_other_items_are_not_found(
    command: commands.RecommendationCommand,
) -> None:
    with pytest.raises(commands.RecommendationNotFound):
        RECOMMENDATION.decide(command, _list())
    with pytest.raises(commands.RecommendationNotFound):
        RECOMMENDATION.decide(command, RecommendationList())
