"""Events of a pose session: the summary of a workout that the pose coach watched."""

from datetime import datetime

from domain.ids import UserId
from domain.kernel import event
from domain.personal import Personal


@event("pose_session.saved")
class PoseSessionSaved:
    """A workout was summed up. What was trained and said is encrypted for the athlete.

    `accuracy` is 0..1, with at most four decimals. `ended_at` is the workout's own timestamp, in
    whole milliseconds; `at` is the time of the save.
    """

    user_id: UserId
    exercise: Personal[str]
    reps: int
    accuracy: float
    ended_at: datetime
    duration_s: int
    feedback: Personal[tuple[str, ...]]
    at: datetime


@event("pose_session.merged")
class PoseSessionMerged:
    """Another device sent another result of the same moment. The session has these figures now.

    `before_*` are the figures that it had, as far as they count towards totals.
    """

    user_id: UserId
    reps: int
    accuracy: float
    duration_s: int
    feedback: Personal[tuple[str, ...]]
    before_reps: int
    before_accuracy: float
    before_duration_s: int
    at: datetime


@event("pose_session.deleted")
class PoseSessionDeleted:
    """The session left the history; its figures, as saved, leave the totals."""

    user_id: UserId
    reps: int
    accuracy: float
    duration_s: int
    at: datetime


PoseSessionEvent = PoseSessionSaved | PoseSessionMerged | PoseSessionDeleted
