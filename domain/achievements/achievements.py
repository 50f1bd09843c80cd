"""Achievements decider. An achievement that was earned is never taken away.

It stays even if its session is deleted or corrected later, so athletes can edit their sessions
without losing anything. Each badge and each tier is earned once, no matter how often or in which
order sessions are checked.
"""

from domain.achievements import commands, events
from domain.achievements.definitions import Tier
from domain.achievements.training_stats import Earned, earned
from domain.ids import SessionId
from domain.kernel import Decider, value

Key = tuple[str, Tier | None]
"""A badge by its name, or a tier by its family's."""


@value
class Achievements:
    """State: earned badges and tiers, and the sessions already checked."""

    earned: frozenset[Key] = frozenset()
    checked: frozenset[SessionId] = frozenset()


def decide(
    command: commands.AchievementCommand, state: Achievements
) -> tuple[events.AchievementEvent, ...]:
    """Return newly earned achievements, and the sessions that were checked for them."""
    new = (each for each in earned(command.trainings) if each.rule.key not in state.earned)
    already_checked = state.checked - command.restored
    checked = (each for each in command.sessions if each not in already_checked)
    return (
        *(_to_event(each) for each in new),
        *(events.SessionChecked(session_id=each, at=command.at) for each in checked),
    )


def _to_event(earned_rule: Earned) -> events.BadgeEarned | events.TrophyUnlocked:
    rule, training = earned_rule.rule, earned_rule.training
    if rule.tier is None:
        return events.BadgeEarned(
            badge=rule.name,
            measure=rule.measure,
            least=rule.least,
            figure=earned_rule.figure,
            session_id=training.session_id,
            at=training.at,
        )
    return events.TrophyUnlocked(
        family=rule.name,
        tier=rule.tier,
        measure=rule.measure,
        least=rule.least,
        figure=earned_rule.figure,
        session_id=training.session_id,
        at=training.at,
    )


def evolve(state: Achievements, event: events.AchievementEvent) -> Achievements:
    """Apply one event."""
    match event:
        case events.BadgeEarned(badge=name):
            return _with(state, (name, None))
        case events.TrophyUnlocked(family=name, tier=tier):
            return _with(state, (name, tier))
        case events.SessionChecked(session_id=session):
            return Achievements(state.earned, state.checked | {session})


def _with(state: Achievements, key: Key) -> Achievements:
    return Achievements(state.earned | {key}, state.checked)


ACHIEVEMENTS = Decider[commands.AchievementCommand, events.AchievementEvent, Achievements](
    "achievements", initial=Achievements(), decide=decide, evolve=evolve
)
