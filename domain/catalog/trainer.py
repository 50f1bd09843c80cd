"""Trainer decider: the public profile of a trainer. The stream has the id of the user."""

from domain.catalog import commands, events
from domain.ids import UserId
from domain.kernel import Decider, value
from domain.personal import Personal


@value
class NoProfile:
    """The trainer has no public profile."""

    revision: int = 0


@value
class Profile:
    """The current public profile. `revision` counts its changes since it was published."""

    name: Personal[str]
    description: Personal[str]
    languages: tuple[str, ...]
    specialities: tuple[str, ...]
    revision: int = 1


Trainer = NoProfile | Profile


def decide(command: commands.TrainerCommand, trainer: Trainer) -> tuple[events.TrainerEvent, ...]:
    """Return the events of a command. Raises TrainerNotFound or ProfileChanged."""
    match command, trainer:
        case commands.ChangeTrainerProfile() as change, _:
            subject: UserId = change.trainer_id
            changed = Profile(
                name=Personal(subject, change.name),
                description=Personal(subject, change.description),
                languages=change.languages,
                specialities=change.specialities,
                revision=trainer.revision,
            )
            if trainer == changed:
                return ()
            if change.revision not in {None, trainer.revision}:
                raise commands.ProfileChanged
            return (
                events.TrainerProfileChanged(
                    name=changed.name,
                    description=changed.description,
                    languages=changed.languages,
                    specialities=changed.specialities,
                    at=change.at,
                ),
            )
        case commands.WithdrawTrainerProfile(), NoProfile():
            raise commands.TrainerNotFound
        case commands.WithdrawTrainerProfile(at=at), Profile():
            return (events.TrainerProfileWithdrawn(at=at),)


def evolve(trainer: Trainer, event: events.TrainerEvent) -> Trainer:
    """Apply one event."""
    match event:
        case events.TrainerProfileChanged():
            return Profile(
                event.name,
                event.description,
                event.languages,
                event.specialities,
                trainer.revision + 1,
            )
        case events.TrainerProfileWithdrawn():
            return NoProfile()


TRAINER = Decider[commands.TrainerCommand, events.TrainerEvent, Trainer](
    "trainer", initial=NoProfile(), decide=decide, evolve=evolve
)
