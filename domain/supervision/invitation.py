"""Decider of an invitation of a trainer, which one athlete accepts."""

from dataclasses import replace
from datetime import datetime

from domain.ids import UserId
from domain.kernel import Decider, value
from domain.supervision import commands, events


@value
class NotInvited:
    """No invitation exists with this id."""


@value
class Invited:
    """An invitation. It is open until somebody accepts it, it expires, or it is withdrawn."""

    trainer_id: UserId
    expires_at: datetime
    accepted_by: UserId | None = None
    withdrawn: bool = False


AthleteInvitation = NotInvited | Invited


def decide(
    command: commands.AthleteInvitationCommand, invitation: AthleteInvitation
) -> tuple[events.AthleteInvitationEvent, ...]:
    """Return the events of a command. Raises a refusal of `commands`."""
    if isinstance(command, commands.CreateAthleteInvitation):
        return _create(command) if isinstance(invitation, NotInvited) else ()
    if isinstance(invitation, NotInvited):
        raise commands.AthleteInvitationNotFound
    match command:
        case commands.AcceptAthleteInvitation():
            return _accept(command, invitation)
        case commands.WithdrawAthleteInvitation(at=at):
            if invitation.withdrawn or invitation.accepted_by is not None:
                return ()
            return (events.AthleteInvitationWithdrawn(at=at),)


def _create(command: commands.CreateAthleteInvitation) -> tuple[events.AthleteInvitationEvent, ...]:
    expires_at = command.at + commands.INVITATION_LIFETIME
    return (
        events.AthleteInvitationCreated(
            trainer_id=command.trainer_id, expires_at=expires_at, at=command.at
        ),
    )


def _accept(
    command: commands.AcceptAthleteInvitation, invitation: Invited
) -> tuple[events.AthleteInvitationEvent, ...]:
    if command.trainer_id != invitation.trainer_id:
        raise commands.AthleteInvitationNotFound
    is_open = not invitation.withdrawn and command.at < invitation.expires_at
    if not is_open or invitation.accepted_by is not None:
        raise commands.AthleteInvitationOver
    return (events.AthleteInvitationAccepted(athlete_id=command.athlete_id, at=command.at),)


def evolve(
    invitation: AthleteInvitation, event: events.AthleteInvitationEvent
) -> AthleteInvitation:
    """Apply one event. History is never refused."""
    match event, invitation:
        case events.AthleteInvitationCreated(trainer_id=trainer, expires_at=expires_at), _:
            return Invited(trainer, expires_at)
        case _, NotInvited():
            return invitation
        case events.AthleteInvitationAccepted(athlete_id=athlete), Invited():
            return replace(invitation, accepted_by=athlete)
        case events.AthleteInvitationWithdrawn(), Invited():
            return replace(invitation, withdrawn=True)


ATHLETE_INVITATION = Decider[
    commands.AthleteInvitationCommand, events.AthleteInvitationEvent, AthleteInvitation
]("athlete_invitation", initial=NotInvited(), decide=decide, evolve=evolve)
