"""What athletes have earned, asked through GraphQL."""

import strawberry

from api.achievements import achievements_of, next_achievements_of
from api.graphql.achievement_types import Achievement, NextAchievement
from api.graphql.consistency import reading
from api.graphql.context import Info
from api.graphql.pagination import Connection, connection, key_of
from api.pagination import window
from domain.ids import UserId


@strawberry.type
class AchievementQueries:
    """Questions about achievements."""

    @reading("Badges and trophies that an athlete has, the newest first; at most 100 a page.")
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
        """List a page."""
        athlete = UserId(key_of("User", athlete_id))
        page = achievements_of(info.context.caller, athlete, window(first, after, last, before))
        return connection(page, Achievement.of)

    @reading("What an athlete may earn next: badges, and the next tier of each trophy.")
    def next_achievements(self, info: Info, athlete_id: strawberry.ID) -> list[NextAchievement]:
        """Tell what comes next."""
        athlete = UserId(key_of("User", athlete_id))
        return [
            NextAchievement.of(each) for each in next_achievements_of(info.context.caller, athlete)
        ]
