"""Commands of supervision and of invitations to it, and their refusals."""

from datetime import datetime, timedelta
from typing import Final

from domain.ids import AthleteInvitationId, EnrollmentId, UserId
from domain.kernel import Rejected, command
from domain.values import InvalidValue

MAX_TRAINERS: Final = 20
"""Trainers who may see the training of one athlete."""

MAX_ATHLETES: Final = 500
"""Athletes whose training one trainer may see."""

INVITATION_LIFETIME: Final = timedelta(days=14)


@command
class AllowTrainer:
    """Let a trainer see the training of an athlete, or change what the trainer may do.

    `video`: they see videos. `assign`: they may assign workouts. None: unchanged,
    and False at first.

    A trainer who does not see it yet needs an enrollment in one of their plans, or an invitation.
    With `is_change`, the athlete changed a permission: one that was withdrawn at the same moment
    is not given again.
    """

    athlete_id: UserId
    trainer_id: UserId
    video: bool | None = None
    assign: bool | None = None
    enrollment_id: EnrollmentId | None = None
    invitation_id: AthleteInvitationId | None = None
    is_change: bool = False
    version: str
    at: datetime

    def __post_init__(self) -> None:
        if self.athlete_id == self.trainer_id:
            raise InvalidValue("You always see your own training.")


@command
class DisallowTrainer:
    trainer_id: UserId
    at: datetime


SupervisionCommand = AllowTrainer | DisallowTrainer


@command
class CreateAthleteInvitation:
    trainer_id: UserId
    at: datetime


@command
class AcceptAthleteInvitation:
    trainer_id: UserId
    athlete_id: UserId
    at: datetime


@command
class WithdrawAthleteInvitation:
    at: datetime


AthleteInvitationCommand = (
    CreateAthleteInvitation | AcceptAthleteInvitation | WithdrawAthleteInvitation
)


class OccasionMissing(Rejected):
    """Enroll in a plan of this trainer, or accept their invitation, before they see training."""

    code = "supervision.occasion_missing"


class TrainerNotAllowed(Rejected):
    """This trainer does not see your training."""

    code = "supervision.unknown"
    kind = "not_found"


class TooManyTrainers(Rejected):
    """At most twenty trainers can see your training. Withdraw one of them first."""

    code = "supervision.too_many"


class TooManyAthletes(Rejected):
    """A trainer can see the training of at most 500 athletes, and this one does."""

    code = "supervision.too_many_athletes"


class AthleteNotFound(Rejected):
    """There is no athlete with this id whose training you may see."""

    code = "athlete.unknown"
    kind = "not_found"


class AthleteInvitationNotFound(Rejected):
    """There is no invitation with this id."""

    code = "athlete_invitation.unknown"
    kind = "not_found"


class AthleteInvitationOver(Rejected):
    """This invitation has expired, was withdrawn, or somebody else has accepted it.

    It ends as well when the trainer is no trainer any more. Ask the trainer for a new one.
    """

    code = "athlete_invitation.over"
