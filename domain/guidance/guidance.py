"""Guidance decider: the preferences of a user, and items that they dismissed."""

from domain.guidance import commands, events
from domain.guidance.features import Preferences
from domain.kernel import Decider, value
from domain.personal import Erased, Personal


@value
class Guidance:
    """Stored preferences, and dismissed items as kind and id."""

    stored: Personal[Preferences] | None = None
    dismissed: frozenset[tuple[str, str]] = frozenset()

    @property
    def preferences(self) -> Preferences:
        """The preferences; those of a new user if there are none, or if they were erased."""
        if self.stored is None or isinstance(self.stored.value, Erased):
            return Preferences()
        return self.stored.value


def decide(
    command: commands.GuidanceCommand, guidance: Guidance
) -> tuple[events.GuidanceEvent, ...]:
    """Return the events of a command. Raises a refusal of `commands`."""
    match command:
        case commands.ChangePreferences(user_id=user, preferences=changed, at=at):
            if guidance.stored is not None and changed == guidance.preferences:
                return ()
            return (events.PreferencesChanged(preferences=Personal(user, changed), at=at),)
        case commands.DismissItem(kind=kind, item_id=item, at=at):
            if (kind, item) in guidance.dismissed:
                return ()
            if len(guidance.dismissed) >= commands.MAX_DISMISSED:
                raise commands.TooManyDismissed
            return (events.ItemDismissed(kind=kind, item_id=item, at=at),)
        case commands.RestoreItem(kind=kind, item_id=item, at=at):
            if (kind, item) not in guidance.dismissed:
                return ()
            return (events.ItemRestored(kind=kind, item_id=item, at=at),)


def evolve(guidance: Guidance, event: events.GuidanceEvent) -> Guidance:
    """Apply one event. History is never refused."""
    match event:
        case events.PreferencesChanged(preferences=preferences):
            return Guidance(preferences, guidance.dismissed)
        case events.ItemDismissed(kind=kind, item_id=item):
            return Guidance(guidance.stored, guidance.dismissed | {(kind, item)})
        case events.ItemRestored(kind=kind, item_id=item):
            return Guidance(guidance.stored, guidance.dismissed - {(kind, item)})


GUIDANCE = Decider[commands.GuidanceCommand, events.GuidanceEvent, Guidance](
    "guidance", initial=Guidance(), decide=decide, evolve=evolve
)
