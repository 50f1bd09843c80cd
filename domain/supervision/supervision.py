"""Supervision decider: the trainers who may see the training of one athlete, or assign workouts."""

from domain.ids import UserId
from domain.kernel import Decider, value
from domain.supervision import commands, events


@value
class Permission:
    """What a trainer may do: see the training of the athlete, and with `video` its videos.

    With `assign` they may assign workouts to the athlete.
    """

    trainer_id: UserId
    video: bool
    assign: bool = False


@value
class Supervision:
    """Current permissions, in the order in which they were given."""

    permissions: tuple[Permission, ...] = ()

    def find(self, trainer_id: UserId) -> Permission | None:
        """Return the permission of a trainer, or None."""
        return next((each for each in self.permissions if each.trainer_id == trainer_id), None)

    def others(self, trainer_id: UserId) -> tuple[Permission, ...]:
        """Return the permissions of all other trainers."""
        return tuple(each for each in self.permissions if each.trainer_id != trainer_id)


def decide(
    command: commands.SupervisionCommand, supervision: Supervision
) -> tuple[events.SupervisionEvent, ...]:
    """Return the events of a command. Raises a refusal of `commands`."""
    current = supervision.find(command.trainer_id)
    match command:
        case commands.DisallowTrainer(trainer_id=trainer, at=at):
            if current is None:
                raise commands.TrainerNotAllowed
            return (events.SupervisionWithdrawn(trainer_id=trainer, at=at),)
        case commands.AllowTrainer():
            if current is None and command.is_change:
                raise commands.TrainerNotAllowed
            if current is None and command.enrollment_id is None and command.invitation_id is None:
                raise commands.OccasionMissing
            if current is None and len(supervision.permissions) >= commands.MAX_TRAINERS:
                raise commands.TooManyTrainers
            before = current or Permission(command.trainer_id, video=False, assign=False)
            video = before.video if command.video is None else command.video
            assign = before.assign if command.assign is None else command.assign
            wanted = Permission(command.trainer_id, video, assign)
            if current == wanted:
                return ()
            return (
                events.SupervisionAllowed(
                    athlete_id=command.athlete_id,
                    trainer_id=command.trainer_id,
                    video=video,
                    assign=assign,
                    enrollment_id=command.enrollment_id,
                    invitation_id=command.invitation_id,
                    version=command.version,
                    at=command.at,
                ),
            )


def evolve(supervision: Supervision, event: events.SupervisionEvent) -> Supervision:
    """Apply one event. History is never refused."""
    match event:
        case events.SupervisionAllowed(trainer_id=trainer, video=video, assign=assign):
            return Supervision((*supervision.others(trainer), Permission(trainer, video, assign)))
        case events.SupervisionWithdrawn(trainer_id=trainer):
            return Supervision(supervision.others(trainer))


SUPERVISION = Decider[commands.SupervisionCommand, events.SupervisionEvent, Supervision](
    "supervision", initial=Supervision(), decide=decide, evolve=evolve
)
