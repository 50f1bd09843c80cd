"""Workouts that trainers assign to athletes."""

from typing import Any

from tests.api.people import Person, Town
from tests.api.supervising import invitation

SQUATS = {
    "exerciseId": "squat",
    "sets": 1,
    "targetRepetitions": 5,
    "restS": 90,
    "loadKg": 62.5,
    "targetRpe": 8,
    "note": "Mind the knee.",
}


def let(athlete: Person, trainer: Person, *, assign: bool | None = True, **more: Any) -> Any:
    body = {"video": False, "assign": assign, **more}
    if assign is None:
        del body["assign"]
    return athlete.ask("PUT", f"/v1/me/trainers/{trainer.id}", json=body)


def pair(town: Town) -> tuple[Person, Person]:
    """Return an athlete and a trainer who may assign workouts to them."""
    ada, trainer = town.citizen(), town.staff("trainer", "coach@example.org")
    assert let(ada, trainer, invitationId=invitation(trainer)).status_code == 200
    return ada, trainer


def workout(town: Town, **other: Any) -> dict[str, Any]:
    today = town.platform.clock().date()
    usual = {"name": "Legs", "note": "Slowly.", "exercises": [SQUATS], "dueOn": str(today)}
    return {**usual, **other}


def path(athlete: Person, key: str = "") -> str:
    return f"/v1/athletes/{athlete.id}/assignments{key and f'/{key}'}"


def assign(town: Town, trainer: Person, athlete: Person, **other: Any) -> str:
    written = trainer.post(path(athlete), json=workout(town, **other))
    assert written.status_code == 201, written.text
    return str(written.json()["assignmentId"])


def given(trainer: Person, athlete: Person) -> list[str]:
    """Return the states of what the trainer assigned."""
    return [each["state"] for each in trainer.get(path(athlete)).json()["items"]]


def start(athlete: Person, key: str, **headers: str) -> Any:
    return athlete.post(f"/v1/me/assignments/{key}/start", json={}, headers=headers)


def perform(athlete: Person, execution: dict[str, Any]) -> None:
    """Perform the only set, and complete the workout."""
    base = f"/v1/workouts/{execution['id']}"
    steps = {
        "next": {"set": 1, "loadKg": execution["next"]["loadKg"], "atMs": 1000},
        "repetitions": {"set": 1, "repetitions": 5, "atMs": 9000},
        "finish": {"set": 1, "endMs": 9500},
        "complete": {},
    }
    for step, body in steps.items():
        answer = athlete.post(f"{base}/{step}", json=body)
        assert answer.status_code < 300, (step, answer.text)
