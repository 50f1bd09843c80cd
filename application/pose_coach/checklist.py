"""The checklist of the pose coach: its fourteen points, in the words of its clients' developers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from application.pose_coach.feedback_texts import LANGUAGES, feedback_text
from application.pose_coach.stores import document_path

Json = Mapping[str, Any]

Side = Literal["front end", "back end", "consistency"]

POINTS: Final[Mapping[str, tuple[Side, str]]] = {
    "uid": ("front end", "UID read from auth"),
    "document": ("front end", "Session saved to the document store"),
    "path": ("front end", "Document at the right path"),
    "user_id": ("front end", "Backend gets the right user_id"),
    "both_saves": ("front end", "Both saves without errors"),
    "dialog": ("front end", "User sees the summary dialog"),
    "row": ("back end", "Session inserted"),
    "foreign_key": ("back end", "Foreign key works"),
    "profile": ("back end", "Profile exists before insert"),
    "feedback": ("back end", "AI feedback generated"),
    "response": ("back end", "Response reaches the app"),
    "same_user_id": ("consistency", "Same user_id"),
    "same_timestamp": ("consistency", "Same timestamp format"),
    "equal_data": ("consistency", "Equal session data and no orphans"),
}
"""Side and wording of each point, by its name."""

MESSAGE: Final = "Workout session saved successfully"

COMPARED: Final = ("exercise", "reps", "accuracy", "duration", "feedbackPoints")


@dataclass(frozen=True)
class Observed:
    """Answers of the API about one session that a client saved, as JSON.

    `refused_status` is the status of the same summary under another key. `session` is the session
    in the history, `copies` the contents of the stores by name, with None for a missing one.
    """

    uid: str | None
    summary: Mapping[str, Any]
    refused_status: int
    response: Mapping[str, Any]
    session: Mapping[str, Any] | None
    copies: Mapping[str, Mapping[str, Any] | None]
    document_path: str | None


@dataclass(frozen=True)
class CheckedPoint:
    """A point, and whether it holds."""

    name: str
    side: Side
    wording: str
    passed: bool


def check(observed: Observed) -> Sequence[CheckedPoint]:
    """Return all points, in the order of the checklist."""
    passed = _passed(observed)
    return [
        CheckedPoint(name, side, wording, passed[name]) for name, (side, wording) in POINTS.items()
    ]


def _passed(seen: Observed) -> Mapping[str, bool]:
    session: Json = seen.session or {}
    document: Json = seen.copies.get("document") or {}
    row: Json = seen.copies.get("analytics") or {}
    sinks: Json = session.get("sinks") or {}
    feedback = seen.response.get("motivational_feedback")
    generic = {feedback_text("generic", each, {}) for each in LANGUAGES}
    is_answered = seen.response.get("success") is True and seen.response.get("message") == MESSAGE
    path = document_path(seen.uid or "", str(session.get("sessionId")))
    copies = (document, row)
    forbidden = 403
    return {
        "uid": bool(seen.uid),
        "document": bool(document),
        "path": bool(document) and seen.document_path == path,
        "user_id": session.get("userId") == seen.uid and seen.refused_status == forbidden,
        "both_saves": {sinks.get("document"), sinks.get("analytics")} == {"saved"},
        "dialog": is_answered and bool(feedback) and bool(session),
        "row": bool(row),
        # A row is refused without the profile that its foreign key names, so a row shows both.
        "foreign_key": bool(row) and row.get("userId") == seen.uid,
        "profile": bool(row) and sinks.get("analytics") == "saved",
        "feedback": bool(feedback) and feedback not in generic,
        "response": is_answered,
        "same_user_id": all(each.get("userId") == seen.uid for each in copies),
        "same_timestamp": all(
            each.get("timestamp") == seen.summary["timestamp"] for each in copies
        ),
        "equal_data": all(
            each.get(name) == session.get(name) for each in copies for name in COMPARED if session
        )
        and all((*copies, session)),
    }
