"""A user: a person with an account, who trains as an athlete."""

from domain.kernel import Decider, value
from domain.users import commands, events


@value
class Unregistered:
    """Nobody is known under this id."""


@value
class Registered:
    """The account exists, with the preferences that its sessions begin with."""

    time_zone: str
    locale: str


User = Unregistered | Registered


def decide(command: commands.UserCommand, user: User) -> tuple[events.UserEvent, ...]:
    """Say what happens when this is asked of a user in this state."""
    match command, user:
        case commands.RegisterUser(), Unregistered():
            return (
                events.UserCreated(
                    time_zone=command.time_zone, locale=command.locale, at=command.at
                ),
            )
        case commands.RegisterUser(), _:
            raise commands.UserAlreadyRegistered
        case commands.ChangeProfile(), Unregistered():
            raise commands.UserUnknown
        case commands.ChangeProfile(time_zone=zone, locale=tag), Registered() as known:
            if known == Registered(zone, tag):
                return ()
            return (events.ProfileChanged(time_zone=zone, locale=tag),)


def evolve(user: User, event: events.UserEvent) -> User:
    """Say what this fact changes. History is never refused."""
    match event, user:
        case events.UserCreated(time_zone=zone, locale=tag), _:
            return Registered(zone, tag)
        case events.ProfileChanged(), Unregistered():
            return user
        case events.ProfileChanged(time_zone=zone, locale=tag), _:
            return Registered(zone, tag)


USER = Decider[commands.UserCommand, events.UserEvent, User](
    "user", initial=Unregistered(), decide=decide, evolve=evolve
)
