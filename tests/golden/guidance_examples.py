"""Examples of the events of recommendations, for their golden files."""

from datetime import UTC, datetime
from typing import Any

from domain.guidance import events
from domain.guidance.features import Preferences
from domain.ids import UserId
from domain.personal import Personal

ADA = UserId("0197b2c4-5d6e-7f80-9a1b-2c3d4e5f6070")
WORKOUT = "0197b2c4-5d6e-7f80-9a1b-2c3d4e5f6071"
AT = datetime(2030, 1, 1, 10, 0, tzinfo=UTC)
LATER = datetime(2030, 1, 1, 10, 2, tzinfo=UTC)

EVIDENCE = events.ModelEvidence(
    people=240,
    sessions=5200,
    until=AT,
    log_position=98765,
    hits=0.41,
    popular_hits=0.33,
    comparison=events.Comparison(lists=800, successes=350, difference=0.031, low=-0.02, high=0.082),
)

EXAMPLES: list[Any] = [
    events.PreferencesChanged(
        preferences=Personal(
            ADA, Preferences("beginner", "muscle", 30, ("barbell", "bench"), ("knee",))
        ),
        at=AT,
    ),
    events.ItemDismissed(kind="workout", item_id=WORKOUT, at=AT),
    events.ItemRestored(kind="workout", item_id=WORKOUT, at=LATER),
    events.MoreWanted(kind="workout", item_id=WORKOUT, at=AT),
    events.MoreNoLongerWanted(kind="workout", item_id=WORKOUT, at=LATER),
    events.RecommendationGenerated(
        user_id=ADA,
        context="home",
        model="rules-1+0a1b2c3d4e5f",
        items=(
            events.RecommendedItem("workout", WORKOUT, 0.4375, 0.92, 1, 0.4, "squat"),
            events.RecommendedItem("exercise", "plank", 0.05, 0.92, 2, 0.05, "support"),
        ),
        reasons=Personal(ADA, ("neglected_pattern", "not_done_yet")),
        at=AT,
    ),
    events.RecommendationViewed(count=2, at=LATER),
    events.RecommendationClicked(kind="workout", item_id=WORKOUT, place=1, at=LATER),
    events.ModelPromoted(model="0a1b2c3d4e5f", evidence=EVIDENCE, at=LATER),
    events.ModelRefused(
        model="1a1b2c3d4e5f",
        serving="0a1b2c3d4e5f",
        obstacle="worse_in_use",
        evidence=EVIDENCE,
        at=LATER,
    ),
]
