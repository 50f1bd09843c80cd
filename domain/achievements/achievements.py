"""What an athlete has earned. An achievement once earned stays, whatever comes after.

It stays also where its session is deleted later, or counts less after a correction: it says what
was true then, and nobody is to fear looking after their sessions. So each badge and each tier is
earned once, however often and in whatever order sessions are checked.
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
    """The badges and tiers that somebody has, and the sessions that were checked."""

    earned: frozenset[Key] = frozenset()
    checked: frozenset[SessionId] = frozenset()


def decide(
    command: commands.AchievementCommand, known: Achievements
) -> tuple[events.AchievementEvent, ...]:
    """Tell what is earned that was not yet, and which sessions are checked now."""
    new = (each for each in earned(command.trainings) if each.rule.key not in known.earned)
    checked = (each for each in command.sessions if each not in known.checked)
    return (
        *(_fact(each) for each in new),
        *(events.SessionChecked(session_id=each, at=command.at) for each in checked),
    )


def _fact(won: Earned) -> events.BadgeEarned | events.TrophyUnlocked:
    rule, training = won.rule, won.training
    if rule.tier is None:
        return events.BadgeEarned(
            badge=rule.name,
            measure=rule.measure,
            least=rule.least,
            figure=won.figure,
            session_id=training.session_id,
            at=training.at,
        )
    return events.TrophyUnlocked(
        family=rule.name,
        tier=rule.tier,
        measure=rule.measure,
        least=rule.least,
        figure=won.figure,
        session_id=training.session_id,
        at=training.at,
    )


def evolve(known: Achievements, event: events.AchievementEvent) -> Achievements:
    """Add one fact."""
    match event:
        case events.BadgeEarned(badge=name):
            return _with(known, (name, None))
        case events.TrophyUnlocked(family=name, tier=tier):
            return _with(known, (name, tier))
        case events.SessionChecked(session_id=session):
            return Achievements(known.earned, known.checked | {session})


def _with(known: Achievements, key: Key) -> Achievements:
    return Achievements(known.earned | {key}, known.checked)


ACHIEVEMENTS = Decider[commands.AchievementCommand, events.AchievementEvent, Achievements](
    "achievements", initial=Achievements(), decide=decide, evolve=evolve
)
