"""Programs, and requests about them."""

from typing import Any
from uuid import uuid4

from tests.api.people import Person

SQUAT = {
    "exerciseId": "squat",
    "sets": 1,
    "repetitions": 5,
    "loadKg": 60,
    "restS": 90,
    "targetRpe": 8,
}
WEEKS = [{"days": [{"exercises": [SQUAT]}] * 3}]
OWN = {"name": "Squats", "goal": "strength", "weeks": WEEKS, "rule": {"kind": "linear"}}


def create(athlete: Person, **other: Any) -> str:
    written = athlete.post("/v1/programs", json={**OWN, **other})
    assert written.status_code == 201, written.text
    return str(written.json()["programId"])


def program(athlete: Person, key: str) -> Any:
    return athlete.get(f"/v1/programs/{key}").json()


def loads(shown: Any) -> list[float]:
    return [day["exercises"][0]["loadKg"] for week in shown["weeks"] for day in week["days"]]


def perform(
    athlete: Person, key: str, *, repetitions: int = 5, day: int | None = None
) -> dict[str, str]:
    """Perform a day, the next by default; return its session and the headers of its completion."""
    started = athlete.post(f"/v1/programs/{key}/start", json={"day": day})
    assert started.status_code == 201, started.text
    session, line = started.json()["id"], started.json()["next"]
    base = f"/v1/workouts/{session}"
    for step, body in (
        ("next", {"set": 1, "loadKg": line["loadKg"], "atMs": 1000}),
        ("repetitions", {"set": 1, "repetitions": repetitions, "atMs": 9000}),
        ("finish", {"set": 1, "endMs": 9500}),
    ):
        answer = athlete.post(f"{base}/{step}", json=body)
        assert answer.status_code < 300, (step, answer.text)
    headers = {"Idempotency-Key": str(uuid4())}
    answer = athlete.post(f"{base}/complete", json={}, headers=headers)
    assert answer.status_code < 300, answer.text
    return {"session": session, **headers}
