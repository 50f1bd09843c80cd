"""A sample trainer with a free and two paid plans, offered over REST. Repeating it changes nothing.

One is priced in dollars in Russia: only WebMoney takes them there.
"""

import json
from typing import Any, Final
from uuid import UUID, uuid5

import httpx2

TRAINER: Final = "sample-trainer"
TIMEOUT_S: Final = 30.0

IDS: Final = UUID("019f1a9c-7d10-7b52-9a31-0f6f2f1c5e77")
"""Namespace of the command ids."""

PRESCRIBE: Final = """mutation ($input: PrescribeWorkoutInput!) {
  prescribeWorkout(input: $input) { ... on Problem { code message } } }"""

PROFILE: Final[dict[str, Any]] = {
    "name": "Mara Lind",
    "description": "I coach people who want to get strong without pain, at home or in the gym.",
    "languages": ["en", "de"],
    "specialities": ["beginners", "strength"],
}


def _sets(exercise: str, sets: int, repetitions: int, rest_s: int = 60) -> dict[str, Any]:
    return {
        "exerciseId": exercise,
        "sets": sets,
        "targetRepetitions": repetitions,
        "restS": rest_s,
    }


WORKOUTS: Final[dict[str, tuple[str, list[dict[str, Any]]]]] = {
    "sample-legs": ("Legs and core", [_sets("squat", 3, 8), _sets("sit_up", 2, 10)]),
    "sample-push": ("Push", [_sets("push_up", 3, 6), _sets("lunge", 2, 8)]),
    "sample-power": ("Power", [_sets("deadlift", 4, 5, 120), _sets("bench_press", 4, 5, 120)]),
    "sample-arms": ("Arms", [_sets("biceps_curl", 3, 10), _sets("shoulder_press", 3, 8)]),
}

PLANS: Final[dict[str, dict[str, Any]]] = {
    "sample-first-steps": {
        "title": "First steps",
        "description": "Four weeks to a habit: two short sessions a week, no equipment.",
        "level": "beginner",
        "weeks": 4,
        "sessionsPerWeek": 2,
        "workouts": ["sample-legs", "sample-push"],
        "preview": "sample-legs",
    },
    "sample-strong": {
        "title": "Strong in eight weeks",
        "description": "Heavy basics with a barbell, three times a week.",
        "level": "intermediate",
        "weeks": 8,
        "sessionsPerWeek": 3,
        "workouts": ["sample-power", "sample-arms", "sample-legs"],
        "preview": "sample-power",
        "equipment": ["barbell", "bench"],
        "prices": [
            {"region": "EU", "amountMinor": 999, "currency": "EUR", "taxBasisPoints": 1900},
            {"region": "US", "amountMinor": 999, "currency": "USD"},
            {
                "region": "Russia",
                "amountMinor": 99900,
                "currency": "RUB",
                "taxBasisPoints": 2000,
            },
            {"region": "other", "amountMinor": 999, "currency": "USD"},
        ],
    },
    "sample-arms-and-core": {
        "title": "Arms and core",
        "description": "Six weeks with dumbbells, twice a week.",
        "level": "beginner",
        "weeks": 6,
        "sessionsPerWeek": 2,
        "workouts": ["sample-arms", "sample-legs"],
        "preview": "sample-arms",
        "equipment": ["dumbbells"],
        "prices": [
            {"region": "EU", "amountMinor": 599, "currency": "EUR", "taxBasisPoints": 1900},
            {"region": "Russia", "amountMinor": 599, "currency": "USD", "taxBasisPoints": 2000},
        ],
    },
}


class SignInRequiredError(Exception):
    """The API has no anonymous callers."""


DRAFTED: Final = "plan.already_drafted"


def offer_sample_plans(api: str) -> None:
    """Publish the trainer and the plans; those of an earlier version stay as they are.

    Raises SignInRequiredError and httpx2.HTTPError.
    """
    _send(api, "PUT", f"/v1/trainers/{TRAINER}", PROFILE)
    for workout, (name, exercises) in WORKOUTS.items():
        command = {"commandId": str(uuid5(IDS, workout)), "workoutId": workout}
        variables = {"input": {**command, "authorId": TRAINER, "name": name}}
        variables["input"]["exercises"] = exercises  # type: ignore[assignment]  # of the schema
        _send(api, "POST", "/graphql", {"query": PRESCRIBE, "variables": variables})
    for plan, terms in PLANS.items():
        _send(api, "POST", "/v1/plans", {**terms, "planId": plan, "trainerId": TRAINER})
        _send(api, "POST", f"/v1/plans/{plan}/publish", {})


def _send(api: str, method: str, path: str, body: dict[str, Any]) -> None:
    key = str(uuid5(IDS, f"{method} {path} {json.dumps(body)}"))
    headers = {"Idempotency-Key": key}
    answer = httpx2.request(method, f"{api}{path}", json=body, headers=headers, timeout=TIMEOUT_S)
    if answer.status_code == httpx2.codes.UNAUTHORIZED:
        raise SignInRequiredError
    if answer.status_code == httpx2.codes.CONFLICT and answer.json()["code"] == DRAFTED:
        return
    answer.raise_for_status()
