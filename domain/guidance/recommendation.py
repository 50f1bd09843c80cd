"""Recommendation decider: one list of recommendations, what the user saw of it and opened."""

from dataclasses import replace

from domain.guidance import commands, events
from domain.ids import UserId
from domain.kernel import Decider, value
from domain.personal import Personal


@value
class RecommendationList:
    """A list. `user_id` is None before it was generated; `viewed` counts items that were seen."""

    user_id: UserId | None = None
    items: tuple[events.RecommendedItem, ...] = ()
    viewed: int = 0
    clicked: frozenset[tuple[str, str]] = frozenset()


def decide(
    command: commands.RecommendationCommand, recommended: RecommendationList
) -> tuple[events.RecommendationEvent, ...]:
    """Return the events of a command. Raises RecommendationNotFound."""
    if isinstance(command, commands.Generate):
        if recommended.user_id is not None:
            return ()  # idempotent
        generated = events.RecommendationGenerated(
            user_id=command.user_id,
            context=command.context,
            model=command.model,
            items=command.items,
            reasons=Personal(command.user_id, command.reasons),
            at=command.at,
        )
        return (generated,)
    if recommended.user_id is None or recommended.user_id != command.user_id:
        raise commands.RecommendationNotFound
    match command:
        case commands.NoteViewed(count=count, at=at):
            count = min(count, len(recommended.items))
            if count <= recommended.viewed:
                return ()
            return (events.RecommendationViewed(count=count, at=at),)
        case commands.NoteClicked(kind=kind, item_id=item, at=at):
            places = [(each.kind, each.item_id) for each in recommended.items]
            if (kind, item) not in places:
                raise commands.RecommendationNotFound
            if (kind, item) in recommended.clicked:
                return ()
            place = places.index((kind, item)) + 1
            clicked = events.RecommendationClicked(kind=kind, item_id=item, place=place, at=at)
            return (clicked,)


def evolve(
    recommended: RecommendationList, event: events.RecommendationEvent
) -> RecommendationList:
    """Apply one event. History is never refused."""
    match event:
        case events.RecommendationGenerated(user_id=user, items=items):
            return RecommendationList(user, items)
        case events.RecommendationViewed(count=count):
            return replace(recommended, viewed=count)
        case events.RecommendationClicked(kind=kind, item_id=item):
            return replace(recommended, clicked=recommended.clicked | {(kind, item)})


RECOMMENDATION = Decider[
    commands.RecommendationCommand, events.RecommendationEvent, RecommendationList
]("recommendation", initial=RecommendationList(), decide=decide, evolve=evolve)
