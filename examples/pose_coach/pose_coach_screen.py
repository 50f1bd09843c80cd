"""Pose coach screen: stops a workout, and shows the summary once both stores have it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from examples.pose_coach.api_service import ApiService, Workout

LOOKS: Final = 50
PAUSE_S: Final = 0.2

TRIED: Final = frozenset({"saved", "retrying", "waiting", "failed"})
"""States of a session in a store that has tried to save it at least once."""


@dataclass(frozen=True)
class SummaryDialog:
    """What the user sees after a workout. `sinks` is the state in each store.

    A session that a store does not have yet is safe all the same: the store catches up.
    """

    session_id: str
    feedback: str
    sinks: Mapping[str, str]

    @property
    def is_saved_everywhere(self) -> bool:
        """Whether both stores have the session."""
        return {*self.sinks.values()} == {"saved"}


def stop_workout(
    api: ApiService, workout: Workout, pause: Callable[[float], None]
) -> SummaryDialog | None:
    """Save a workout, and wait for both stores, up to ten seconds.

    Returns None if the history does not show the session in that time.
    """
    feedback = api.send_workout_summary(workout)
    session: Mapping[str, Any] | None = None
    for _ in range(LOOKS):
        found = api.get_user_workout_sessions()
        session = next((each for each in found if each["timestamp"] == workout.timestamp), None)
        if session is not None and {*session["sinks"].values()} <= TRIED:
            break
        pause(PAUSE_S)
    if session is None:
        return None
    return SummaryDialog(str(session["sessionId"]), feedback, session["sinks"])
