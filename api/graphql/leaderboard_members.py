"""Leaderboard membership of the signed-in user, in GraphQL."""

from typing import Annotated

import strawberry

from api.graphql.context import Context, Info
from api.graphql.errors import Problem, attempt
from api.graphql.execution_types import same
from api.graphql.fields import field, mutation
from api.graphql.mutations import MutationInput, MutationPayload, command_id_of, payload_fields
from application.leaderboards import service as membership_service
from application.leaderboards.membership import JoinRequest


@strawberry.type(description="Leaderboard membership of a user.")
class LeaderboardMembership:
    """`pseudonym` is null if the user did not join; `consentText` is the text to consent to."""

    pseudonym: str | None
    consent_version: str
    consent_text: str


@strawberry.type
class LeaderboardMemberQueries:
    """Queries of the membership."""

    @field("Get your leaderboard membership.")
    def leaderboard_membership(self, info: Info) -> LeaderboardMembership:
        """Return the membership from the log."""
        return _membership(info.context)


@strawberry.input
class JoinLeaderboardsInput(MutationInput):
    """A pseudonym of 3 to 30 characters without your name, and the version of the text you read."""

    pseudonym: str
    consent_version: str


@strawberry.input
class LeaveLeaderboardsInput(MutationInput):
    """Withdraws the consent and drops the pseudonym."""


@strawberry.type
class LeaderboardMembershipPayload(MutationPayload):
    """The membership after the change."""

    membership: LeaderboardMembership


LeaderboardMembershipResult = Annotated[
    LeaderboardMembershipPayload | Problem, strawberry.union("LeaderboardMembershipResult")
]


@strawberry.type
class LeaderboardMemberMutations:
    """Mutations of the membership."""

    @mutation("Join leaderboards or change your pseudonym.")
    def join_leaderboards(
        self,
        info: Info,
        input: JoinLeaderboardsInput,
    ) -> LeaderboardMembershipResult:
        """Join."""
        return attempt(info.context, input.client_mutation_id, lambda: _join(info.context, input))

    @mutation("Leave leaderboards.")
    def leave_leaderboards(
        self,
        info: Info,
        input: LeaveLeaderboardsInput,
    ) -> LeaderboardMembershipResult:
        """Leave."""
        return attempt(info.context, input.client_mutation_id, lambda: _leave(info.context, input))


def _join(context: Context, input: JoinLeaderboardsInput) -> LeaderboardMembershipPayload:
    command_id = command_id_of(context, input)
    joining = JoinRequest(input.pseudonym, input.consent_version)
    appended = membership_service.join(context.caller, command_id, joining, "graphql")
    return LeaderboardMembershipPayload(
        membership=_membership(context), **payload_fields(input, command_id, appended)
    )


def _leave(context: Context, input: LeaveLeaderboardsInput) -> LeaderboardMembershipPayload:
    command_id = command_id_of(context, input)
    appended = membership_service.leave(context.caller, command_id, "graphql")
    return LeaderboardMembershipPayload(
        membership=_membership(context), **payload_fields(input, command_id, appended)
    )


def _membership(context: Context) -> LeaderboardMembership:
    membership: LeaderboardMembership = same(
        LeaderboardMembership, membership_service.membership_of(context.caller)
    )
    return membership
