"""The GraphQL schema: read models as a graph, and every command as a mutation."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

import strawberry
from graphql import GraphQLError
from strawberry.extensions import (
    MaxTokensLimiter,
    ParserCache,
    ValidationCache,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from api.graphql.achievements import AchievementQueries
from api.graphql.consents import ConsentMutations, ConsentQueries
from api.graphql.consistency import reading, reading_fields
from api.graphql.context import Context, Info
from api.graphql.descriptions import UnstorableTextCheck
from api.graphql.executions import ExecutionMutations, ExecutionQueries
from api.graphql.exercises import ExerciseQueries
from api.graphql.leaderboard_members import (
    LeaderboardMemberMutations,
    LeaderboardMemberQueries,
)
from api.graphql.leaderboards import LeaderboardQueries
from api.graphql.mutations import Position, position
from api.graphql.pagination import Node, split
from api.graphql.query_cost import Cost
from api.graphql.query_limits import Limits
from api.graphql.recordings import RecordingQueries
from api.graphql.response_cache import Keeping
from api.graphql.session_changes import KeepingMutations
from api.graphql.session_mutations import SessionMutations
from api.graphql.sessions import SessionQueries, find_sessions
from api.graphql.subscriptions import Subscription
from api.graphql.training_history import TrainingHistoryQueries
from api.graphql.users import UserMutations, UserQueries, find_users
from api.graphql.workouts import WorkoutMutations, WorkoutQueries, find_workouts
from api.pagination import LARGEST_PAGE, PageTooLarge

MOST_TOKENS: Final = 2000
"""The introspection query of common clients has about 400."""

FIND: Final[dict[str, Callable[[Context, Collection[str]], Mapping[str, Node]]]] = {
    "Session": find_sessions,
    "User": find_users,
    "Workout": find_workouts,
}
"""How nodes of each kind are found by their own ids, all in one read."""


def _find(context: Context, ids: Sequence[str]) -> list[Node | None]:
    """Find nodes of any kind, in the order of their global ids."""
    asked = [split(given) for given in ids]
    keys: dict[str, set[str]] = {}
    for kind, key in asked:
        keys.setdefault(kind, set()).add(key)
    found = {kind: FIND[kind](context, wanted) for kind, wanted in keys.items() if kind in FIND}
    return [found.get(kind, {}).get(key) for kind, key in asked]


@strawberry.type
class NodeQueries:
    """Questions by global id."""

    @reading("Anything with a global id; null where nothing has it.")
    def node(self, info: Info, id: strawberry.ID) -> Node | None:  # noqa: A002  Relay's name
        """Find a node."""
        return _find(info.context, [id])[0]

    @reading("As `node`, for up to 100 ids; in their order.")
    def nodes(self, info: Info, ids: list[strawberry.ID]) -> list[Node | None]:
        """Find nodes."""
        if len(ids) > LARGEST_PAGE:
            raise PageTooLarge
        return _find(info.context, ids)


@strawberry.type
class Query(
    NodeQueries,
    SessionQueries,
    ExerciseQueries,
    UserQueries,
    WorkoutQueries,
    RecordingQueries,
    ConsentQueries,
    ExecutionQueries,
    TrainingHistoryQueries,
    AchievementQueries,
    LeaderboardQueries,
    LeaderboardMemberQueries,
):
    """What can be asked."""


@strawberry.type(name="Mutation")
class Mutations(
    UserMutations,
    WorkoutMutations,
    SessionMutations,
    KeepingMutations,
    ConsentMutations,
    ExecutionMutations,
    LeaderboardMemberMutations,
):
    """What can be changed."""


class Schema(strawberry.Schema):
    """A schema that leaves it to `problems.told` what is written to our log."""

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Write nothing: the mistakes of clients are no errors of ours."""


def _tokens() -> Any:
    return MaxTokensLimiter(max_token_count=MOST_TOKENS)


KEPT: Final = reading_fields(Query)


def _keeping() -> Any:
    return Keeping(KEPT)


schema: Final = Schema(
    query=Query,
    mutation=Mutations,
    subscription=Subscription,
    extensions=[UnstorableTextCheck, _tokens, Limits, ParserCache, ValidationCache, Cost, _keeping],
    config=StrawberryConfig(
        scalar_map={
            Position: strawberry.scalar(
                name="Position",
                description="A place in the log: a whole number.",
                serialize=int,
                parse_value=position,
            )
        }
    ),
)
