"""Events of supervision: an athlete lets trainers see their training; and of invitations to it.

The stream of a supervision has the id of the athlete.
"""

from datetime import datetime

from domain.ids import AthleteInvitationId, EnrollmentId, UserId
from domain.kernel import event


@event("supervision.allowed", version=2)
class SupervisionAllowed:
    """The athlete lets a trainer see their training, with videos or without.

    With `assign`, the trainer may also assign workouts to them, which version 1 did not ask.

    An enrollment in a plan of the trainer, or an invitation by them, is the occasion; None for a
    change of what a trainer sees already. `version` is that of the text that was agreed to.
    """

    athlete_id: UserId
    trainer_id: UserId
    video: bool
    assign: bool
    enrollment_id: EnrollmentId | None
    invitation_id: AthleteInvitationId | None
    version: str
    at: datetime


@event("supervision.withdrawn")
class SupervisionWithdrawn:
    trainer_id: UserId
    at: datetime


SupervisionEvent = SupervisionAllowed | SupervisionWithdrawn


@event("athlete_invitation.created")
class AthleteInvitationCreated:
    """A trainer asks to see the training of the first athlete who accepts; its id is in a link."""

    trainer_id: UserId
    expires_at: datetime
    at: datetime


@event("athlete_invitation.accepted")
class AthleteInvitationAccepted:
    athlete_id: UserId
    at: datetime


@event("athlete_invitation.withdrawn")
class AthleteInvitationWithdrawn:
    at: datetime


AthleteInvitationEvent = (
    AthleteInvitationCreated | AthleteInvitationAccepted | AthleteInvitationWithdrawn
)
