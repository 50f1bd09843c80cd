"""Leaderboard membership of the signed-in user, in GraphQL."""

from typing import Any

import strawberry

from api.graphql.context import Context, Info
from api.graphql.derived_types import convert, derived
from api.graphql.fields import field
from api.graphql.mutations import MutationPayload
from api.views.leaderboard_members import Membership, MembershipWritten, get_membership


@derived(Membership)
class LeaderboardMembership:
    """Leaderboard membership of a user."""


@strawberry.type
class LeaderboardMemberQueries:
    """Queries of the membership."""

    @field("Get your leaderboard membership.")
    def leaderboard_membership(self, info: Info) -> LeaderboardMembership:
        """Return the membership from the log."""
        return convert(LeaderboardMembership, get_membership(info.context.caller))


@strawberry.type
class LeaderboardMembershipPayload(MutationPayload):
    """The membership after the change."""

    membership: LeaderboardMembership

    @classmethod
    def of(
        cls, _: Context, written: MembershipWritten, **common: Any
    ) -> "LeaderboardMembershipPayload":
        """Return the payload of a command."""
        return cls(membership=convert(LeaderboardMembership, written.membership), **common)
