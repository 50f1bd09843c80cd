"""Achievement read model: one row per badge, and per tier of a trophy family."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from domain.achievements.definitions import Tier
from domain.achievements.events import BadgeEarned, TrophyUnlocked
from domain.ids import SessionId, UserId
from domain.kernel import Projection, Recorded
from projections.kernel import stream_id


@dataclass(frozen=True)
class Achievement:
    """An achievement, and the evidence for it.

    `name` is that of the badge or of the trophy's family; `tier` is None for a badge. `figure` is
    what `measure` came to in the session in which `least` was reached. `earned_at` is when that
    was completed: the row stays where the session is deleted.
    """

    id: str
    athlete_id: UserId
    kind: Literal["badge", "trophy"]
    name: str
    tier: Tier | None
    measure: str
    least: float
    figure: float
    session_id: SessionId
    earned_at: datetime


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by athlete, name and tier."""
    match recorded.event:
        case BadgeEarned(badge=name):
            return (f"{stream_id(recorded)}/{name}",)
        case TrophyUnlocked(family=name, tier=tier):
            return (f"{stream_id(recorded)}/{name}/{tier}",)
        case _:
            return ()


def evolve(row: Achievement | None, recorded: Recorded[Any]) -> Achievement | None:
    """Add an earned achievement."""
    match recorded.event:
        case BadgeEarned() as earned:
            return _row(recorded, earned, "badge", earned.badge, None)
        case TrophyUnlocked() as earned:
            return _row(recorded, earned, "trophy", earned.family, earned.tier)
        case _:
            return row


def _row(
    recorded: Recorded[Any],
    earned: BadgeEarned | TrophyUnlocked,
    kind: Literal["badge", "trophy"],
    name: str,
    tier: Tier | None,
) -> Achievement:
    (key,) = keys(recorded)
    return Achievement(
        id=key,
        athlete_id=UserId(stream_id(recorded)),
        kind=kind,
        name=name,
        tier=tier,
        measure=earned.measure,
        least=earned.least,
        figure=earned.figure,
        session_id=earned.session_id,
        earned_at=earned.at,
    )


ACHIEVEMENT = Projection(
    name="achievement",
    version=1,
    row=Achievement,
    keys=keys,
    evolve=evolve,
    indexes=(("athlete_id", "earned_at"), ("session_id",)),
    kind="session",
)
