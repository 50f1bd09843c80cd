"""Registry of all read models."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from domain.kernel import Projection
from projections.achievement import ACHIEVEMENT
from projections.achievement_check import ACHIEVEMENT_CHECK
from projections.athlete_day import ATHLETE_DAY
from projections.cue import CUE
from projections.exercise_performance import EXERCISE_PERFORMANCE
from projections.exercise_set import EXERCISE_SET
from projections.health_activity import HEALTH_ACTIVITY
from projections.leaderboards import LEADERBOARDS
from projections.participant import PARTICIPANT
from projections.recording_chunk import RECORDING_CHUNK
from projections.rejected_repetition import REJECTED_REPETITION
from projections.repetition import REPETITION
from projections.session_recording import SESSION_RECORDING
from projections.session_summary import SESSION_SUMMARY
from projections.user_profile import USER_PROFILE
from projections.users import USERS
from projections.workout_prescription import WORKOUT_PRESCRIPTION

PLAIN_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "session_summary": "sessions",
        "exercise_set": "sets",
        "cue": "cues",
        "user_profile": "profiles",
        "workout_prescription": "programs",
    }
)
"""Names of the views under which other programs read these read models, besides their own.

`users` and `leaderboards` are read models of these names, and `events` is the table of the log.
"""

ALL: Final[tuple[Projection[Any], ...]] = (
    SESSION_SUMMARY,
    EXERCISE_SET,
    REPETITION,
    REJECTED_REPETITION,
    CUE,
    SESSION_RECORDING,
    RECORDING_CHUNK,
    ATHLETE_DAY,
    USER_PROFILE,
    USERS,
    WORKOUT_PRESCRIPTION,
    EXERCISE_PERFORMANCE,
    HEALTH_ACTIVITY,
    ACHIEVEMENT,
    ACHIEVEMENT_CHECK,
    PARTICIPANT,
    LEADERBOARDS,
)
