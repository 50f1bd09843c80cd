"""Guidance decider: the preferences of a user, items that they dismissed, and want more of."""

from dataclasses import replace

from domain.guidance import commands, events
from domain.guidance.features import Preferences
from domain.kernel import Decider, value
from domain.personal import Erased, Personal


@value
class Guidance:
    """Stored preferences; dismissed items, and those they want more of, as kind and id."""

    stored: Personal[Preferences] | None = None
    dismissed: frozenset[tuple[str, str]] = frozenset()
    wanted: frozenset[tuple[str, str]] = frozenset()

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
        case commands.ChangePreferences():
            return _changed_preferences(command, guidance)
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
        case commands.WantMore(kind=kind, item_id=item, at=at):
            if (kind, item) in guidance.wanted:
                return ()
            if len(guidance.wanted) >= commands.MAX_WANTED:
                raise commands.TooManyWanted
            return (events.MoreWanted(kind=kind, item_id=item, at=at),)
        case commands.StopWantingMore(kind=kind, item_id=item, at=at):
            if (kind, item) not in guidance.wanted:
                return ()
            return (events.MoreNoLongerWanted(kind=kind, item_id=item, at=at),)


def _changed_preferences(
    command: commands.ChangePreferences, guidance: Guidance
) -> tuple[events.GuidanceEvent, ...]:
    if command.expected not in {None, guidance.preferences}:
        raise commands.GuidancePreferencesMoved
    if guidance.stored is not None and command.preferences == guidance.preferences:
        return ()
    changed = Personal(command.user_id, command.preferences)
    return (events.PreferencesChanged(preferences=changed, at=command.at),)


def evolve(guidance: Guidance, event: events.GuidanceEvent) -> Guidance:
    """Apply one event. History is never refused."""
    match event:
        case events.PreferencesChanged(preferences=preferences):
            return replace(guidance, stored=preferences)
        case events.ItemDismissed(kind=kind, item_id=item):
            key = (kind, item)
            return replace(
                guidance, dismissed=guidance.dismissed | {key}, wanted=guidance.wanted - {key}
            )
        case events.ItemRestored(kind=kind, item_id=item):
            return replace(guidance, dismissed=guidance.dismissed - {(kind, item)})
        case events.MoreWanted(kind=kind, item_id=item):
            key = (kind, item)
            return replace(
                guidance, dismissed=guidance.dismissed - {key}, wanted=guidance.wanted | {key}
            )
        case events.MoreNoLongerWanted(kind=kind, item_id=item):
            return replace(guidance, wanted=guidance.wanted - {(kind, item)})


GUIDANCE = Decider[commands.GuidanceCommand, events.GuidanceEvent, Guidance](
    "guidance", initial=Guidance(), decide=decide, evolve=evolve
)
