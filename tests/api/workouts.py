"""A prescription to perform, and somebody who performs it by the doors."""

from typing import Any

from tests.api.house import AT, House

START = AT.isoformat()
LINES = """[
  {exerciseId: "squat", sets: 2, targetRepetitions: 8, restS: 90},
  {exerciseId: "plank", sets: 1, targetHoldS: 30, restS: 45}
]"""


def prescribe(house: House, name: str = "Legs", workout_id: str = "legs") -> str:
    document = f"""mutation {{ prescribeWorkout(input: {{
      workoutId: "{workout_id}", authorId: "coach", name: "{name}", exercises: {LINES}
    }}) {{ ... on WorkoutPayload {{ workout {{ workoutId }} }} ... on Problem {{ code }} }} }}"""
    told = house.ask(document)
    return str(told["prescribeWorkout"]["workout"]["workoutId"])


class Gym:
    """One execution."""

    def __init__(self, house: House, execution: str = "e1") -> None:
        self.house = house
        self.id = execution

    def ask(self, door: str, status: int = 200, /, **asked: Any) -> Any:
        answer = self.answer(door, **asked)
        assert answer.status_code == status, answer.text
        return answer.json()

    def answer(self, door: str, /, **asked: Any) -> Any:
        key = asked.pop("key", None)
        headers = {} if key is None else {"Idempotency-Key": key}
        path = f"/v1/workouts/{self.id}{door}"
        return self.house.client.post(path, json=asked, headers=headers)

    def refused(self, door: str, /, **asked: Any) -> tuple[int, str]:
        answer = self.answer(door, **asked)
        return answer.status_code, answer.json()["code"]

    def start(self, workout: str = "legs", athlete: str = "ada") -> Any:
        answer = self.house.client.post(
            "/v1/workouts",
            json={
                "workoutId": workout, "sessionId": self.id, "athleteId": athlete, "at": START,
                "timeZone": "Europe/Berlin",
            },
        )  # fmt: skip
        assert answer.status_code == 201, answer.text
        return answer.json()

    def told(self) -> Any:
        answer = self.house.client.get(f"/v1/workouts/{self.id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def perform(self) -> None:
        """Do all that is prescribed: 8 and 7 squats, and a plank of half a minute."""
        self.start()
        self.ask("/next", 201, atMs=1000, loadKg=20.0)
        self.ask("/repetitions", set=1, repetitions=8, atMs=40_000)
        self.ask("/finish", set=1, endMs=41_000)
        self.ask("/rest", atMs=41_500)
        self.ask("/next", 201, atMs=120_000, loadKg=22.5)
        self.ask("/repetitions", set=2, repetitions=8, atMs=160_000)
        self.ask("/undo", set=2)
        self.ask("/finish", set=2, endMs=161_000)
        self.ask("/next", 201, atMs=200_000)
        self.ask("/duration", set=3, durationMs=30_000, atMs=231_000)
        self.ask("/finish", set=3, endMs=231_000)

    def complete(self, **more: Any) -> Any:
        return self.ask("/complete", at="2030-01-31T07:34:00Z", **more)
