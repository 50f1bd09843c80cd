"""Rows of lists of recommendations: what users saw of them and opened."""

from datetime import timedelta

from domain.guidance.events import (
    RecommendationViewed,
)
from domain.ids import UserId
from projections.recommendation import RECOMMENDATION, Recommendation
from tests.projections.histories import AT, row_after, rows_after
from tests.projections.recommended import GENERATED, LATER, clicked

STREAM = "recommendation-r"


def test_views_and_clicks_are_counted() -> None:
    """R-PRG-08: the most items seen, each click, and the time of the first one."""
    seen = [RecommendationViewed(count=count, at=LATER) for count in (2, 3)]
    clicks = [clicked("lunge", 2, timedelta()), clicked("squat", 1, timedelta(hours=1))]
    assert row_after(RECOMMENDATION, STREAM, GENERATED, *seen, *clicks) == Recommendation(
        id="r",
        user_id=UserId("ada"),
        context="home",
        model="rules/1",
        generated_at=AT,
        listed=3,
        viewed=3,
        clicked=2,
        clicked_at=LATER,
    )


def test_a_list_that_was_not_generated_has_no_row() -> None:
    """R-PRG-08"""
    assert rows_after(RECOMMENDATION, STREAM, RecommendationViewed(count=1, at=AT)) == {}
