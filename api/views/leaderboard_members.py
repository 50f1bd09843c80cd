"""Leaderboard membership of the signed-in user: its view, inputs and writes."""

from dataclasses import dataclass
from uuid import UUID

from pydantic import Field

from api.views.base import Body, StrictBody, write
from application.caller import Caller
from application.kernel.ports import AppendResult
from application.leaderboards import service
from application.leaderboards.membership import JoinRequest
from domain.users.identities import ConsentSource
from domain.users.pseudonyms import MAX_LENGTH, MIN_LENGTH


class Membership(Body):
    """Your pseudonym, or null if you did not join; and the text to consent to."""

    pseudonym: str | None
    consent_version: str
    consent_text: str


@dataclass(frozen=True, slots=True)
class MembershipWritten:
    """The membership after a command; the log has it up to `position`."""

    membership: Membership
    position: int
    repeated: bool


def get_membership(caller: Caller) -> Membership:
    """Return the caller's membership. Raises SignInRequired and SignInEnded."""
    return Membership.model_validate(service.membership_of(caller))


class JoinLeaderboards(StrictBody):
    """Pseudonym on leaderboards, and the version of the consent text that was read."""

    pseudonym: str = Field(
        max_length=100,
        description=f"{MIN_LENGTH} to {MAX_LENGTH} characters, without your name.",
        examples=["Quiet Otter"],
        json_schema_extra={"minLength": MIN_LENGTH, "maxLength": MAX_LENGTH},
    )
    consent_version: str = Field(max_length=40)


@write
def join_leaderboards(
    caller: Caller,
    body: JoinLeaderboards,
    command_id: UUID,
    source: ConsentSource = "graphql",
    expected_pseudonym: str | None = None,
) -> MembershipWritten:
    """Join leaderboards or change your pseudonym. Records the consent with the pseudonym."""
    request = JoinRequest(body.pseudonym, body.consent_version)
    return _written(caller, service.join(caller, command_id, request, source, expected_pseudonym))


@write
def leave_leaderboards(
    caller: Caller,
    command_id: UUID,
    source: ConsentSource = "graphql",
    expected_pseudonym: str | None = None,
) -> MembershipWritten:
    """Leave leaderboards. Withdraws the consent and drops the pseudonym."""
    return _written(caller, service.leave(caller, command_id, source, expected_pseudonym))


def _written(caller: Caller, appended: AppendResult) -> MembershipWritten:
    return MembershipWritten(get_membership(caller), appended.position, appended.repeated)
