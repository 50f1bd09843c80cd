"""Registry of all read models."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from domain.kernel import Projection
from projections.achievement import ACHIEVEMENT
from projections.achievement_check import ACHIEVEMENT_CHECK
from projections.athlete_day import ATHLETE_DAY
from projections.athlete_invitation import ATHLETE_INVITATION
from projections.content_item import CONTENT_ITEM
from projections.content_quarantine import CONTENT_QUARANTINE
from projections.content_view import CONTENT_VIEW
from projections.coupon import COUPON
from projections.cue import CUE
from projections.enrollment import ENROLLMENT
from projections.enrollment_history import ENROLLMENT_HISTORY
from projections.exercise_performance import EXERCISE_PERFORMANCE
from projections.exercise_set import EXERCISE_SET
from projections.fault_feedback import FAULT_FEEDBACK
from projections.health_activity import HEALTH_ACTIVITY
from projections.health_goal import HEALTH_GOAL
from projections.health_integration import HEALTH_INTEGRATION
from projections.health_metric import HEALTH_METRIC
from projections.invoice import INVOICE
from projections.leaderboards import LEADERBOARDS
from projections.participant import PARTICIPANT
from projections.payment import PAYMENT
from projections.plan import PLAN
from projections.plan_workouts import PLAN_WORKOUTS
from projections.pose_session import POSE_SESSION
from projections.pose_totals import POSE_TOTALS
from projections.published_content import PUBLISHED_CONTENT
from projections.recommendation import RECOMMENDATION
from projections.recording_chunk import RECORDING_CHUNK
from projections.rejected_repetition import REJECTED_REPETITION
from projections.repetition import REPETITION
from projections.session_recording import SESSION_RECORDING
from projections.session_summary import SESSION_SUMMARY
from projections.subscription import SUBSCRIPTION
from projections.supervision import SUPERVISION
from projections.trainer import TRAINER
from projections.user_health_profile import USER_HEALTH_PROFILE
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
        "trainer": "trainers",
        "plan": "plans",
        "enrollment": "enrollments",
        "subscription": "subscriptions",
        "payment": "payments",
        "recommendation": "recommendations",
        "health_metric": "health_metrics",
        "health_integration": "health_integrations",
        "health_goal": "health_goals",
        "user_health_profile": "user_health_profiles",
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
    FAULT_FEEDBACK,
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
    TRAINER,
    PLAN,
    PLAN_WORKOUTS,
    ENROLLMENT,
    ENROLLMENT_HISTORY,
    SUBSCRIPTION,
    PAYMENT,
    INVOICE,
    COUPON,
    CONTENT_ITEM,
    CONTENT_QUARANTINE,
    PUBLISHED_CONTENT,
    CONTENT_VIEW,
    RECOMMENDATION,
    SUPERVISION,
    ATHLETE_INVITATION,
    POSE_SESSION,
    POSE_TOTALS,
    HEALTH_METRIC,
    HEALTH_INTEGRATION,
    HEALTH_GOAL,
    USER_HEALTH_PROFILE,
)
