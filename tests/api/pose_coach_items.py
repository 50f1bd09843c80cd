"""Items of the pose coach, and requests for them."""

from typing import Any

from tests.api.people import Person, Town

SUMMARY = "/api/workout/pose-summary"
SESSIONS = "/v1/pose-coach/sessions"
TIMESTAMP = "2025-10-17T14:30:00.000Z"


def uid(person: Person) -> str:
    """Return the person's key in the pose coach."""
    return str(person.tokens["user"]["poseCoachUid"])


def summary(user_id: str, **more: Any) -> dict[str, Any]:
    return {
        "user_id": user_id,
        "exercise": "squat",
        "reps": 12,
        "accuracy": 0.87,
        "timestamp": TIMESTAMP,
        "duration": 120,
        "feedback_points": ["Knees over toes.", "Спина прямая"],
        **more,
    }


def fresh(town: Town) -> dict[str, str]:
    return {"After-Position": str(town.platform.log.head())}


def items(town: Town, person: Person, path: str = SESSIONS) -> list[Any]:
    headers = person.headers | fresh(town)
    return list(person.client.get(path, headers=headers).json()["items"])
