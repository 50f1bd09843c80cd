"""Queries of achievements in GraphQL."""

from datetime import date
from typing import Annotated

import strawberry

from api.graphql.achievement_types import Achievement, NextAchievement
from api.graphql.consistency import reading
from api.graphql.context import Info
from api.graphql.pagination import Connection, connection, key_of
from application.achievements.queries import achievements_of, next_achievements_of
from application.kernel.pagination import window
from domain.ids import UserId


@strawberry.type
class AchievementQueries:
    """Queries of achievements."""

    @reading("List the achievements of an athlete, newest first; at most 100 a page.")
    def achievements(
        self,
        info: Info,
        *,
        athlete_id: strawberry.ID,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Achievement]:
        """Return a page."""
        athlete = UserId(key_of("User", athlete_id))
        page = achievements_of(info.context.caller, athlete, window(first, after, last, before))
        return connection(page, Achievement.of)

    @reading("List the achievements that an athlete can earn next.")
    def next_achievements(
        self,
        info: Info,
        athlete_id: strawberry.ID,
        today: Annotated[
            date | None,
            strawberry.argument(
                description="Day of the athlete's calendar that streaks are as of. Default: today."
            ),
        ] = None,
    ) -> list[NextAchievement]:
        """Return the next badges and trophy tiers."""
        info.context.may_keep = False  # streaks depend on today's date
        athlete = UserId(key_of("User", athlete_id))
        following = next_achievements_of(info.context.caller, athlete, today)
        return [NextAchievement.of(each) for each in following]
