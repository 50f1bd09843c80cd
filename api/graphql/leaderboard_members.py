"""Whether others see one on leaderboards, in GraphQL: by which pseudonym, from when and until."""

from typing import Annotated

import strawberry

from api import leaderboards as membership_service
from api.graphql.context import Context, Info
from api.graphql.errors import Problem, attempt
from api.graphql.execution_types import same
from api.graphql.fields import field, mutation
from api.graphql.mutations import Done, Mutation, done, identify
from application.leaderboards.membership import JoinRequest


@strawberry.type(description="How others see somebody on leaderboards.")
class LeaderboardMembership:
    """`pseudonym` is null where they do not; `consentText` is what to agree to for that."""

    pseudonym: str | None
    consent_version: str
    consent_text: str


@strawberry.type
class LeaderboardMemberQueries:
    """Questions about oneself."""

    @field("How others see whoever asks on leaderboards.")
    def leaderboard_membership(self, info: Info) -> LeaderboardMembership:
        """Tell it from the log."""
        return _membership(info.context)


@strawberry.input
class JoinLeaderboardsInput(Mutation):
    """3 to 30 characters that tell nothing of one's name, and the version of the text one read."""

    pseudonym: str
    consent_version: str


@strawberry.input
class LeaveLeaderboardsInput(Mutation):
    """The consent is taken back, and with it the pseudonym."""


@strawberry.type
class LeaderboardMembershipPayload(Done):
    """How others see one after the change."""

    membership: LeaderboardMembership


LeaderboardMembershipResult = Annotated[
    LeaderboardMembershipPayload | Problem, strawberry.union("LeaderboardMembershipResult")
]


@strawberry.type
class LeaderboardMemberMutations:
    """What may be asked of how others see one."""

    @mutation("Agree to be seen by a pseudonym, or take another one.")
    def join_leaderboards(
        self,
        info: Info,
        input: JoinLeaderboardsInput,  # noqa: A002
    ) -> LeaderboardMembershipResult:
        """Join."""
        return attempt(info.context, input.client_mutation_id, lambda: _join(info.context, input))

    @mutation("Be seen by nobody any more.")
    def leave_leaderboards(
        self,
        info: Info,
        input: LeaveLeaderboardsInput,  # noqa: A002
    ) -> LeaderboardMembershipResult:
        """Leave."""
        return attempt(info.context, input.client_mutation_id, lambda: _leave(info.context, input))


def _join(context: Context, asked: JoinLeaderboardsInput) -> LeaderboardMembershipPayload:
    command_id = identify(context, asked)
    joining = JoinRequest(asked.pseudonym, asked.consent_version)
    appended = membership_service.join(context.caller, command_id, joining, "graphql")
    return LeaderboardMembershipPayload(
        membership=_membership(context), **done(asked, command_id, appended)
    )


def _leave(context: Context, asked: LeaveLeaderboardsInput) -> LeaderboardMembershipPayload:
    command_id = identify(context, asked)
    appended = membership_service.leave(context.caller, command_id, "graphql")
    return LeaderboardMembershipPayload(
        membership=_membership(context), **done(asked, command_id, appended)
    )


def _membership(context: Context) -> LeaderboardMembership:
    told: LeaderboardMembership = same(
        LeaderboardMembership, membership_service.membership_of(context.caller)
    )
    return told
