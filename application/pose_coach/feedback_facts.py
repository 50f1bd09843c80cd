"""Facts about a session of the pose coach: its own, and those of the athlete's history.

Each fact names the events that it follows from, as `{stream}@{version}`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from domain.pose_coach.pose_session import POSE_SESSION as DECIDER
from projections.pose_session import PoseSession

FactName = Literal[
    "accuracy", "accuracy_change", "best_accuracy", "best_reps", "duration", "feedback_point",
    "first_session", "reps", "sessions_this_week", "times_noted", "tip", "usual_accuracy",
]  # fmt: skip
"""Accuracies are in percent and their change in percentage points, both whole; durations are in
seconds. `usual_accuracy` is the average of the last USUAL sessions, `best_…` the maximum of all."""

USUAL: Final = 10
"""Earlier sessions of the same exercise that make up an average."""


@dataclass(frozen=True)
class Fact:
    """A value that a sentence may state, and its sources: events, or a passage of knowledge."""

    name: str
    value: int | float | str
    sources: tuple[str, ...]


Facts = Mapping[str, Fact]
"""Facts by name; those about a session of the pose coach have the names of `FactName`."""


def event_of(session: PoseSession) -> str:
    """Return the id of the event that saved a session, or merged it last."""
    return f"{DECIDER.category}-{session.id}@{session.revision}"


def gather_facts(
    session: PoseSession, earlier: Sequence[PoseSession], this_week: Sequence[PoseSession]
) -> dict[str, Fact]:
    """Return the facts about a session.

    `earlier`: sessions of the same exercise before this one, newest first. `this_week`: those of
    its week before it, of any exercise.
    """
    own = (event_of(session),)
    compared = earlier[:USUAL]
    sources = (*own, *map(event_of, compared))
    facts = [
        Fact("reps", session.reps, own),
        Fact("duration", session.duration_s, own),
        Fact("accuracy", to_percent(session.accuracy), own),
        Fact("sessions_this_week", len(this_week) + 1, (*own, *map(event_of, this_week))),
    ]
    if not compared:
        facts.append(Fact("first_session", 1, own))
    else:
        usual = to_percent(sum(each.accuracy for each in compared) / len(compared))
        form = max(earlier, key=lambda each: each.accuracy)
        most = max(earlier, key=lambda each: each.reps)
        facts += [
            Fact("usual_accuracy", usual, sources[1:]),
            Fact("accuracy_change", to_percent(session.accuracy) - usual, sources),
            Fact("best_accuracy", to_percent(form.accuracy), (event_of(form),)),
            Fact("best_reps", most.reps, (event_of(most),)),
        ]
    return {each.name: each for each in (*facts, *_noted(session, compared))}


def _noted(session: PoseSession, compared: Sequence[PoseSession]) -> list[Fact]:
    """Return the first point of feedback that earlier sessions have, too, or else the first."""
    if not session.feedback:
        return []
    times = {
        point: [each for each in compared if point in each.feedback] for point in session.feedback
    }
    point = max(session.feedback, key=lambda each: len(times[each]))
    own = event_of(session)
    facts = [Fact("feedback_point", point, (own,))]
    if times[point]:
        facts.append(Fact("times_noted", len(times[point]), tuple(map(event_of, times[point]))))
    return facts


def to_percent(ratio: float) -> int:
    """Return a ratio in whole percent."""
    return round(ratio * 100)
