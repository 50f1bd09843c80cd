"""Events of recommendations: generated, viewed and clicked."""

from datetime import timedelta

from domain.guidance.events import (
    RecommendationClicked,
    RecommendationGenerated,
    RecommendationViewed,
    RecommendedItem,
)
from domain.ids import UserId
from domain.personal import Personal
from tests.projections.histories import AT

ITEMS = tuple(
    RecommendedItem("exercise", each, 0.5, 1.0, 1, 0.5, None)
    for each in ("squat", "lunge", "plank")
)
GENERATED = RecommendationGenerated(
    user_id=UserId("ada"),
    context="home",
    model="rules/1",
    items=ITEMS,
    reasons=Personal(UserId("ada"), ("fits_level", "fits_level", "fits_level")),
    at=AT,
)
LATER = AT + timedelta(minutes=1)


def clicked(item: str, place: int, after: timedelta) -> RecommendationClicked:
    return RecommendationClicked(kind="exercise", item_id=item, place=place, at=LATER + after)


RECOMMENDED = (
    GENERATED,
    RecommendationViewed(count=2, at=LATER),
    clicked("lunge", 2, timedelta()),
)
