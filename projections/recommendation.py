"""Recommendation read model: one row per list of recommendations, with what came of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.guidance import events
from domain.ids import UserId
from domain.kernel import Projection, Recorded
from projections.kernel import fast_replace, stream_id


@dataclass(frozen=True)
class Recommendation:
    """A list of recommendations.

    `context` is the page that asked for it, and `model` the ranking that made it. Of the `listed`
    items, the user saw the first `viewed`, and opened `clicked`, the first one at `clicked_at`.
    """

    id: str
    user_id: UserId
    context: str
    model: str
    generated_at: datetime
    listed: int
    viewed: int = 0
    clicked: int = 0
    clicked_at: datetime | None = None


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by list."""
    is_ours = isinstance(recorded.event, events.RecommendationEvent)
    return (stream_id(recorded),) if is_ours else ()


def evolve(row: Recommendation | None, recorded: Recorded[Any]) -> Recommendation | None:
    """Apply one event to the list."""
    match recorded.event, row:
        case events.RecommendationGenerated() as generated, _:
            return Recommendation(
                id=stream_id(recorded),
                user_id=generated.user_id,
                context=generated.context,
                model=generated.model,
                generated_at=generated.at,
                listed=len(generated.items),
            )
        case events.RecommendationViewed(count=count), Recommendation():
            return fast_replace(row, viewed=max(row.viewed, count))
        case events.RecommendationClicked(at=at), Recommendation():
            first = at if row.clicked_at is None else row.clicked_at
            return fast_replace(row, clicked=row.clicked + 1, clicked_at=first)
        case _:
            return row


RECOMMENDATION = Projection(
    name="recommendation",
    version=1,
    row=Recommendation,
    keys=keys,
    evolve=evolve,
    indexes=(("user_id", "generated_at"),),
)
