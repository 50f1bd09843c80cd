"""Content of a session's document."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from application.pose_coach.stores import SessionRecord, to_timestamp
from domain.values import InvalidValue


def to_content(record: SessionRecord, created_at: datetime) -> dict[str, Any]:
    """Return the fields of the document of a session."""
    return {
        "sessionId": record.session_id,
        "userId": record.user_id,
        "exercise": record.exercise,
        "reps": record.reps,
        "accuracy": record.accuracy,
        "timestamp": record.timestamp,
        "duration": record.duration,
        "feedbackPoints": list(record.feedback_points),
        "createdAt": to_timestamp(created_at),
    }


def to_record(content: Mapping[str, Any]) -> SessionRecord | None:
    """Return the session of a document; None if it was changed by hand and is not one."""
    try:
        record = SessionRecord(
            session_id=content["sessionId"],
            user_id=content["userId"],
            exercise=content["exercise"],
            reps=content["reps"],
            accuracy=content["accuracy"],
            timestamp=content["timestamp"],
            duration=content["duration"],
            feedback_points=tuple(content["feedbackPoints"]),
        )
        record.digest()
    except (KeyError, TypeError, ValueError, InvalidValue):
        return None
    return record
