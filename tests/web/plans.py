"""Plans of a trainer, offered over REST, for the tests of pages."""

from datetime import datetime
from typing import Any, Final
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx2

from tests.web.player import PRESCRIBE
from tests.web.server import PlatformServer

TRAINER: Final = "coach"

PRICES: Final = (
    {"region": "EU", "amountMinor": 1999, "currency": "EUR", "taxBasisPoints": 1900},
    {"region": "US", "amountMinor": 2100, "currency": "USD"},
)

SQUATS: Final = ({"exerciseId": "squat", "sets": 2, "targetRepetitions": 8, "restS": 60},)
CORE: Final = (
    {
        "exerciseId": "plank",
        "sets": 3,
        "targetHoldS": 30,
        "restS": 45,
        "targetRpe": 7.5,
        "note": "Breathe calmly.\nStop when it hurts.",
    },
)


def call(server: PlatformServer, method: str, path: str, **body: Any) -> Any:
    """Call a server on which nobody needs to sign in."""
    answer = httpx2.request(method, f"{server.url}{path}", json=body, timeout=60)
    assert answer.is_success, answer.text
    return answer.json()


def prescribe(
    server: PlatformServer,
    name: str,
    exercises: tuple[dict[str, Any], ...],
    author: str = TRAINER,
) -> str:
    """Write a workout; return its id."""
    command = {"commandId": str(uuid4()), "name": name, "authorId": author}
    variables = {"input": {**command, "exercises": exercises}}
    answer = call(server, "POST", "/graphql", query=PRESCRIBE, variables=variables)
    return str(answer["data"]["prescribeWorkout"]["workout"]["workoutId"])


def introduce(server: PlatformServer, name: str = "Mara Lind", trainer: str = TRAINER) -> None:
    """Publish the profile of a trainer."""
    call(
        server,
        "PUT",
        f"/v1/trainers/{trainer}",
        name=name,
        description="I coach beginners who want to lift without pain.",
        languages=["en", "de"],
        specialities=["strength", "mobility"],
    )


def offer(server: PlatformServer, title: str, workouts: list[str], **more: Any) -> str:
    """Publish a plan; return its id."""
    terms = {
        "trainerId": TRAINER,
        "title": title,
        "description": "Three calm sessions a week.",
        "level": "beginner",
        "weeks": 4,
        "sessionsPerWeek": 3,
        "workouts": workouts,
        "preview": workouts[0],
        **more,
    }
    plan_id = str(call(server, "POST", "/v1/plans", **terms)["planId"])
    call(server, "POST", f"/v1/plans/{plan_id}/publish")
    return plan_id


def stock(server: PlatformServer, title: str = "First steps") -> tuple[str, str]:
    """Offer a free and a paid plan of one trainer; return their ids."""
    introduce(server)
    legs, core = prescribe(server, "Legs", SQUATS), prescribe(server, "Core", CORE)
    heavy = prescribe(server, "Heavy legs", SQUATS)
    free = offer(server, title, [legs, core])
    paid = offer(
        server,
        "Strong in eight weeks",
        [core, heavy],
        weeks=8,
        level="intermediate",
        equipment=["barbell", "bench"],
        prices=PRICES,
    )
    return free, paid


def date_of(iso: str) -> str:
    """Return a day as the browsers of the tests show it, without its year."""
    at = datetime.fromisoformat(iso).astimezone(ZoneInfo("Europe/Berlin"))
    return f"{at.day} {at:%b}".replace("Sep", "Sept")
