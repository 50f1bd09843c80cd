"""Trainer decider: the public profile of a trainer. The stream has the id of the user."""

from domain.catalog import commands, events
from domain.ids import UserId
from domain.kernel import Decider, value
from domain.personal import Personal


@value
class NoProfile:
    """The trainer has no public profile."""


@value
class Profile:
    """The current public profile."""

    name: Personal[str]
    description: Personal[str]
    languages: tuple[str, ...]
    specialities: tuple[str, ...]


Trainer = NoProfile | Profile


def decide(command: commands.TrainerCommand, trainer: Trainer) -> tuple[events.TrainerEvent, ...]:
    """Return the events of a command. Raises TrainerNotFound."""
    match command, trainer:
        case commands.ChangeTrainerProfile() as change, _:
            subject: UserId = change.trainer_id
            changed = Profile(
                name=Personal(subject, change.name),
                description=Personal(subject, change.description),
                languages=change.languages,
                specialities=change.specialities,
            )
            if trainer == changed:
                return ()
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
    del trainer
    match event:
        case events.TrainerProfileChanged():
            return Profile(event.name, event.description, event.languages, event.specialities)
        case events.TrainerProfileWithdrawn():
            return NoProfile()


TRAINER = Decider[commands.TrainerCommand, events.TrainerEvent, Trainer](
    "trainer", initial=NoProfile(), decide=decide, evolve=evolve
)
